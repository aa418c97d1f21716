import { kernel } from './bootstrap-mount.ts'
import type { Desktop } from './desktop.ts'
import { dnfInstall, wgetRest, wgetStart } from './noise.ts'
import type { Random } from './random.ts'
import { info, part, type Step, say } from './step.ts'

const URL = 'https://d1uj6qtbmh3dt5.cloudfront.net/2025.0/Servers/nice-dcv-2025.0-20103-el9-x86_64.tgz'
const VERSION = '2025.0-20103-el9-x86_64'

export type PostReboot = {
  /** What there is to say and do about a GPU; none unless given. */
  readonly gpu?: readonly Step[]
  readonly sessionType: 'virtual' | 'console'
  readonly service: 'starts' | 'fails'
}

/** 03_setup_post_reboot.sh of 25.3 and later: driver, desktop, DCV, session service. */
export function postReboot(desktop: Desktop, values: Random, course: PostReboot): Step[] {
  const file = `${desktop.folder}/03_setup_post_reboot.log`
  const packages = dnfInstall(values, 36)
  const cpuOnly = [
    say(1_500, file, [info('GPU Detected (if any): '), info('No GPU detected on this machine')]),
  ]
  return [
    say(20_000, file, [
      info('Setup Post Reboot Start Date: {{date}}'),
      info(`Running Kernel ${kernel()}`),
      info('Removing previous reboot_required'),
      info('Remove this script from the crontab table to avoid being executed twice'),
    ]),
    ...(course.gpu ?? cpuOnly),
    say(500, file, [
      info('Checking if host is a Virtual Desktop machine'),
      info('DCV (Virtual Desktop) Node Detected, installing Desktop + DCV'),
      info(
        'Attempting to run dnf groupinstall Server with GUI -y --skip-broken --disablerepo=epel-cisco-openh264',
      ),
      info('Attempt 1/10)'),
    ]),
    say(6_000, file, packages.slice(0, 40)),
    say(6_000, file, [...packages.slice(40), info('Command successful after: 1/10 attempts')]),
    ...download(file, values, course),
    ...install(file, values, course),
    ...service(desktop, file, course),
  ]
}

function download(file: string, values: Random, { sessionType }: PostReboot): Step[] {
  const hash = values.hex(64)
  const target = `dcv_installer_${VERSION}.tgz`
  return [
    say(300, file, [
      info('Detected following DCV download information:'),
      info(`DCV_URL: ${URL}`),
      info(`DCV_HASH: ${hash}`),
      info(`DCV_VERSION: ${VERSION}`),
      info(`DCV_SESSION_TYPE: ${sessionType}`),
      info('DCV Not found, Downloading + Installing DCV ...'),
      info(
        `Detected file_download request with args: --download-url=${URL} --save-as=${target} --sha256-checksum=${hash}`,
      ),
      info(`${URL} seems to be an HTTP URL`),
    ]),
    part(300, file, wgetStart(URL)),
    say(2_000, file, [
      ...wgetRest(URL, 27_402_113, values),
      info(`${URL} downloaded successfully and saved as ${target}`),
      info('--sha256-checksum found, verifying file'),
      info(`Checksum verified: Expected SHA256 ${hash}, found ${hash}`),
    ]),
  ]
}

function install(file: string, values: Random, { sessionType }: PostReboot): Step[] {
  const rpm = (name: string): string[] => [
    info(`Attempting to run dnf install -y ./${name}-2025.0.20103-1.el9.x86_64.rpm`),
    info('Attempt 1/10)'),
    ...dnfInstall(values, 2),
    info('Command successful after: 1/10 attempts'),
  ]
  return [
    say(400, file, [
      info('Extracting DCV archive ...'),
      `nice-dcv-${VERSION}/`,
      `nice-dcv-${VERSION}/EULA.txt`,
    ]),
    say(400, file, [info('Installing DCV ...'), ...rpm('nice-dcv-server')]),
    say(3_000, file, rpm('nice-dcv-web-viewer')),
    ...(sessionType === 'virtual' ? [say(2_500, file, rpm('nice-xdcv'))] : []),
    say(1_500, file, [info('Enable DCV support for USB remotization .. '), ...dnfInstall(values, 2)]),
  ]
}

function service(desktop: Desktop, file: string, { sessionType, service }: PostReboot): Step[] {
  const { owner, sessionUuid } = desktop
  const storage = `/data/home/${owner}/storage-root`
  const user = sessionType === 'virtual' ? `--user ${owner} ` : ''
  const command = `/usr/bin/dcv create-session ${user}--owner ${owner} --type ${sessionType} --storage-root "${storage}" ${sessionUuid}`
  return [
    say(1_500, file, [
      info(`Creating DCV Session Storage if needed ${storage} and applying permissions`),
      info('Disabling X11 DPMS'),
      '/etc/X11/xorg.conf.d/99-disable-dpms.conf not found, file will be created',
      info('Automatic start Gnome upon reboot'),
      info('Start X'),
    ]),
    say(4_000, file, [
      info('Creating SOCA DCV Service to start/stop DCV session via socadcv'),
      info(`Launching DCV session type ${sessionType}: ${command}`),
      info('Removing Colord Authentication popup'),
      info('Enabling & start SOCA DCV Service as reboot'),
      'Created symlink /etc/systemd/system/multi-user.target.wants/socadcv.service → /etc/systemd/system/socadcv.service.',
    ]),
    say(4_000, file, [
      ...(service === 'fails'
        ? [
            'Job for socadcv.service failed because the control process exited with error code.',
            'See "systemctl status socadcv.service" and "journalctl -xeu socadcv.service" for details.',
          ]
        : []),
      info('Stopping Firewall if needed'),
      'Failed to stop firewalld.service: Unit firewalld.service not loaded.',
      info('Setup Post Reboot End Date: {{date}}'),
      info('Bootstrap Sequence Completed: Node Ready'),
    ]),
  ]
}
