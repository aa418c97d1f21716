import type { Cluster } from './clusters.ts'
import type { Desktop } from './desktop.ts'
import { dnfInstall } from './noise.ts'
import type { Random } from './random.ts'
import { info, type Step, say } from './step.ts'

const KERNEL = '5.14.0-503.40.1.el9_5.x86_64'
const OPTIONS = 'nfsvers=4.1,rsize=1048576,wsize=1048576,hard,timeo=600,retrans=2,noresvport'

/** How long a host works before its logs reach the shared file system. */
const BEFORE_MOUNT_MS = 30_000

/**
 * User data of 25.3 and later. Its logs lie on the host until /apps is mounted,
 * then they come to the shared folder all at once.
 */
export function userData(desktop: Desktop, values: Random, data: 'mounted' | 'timeout'): Step[] {
  const { cluster, folder, owner, session } = desktop
  const mounts = data === 'mounted' ? dataMounted(cluster, values) : dataTimedOut(cluster, values)
  const mountMs = data === 'mounted' ? 12_000 : 112_000
  const beforeMs = BEFORE_MOUNT_MS - 12_000 + mountMs
  return [
    say(beforeMs, `${folder}/01_user_data.sh.log`, [info('UserData started. Logs: /var/log/cloud-init*')], {
      overMs: beforeMs - 4_000,
    }),
    say(0, `${folder}/install_required_packages.sh.log`, packages(values), {
      overMs: beforeMs - 6_000,
    }),
    say(0, `${folder}/filesystems_mount.log`, [...appsMounted(cluster, values), ...mounts], {
      overMs: mountMs,
    }),
    say(20, `${folder}/bootstrap_s3_location.log`, [
      `s3://${cluster.id}-install/${cluster.id}/config/do_not_delete/bootstrap/dcv_node/${owner}/${session}/${desktop.bootstrapUuid}/`,
    ]),
  ]
}

function packages(values: Random): string[] {
  return [
    info(`# Begin: Install/Update Required Linux Packages`),
    info(
      'No preinstalled package log found on /root/.soca_preinstalled_packages.log - preparing BaseOS - rocky9 ..',
    ),
    info('Attempting to run dnf install -y bind-utils chrony gcc jq nfs-utils realmd sssd tcl tk unzip wget'),
    info('Attempt 1/10)'),
    ...dnfInstall(values, 16),
    info('Command successful after: 1/10 attempts'),
    info('Machine is already running the latest kernel, no update needed'),
    info('End: Install/Update Required Linux Packages'),
  ]
}

function fileSystem(path: string, id: string, region: string): string[] {
  return [
    info(`Processing efs: {`),
    '  "enabled": "true",',
    `  "mount_options": "${OPTIONS}",`,
    `  "mount_path": "${path}",`,
    `  "mount_target": "${id}.efs.${region}.amazonaws.com",`,
    '  "on_mount_failure": "exit",',
    '  "provider": "efs"',
    '}',
  ]
}

function appsMounted(cluster: Cluster, values: Random): string[] {
  const id = `fs-0${values.hex(16)}`
  const address = mountTarget(cluster, 20)
  const parameter = `/${cluster.product}/${cluster.id}/configuration/FileSystems/apps/mount_path`
  return [
    info('Retrieved SOCA FileSystem Tree: ['),
    '    {',
    `        "Name": "${parameter}",`,
    '        "Type": "String",',
    '        "Value": "/apps"',
    '    }',
    ']',
    ...fileSystem('/apps', id, cluster.region),
    ...fstab(address, '/apps'),
    info('Mounting attempt 1/10 ...'),
    info('mount /apps command completed successfully'),
    info(`Successfully mounted ${address}:/ as /apps (${id})`),
  ]
}

function dataMounted(cluster: Cluster, values: Random): string[] {
  const id = `fs-0${values.hex(16)}`
  const address = mountTarget(cluster, 21)
  return [
    ...fileSystem('/data', id, cluster.region),
    ...fstab(address, '/data'),
    info('Mounting attempt 1/10 ...'),
    info('mount /data command completed successfully'),
    info(`Successfully mounted ${address}:/ as /data (${id})`),
    info('SocaFileSystemsAutoMount Completed'),
  ]
}

/** The loop gives up at the fifth attempt, says ten, exits a subshell only, and so tells of its completion. */
function dataTimedOut(cluster: Cluster, values: Random): string[] {
  const id = `fs-0${values.hex(16)}`
  const address = mountTarget(cluster, 21)
  const attempts = [1, 2, 3, 4, 5].flatMap((attempt) => [
    info(`Mounting attempt ${attempt}/10 ...`),
    'mount.nfs4: Connection timed out',
  ])
  return [
    ...fileSystem('/data', id, cluster.region),
    ...fstab(address, '/data'),
    ...attempts,
    '[{{ms}}] [ERROR] Failed to mount  after 10 attempts.',
    `[{{ms}}] [FATAL] Unable to mount ${address}:/ as /data`,
    info('SocaFileSystemsAutoMount Completed'),
  ]
}

function fstab(address: string, path: string): string[] {
  return [
    info(`Received new fstab entry request: ${address}:/ ${path} nfs4 ${OPTIONS} 0 0`),
    info(`Creating ${path} if needed`),
    info(`Adding ${address}:/ ${path} nfs4 ${OPTIONS} 0 0 to /etc/fstab`),
  ]
}

function mountTarget({ controller }: Cluster, last: number): string {
  return `${controller.slice(3).split('-').slice(0, 3).join('.')}.${last}`
}

/** The kernel that the new desktops run. */
export function kernel(): string {
  return KERNEL
}
