import { kernel } from './bootstrap-mount.ts'
import type { Desktop } from './desktop.ts'
import { compileRun, dnfInstall } from './noise.ts'
import type { Random } from './random.ts'
import { complain, info, part, type Step, say } from './step.ts'

const INSTALL =
  'dnf install -y chrony cpp dejavu-fonts-common glibc-devel hwloc-devel libxcb openldap-clients'
const MIRROR = 'https://mirrors.rockylinux.org/mirrorlist?arch=x86_64&repo=AppStream-9'

/** 02_setup.sh of 25.3 and later, up to its reboot. */
export function setup(desktop: Desktop, values: Random): Step[] {
  const file = `${desktop.folder}/02_setup.log`
  const build = compileRun(values, 40)
  return [
    ...begin(file),
    say(3_000, file, [...dnfInstall(values, 9), info('Command successful after: 1/10 attempts')]),
    say(500, file, [info('End: Install/Update Required Linux Packages'), info('Begin: Install jq')]),
    say(600, file, scratch()),
    say(600, file, [
      info('Installing SOCA Python'),
      info(
        `Local SOCA_PYTHON /opt/${desktop.cluster.product}/${desktop.cluster.id}/python/3.13.1 not found, installing it`,
      ),
      info('TMPDIR not set, checking if /tmp is mounted with noexec flag'),
      info('/tmp does NOT have the noexec flag, ok to proceed'),
    ]),
    say(4_000, file, build.slice(0, 20)),
    say(4_000, file, [
      ...build.slice(20),
      info('SOCA_PYTHON installed successfully, updating dynamic linker cache'),
      info('Python and relevant dependency installed'),
    ]),
    say(1_000, file, [info('Disable SELinux RedHat based distributions'), info('Disable Firewalld')]),
    ...directory(desktop, file, values),
    ...closing(desktop, file),
  ]
}

/** 02_setup.sh where the package repositories cannot be reached: ten attempts, then the end. */
export function setupWithoutPackages(desktop: Desktop, values: Random): Step[] {
  const file = `${desktop.folder}/02_setup.log`
  const attempt = (number: number): Step[] => [
    ...(number === 1 ? [] : [say(12_000, file, [info(`Attempt ${number}/10)`)])]),
    say(values.int(2_500, 4_000), file, [
      "Errors during downloading metadata for repository 'appstream':",
      `  - Curl error (28): Timeout was reached for ${MIRROR} [Connection timed out after 30001 milliseconds]`,
      `Error: Failed to download metadata for repo 'appstream': Cannot prepare internal mirrorlist: Curl error (28): Timeout was reached for ${MIRROR} [Connection timed out after 30001 milliseconds]`,
    ]),
    complain(0, file, 'ERROR', `${INSTALL} failed on Attempt ${number}/10. Will try again in 60 seconds`),
  ]
  return [
    ...begin(file),
    ...Array.from({ length: 10 }, (_, at) => attempt(at + 1)).flat(),
    complain(12_000, file, 'FATAL', `${INSTALL} failed after all attempts, exiting ..`),
  ]
}

function begin(file: string): Step[] {
  return [
    say(1_500, file, [
      info('Setup Start Date: {{date}}'),
      info(`Running Kernel ${kernel()}`),
      info('# Begin: Install/Update Required Linux Packages'),
      info(`Attempting to run ${INSTALL}`),
      info('Attempt 1/10)'),
    ]),
  ]
}

function scratch(): string[] {
  return [
    info('Begin: Configure Scratch Partition'),
    info('Scratch (if specified) will be mounted as /scratch'),
    info('Creating Scratch mount point ...'),
    info('ScratchSize not specified but checking if instance has local storage available'),
    info('No instance store detected on this machine.'),
    info('No local storage, skipping ...'),
    info('End: Configure Scratch Partition'),
  ]
}

function directory({ cluster }: Desktop, file: string, values: Random): Step[] {
  const { domain } = cluster
  const name = `SOCA-${values.hex(10).toUpperCase()}`
  const cache = `/${cluster.apps}/shared/active_directory/cache`
  return [
    say(1_200, file, [
      info('Trying to join Active Directory ... '),
      info(`Active Directory Domain Name: ${domain}`),
      info('Verifying if  AD is reachable from the node'),
      domain,
      '  type: kerberos',
      `  realm-name: ${domain.toUpperCase()}`,
      '  configured: no',
      info(`${domain} is reachable`),
      info(`AD Cached Location is ${cache}`),
      info(`Non SOCA controller host, fetching AD Service Account via ${cache}`),
      info('Generating unique & random 15 char SERVER name to be registered to AD'),
      info(`Trying to join host to AD as ${name}`),
    ]),
    part(600, file, 'Password for Admin: '),
    say(4_000, file, [
      ` * Resolving: _ldap._tcp.${domain}`,
      ` * Successfully discovered: ${domain}`,
      ` * Enrolled computer name: ${name}`,
      ' * Successfully enrolled machine in realm',
      info(`Joined realm ${domain} successfully`),
      info('Adding AD Admin Group Name to sudoers'),
      info('Configuring SSSD to work with AD'),
    ]),
  ]
}

function closing({ cluster, folder, instanceId }: Desktop, file: string): Step[] {
  const script = `/root/${cluster.product}_bootstrap_${instanceId}/03_setup_post_reboot.sh`
  return [
    say(1_500, file, [info('Begin: Configure chronyd'), info('End: Configure chronyd')]),
    say(1_500, file, [
      info('[BEGIN] tags_ebs_volumes'),
      info('[COMPLETED] tags_ebs_volumes'),
      info('[REBOOT REQUIRED]: SELinux has been disabled'),
      info('Setup End Date: {{date}}'),
      info('Final bootstrap sequence will be executed post reboot, verifying crontab'),
      `@reboot /bin/bash ${script} >> /${folder}/03_setup_post_reboot.log 2>&1`,
      info('Rebooting the machine'),
    ]),
  ]
}
