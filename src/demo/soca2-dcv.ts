import type { Desktop } from './desktop.ts'
import { rpmInstall, wgetRest, wgetStart, yumInstall } from './noise.ts'
import type { Random } from './random.ts'
import { part, type Step, say } from './step.ts'

/** How the installation of DCV goes on a desktop of SOCA 2.7. */
export type DcvCourse = 'ready' | 'stranger' | 'server-down' | 'other-version'

const VERSION = '2021.2-11135-el7-x86_64'
const URL = `https://d1uj6qtbmh3dt5.cloudfront.net/2021.2/Servers/nice-dcv-${VERSION}.tgz`
/** The value of PATH while the scripts run. */
export const PATH = '/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin:/opt/pbs/bin:/opt/pbs/sbin'

/** ComputeNodeInstallDCV.sh: desktop packages, DCV, the session. */
export function installDcv(desktop: Desktop, values: Random, course: DcvCourse): Step[] {
  const file = `${desktop.folder}/ComputeNodeInstallDCV.log`
  const desktopPackages = yumInstall(values, 40)
  return [
    say(1_500, file, [
      'Detected Instance family m5',
      'There is no installed groups file.',
      'Maybe run: yum groups mark convert (see man yum)',
      ...desktopPackages.slice(0, 45),
    ]),
    say(4_000, file, desktopPackages.slice(45, 80)),
    say(4_000, file, desktopPackages.slice(80)),
    part(800, file, `Installing DCV\n${wgetStart(URL)}`),
    say(1_450, file, wgetRest(URL, 11_019_234, values)),
    ...(course === 'other-version'
      ? cascade(desktop, file, values)
      : installed(desktop, file, { values, course })),
    ...session(desktop, file, course),
  ]
}

function listing(version: string): string[] {
  const [release, build] = version.split('-')
  return [
    '',
    `nice-dcv-server-${release}.${build}-1.el7.x86_64.rpm`,
    `nice-xdcv-${release}.408-1.el7.x86_64.rpm`,
  ].map((name) => `nice-dcv-${version}/${name}`)
}

function installed(
  { owner }: Desktop,
  file: string,
  { values, course }: { readonly values: Random; readonly course: DcvCourse },
): Step[] {
  return [
    say(1_000, file, [
      ...listing(VERSION),
      'warning: nice-xdcv-2021.2.408-1.el7.x86_64.rpm: Header V4 RSA/SHA256 Signature, key ID 1a32b9d4: NOKEY',
      ...rpmInstall(['nice-xdcv-2021.2.408-1.el7']),
    ]),
    say(2_500, file, rpmInstall(['nice-dcv-server-2021.2.11135-1.el7'])),
    say(1_500, file, rpmInstall(['nice-dcv-web-viewer-2021.2.11135-1.el7'])),
    say(1_500, file, yumInstall(values, 2)),
    say(800, file, ['Verifying DCV USB driver...\rBuilding DCV USB driver...\rDCV USB driver installed']),
    say(400, file, [
      ...(course === 'stranger' ? [`chown: invalid user: ‘${owner}’`] : []),
      'Disabling X11 DPMS',
      'Created symlink from /etc/systemd/system/multi-user.target.wants/dcvserver.service to /usr/lib/systemd/system/dcvserver.service.',
    ]),
  ]
}

/** The archive holds another version than config.cfg names: one cause, and every later step fails. */
function cascade({ cluster }: Desktop, file: string, values: Random): Step[] {
  const script = `/${cluster.apps}/cluster_node_bootstrap/ComputeNodeInstallDCV.sh`
  const glob = (name: string): string => `error: File not found by glob: ${name}-*.x86_64.rpm`
  return [
    say(1_000, file, [
      ...listing('2021.3-11591-el7-x86_64'),
      `${script}: line 63: cd: nice-dcv-${VERSION}: No such file or directory`,
    ]),
    say(600, file, [glob('nice-xdcv'), glob('nice-dcv-server'), glob('nice-dcv-web-viewer')]),
    say(2_000, file, [
      ...yumInstall(values, 2),
      `which: no dcvusbdriverinstaller in (${PATH})`,
      `${script}: line 80: --quiet: command not found`,
      'mv: cannot stat ‘/etc/dcv/dcv.conf’: No such file or directory',
      `${script}: line 98: /etc/dcv/dcv.conf: No such file or directory`,
      'Disabling X11 DPMS',
    ]),
    say(1_000, file, [
      'Failed to execute operation: No such file or directory',
      'Failed to stop dcvserver.service: Unit dcvserver.service not loaded.',
      'Failed to start dcvserver.service: Unit not found.',
    ]),
  ]
}

function session({ cluster, owner, sessionUuid }: Desktop, file: string, course: DcvCourse): Step[] {
  const home = course === 'stranger' ? `~${owner}` : `/data/home/${owner}`
  const script = `/${cluster.apps}/cluster_node_bootstrap/ComputeNodeInstallDCV.sh`
  const options = `--user ${owner} --owner ${owner} --type virtual --storage-root ${home}/storage-root ${sessionUuid}`
  const launch = [
    'Failed to stop firewalld.service: Unit firewalld.service not loaded.',
    `Launching session ... : dcv create-session ${options}`,
  ]
  switch (course) {
    case 'ready':
      return [say(2_500, file, launch), say(3_000, file, ['0'])]
    case 'stranger':
      return [
        say(2_500, file, launch),
        say(2_000, file, [
          'Could not create session. Could not get the system bus: Exhausted all available authentication mechanisms',
          '1',
          `crontab: user \`${owner}' unknown`,
        ]),
      ]
    case 'server-down':
      return [
        say(4_000, file, [
          'Job for dcvserver.service failed because the control process exited with error code. See "systemctl status dcvserver.service" and "journalctl -xe" for details.',
          ...launch,
        ]),
        say(1_500, file, ['Could not create session. The dcvserver service is not running.', '1']),
      ]
    case 'other-version':
      return [say(2_500, file, [...launch, `${script}: line 143: dcv: command not found`, '127'])]
  }
}
