import { mounts, packages, REQUIRED_PACKAGES, setup } from './bootstrap-setup.ts'
import type { Desktop } from './desktops.ts'
import { type Edits, edited } from './edits.ts'
import type { Generation } from './generations.ts'
import { millis, syslog } from './moments.ts'
import type { Log } from './scenario.ts'

type Options = {
  readonly hasGpu?: boolean
  /** Where its folder is read, if not at its usual place. */
  readonly below?: string
}

type Draft = {
  readonly name: string
  readonly lines: readonly string[]
  readonly from: number
  readonly to: number
}

/** The logs of a desktop of SOCA 24.10 and later; its lines are written without their times, which are put in front. */
export function bootstrapped(
  generation: Generation,
  one: Desktop,
  edits: Edits = {},
  { hasGpu = false, below = '' }: Options = {},
): Log[] {
  const drafts: Draft[] = [
    ...(generation.hasEarly ? early(one) : []),
    { name: '02_setup.log', lines: setup(one), from: 5, to: 12 },
    { name: '03_setup_post_reboot.log', lines: postReboot(one, hasGpu), from: 14, to: 24 },
    { name: 'messages', lines: messages(one), from: 14, to: 24 },
  ]
  const folder = `${below}${generation.folderOf(one)}`
  const logs = drafts.flatMap(({ name, lines, from, to }) => {
    const text = edited(name, lines, edits)
    if (text === undefined) return []
    const stamped = stamp(text, one.begin + from, one.begin + to)
    return [{ path: `${folder}/${name}`, lines: stamped, end: one.begin + to }]
  })
  return generation.hasLevels ? [...logs, ...levels(folder, logs)] : logs
}

/** What the journal says shortly before the session is announced, as `messages` has it. */
export function journal({ host, begin }: Desktop, ...texts: readonly string[]): string[] {
  return texts.map((text) => `${syslog(begin + 23.1)} ${host} ${text}`)
}

function early({ instance }: Desktop): Draft[] {
  const userData = [
    `[INFO] Creating /root/edh_bootstrap_${instance}`,
    '[INFO] Detected Base OS rhel9',
    '[INFO] Installing AWS CLI',
    '[INFO] Executing install_required_packages.sh',
    '[INFO] Executing 02_setup.sh',
  ]
  const required = [
    '[INFO] Begin: Install/Update Required Linux Packages',
    ...packages(REQUIRED_PACKAGES),
    '[INFO] End: Install/Update Required Linux Packages',
  ]
  return [
    { name: 'install_required_packages.sh.log', lines: required, from: 1.5, to: 2.5 },
    { name: 'filesystems_mount.log', lines: mounts(), from: 3, to: 4 },
    { name: '01_user_data.sh.log', lines: userData, from: 1, to: 4.5 },
  ]
}

function postReboot({ owner, uuid }: Desktop, hasGpu: boolean): string[] {
  const kind = hasGpu ? 'console' : 'virtual'
  const url = 'https://d1uj6qtbmh3dt5.cloudfront.net/2025.0/Servers/nice-dcv-2025.0-20103-el9-x86_64.tgz'
  return [
    '[INFO] Setup Post Reboot Start Date: Mon May  4 08:14:00 UTC 2026',
    'no crontab for root',
    ...(hasGpu ? NVIDIA : ['[INFO] GPU Detected (if any): ', '[INFO] No GPU detected on this machine']),
    '[INFO] Checking if host is a Virtual Desktop machine',
    '[INFO] DCV (Virtual Desktop) Node Detected, installing Desktop + DCV',
    ...packages('dnf groupinstall -y "Server with GUI"'),
    '[INFO] Detected following DCV download information:',
    `[INFO] DCV_URL: ${url}`,
    `[INFO] DCV_SESSION_TYPE: ${kind}`,
    '[INFO] DCV Not found, Downloading + Installing DCV ...',
    `--2026-05-04 08:18:00--  ${url}`,
    'HTTP request sent, awaiting response... 200 OK',
    '[INFO] Checksum for nice-dcv-2025.0-20103-el9-x86_64.tgz is valid',
    '[INFO] Extracting DCV archive ...',
    '[INFO] Installing DCV ...',
    '  nice-dcv-server-2025.0.20103-1.el9.x86_64    nice-xdcv-2025.0.688-1.el9.x86_64',
    '[INFO] Disabling X11 DPMS',
    'cat: /tmp/.X0-lock: No such file or directory',
    '[INFO] Start X',
    '[INFO] Creating SOCA DCV Service to start/stop DCV session via socadcv',
    `[INFO] Launching DCV session type ${kind}: /usr/bin/dcv create-session --user ${owner} --owner ${owner} --type ${kind} ${uuid}`,
    '[INFO] Enabling & start SOCA DCV Service as reboot',
    'Created symlink /etc/systemd/system/multi-user.target.wants/socadcv.service → /etc/systemd/system/socadcv.service.',
    '[INFO] Stopping Firewall if needed',
    'Failed to stop firewalld.service: Unit firewalld.service not loaded.',
    '[INFO] Setup Post Reboot End Date: Mon May  4 08:24:00 UTC 2026',
    '[INFO] Bootstrap Sequence Completed: Node Ready',
  ]
}

const NVIDIA = [
  '[INFO] GPU Detected (if any): NVIDIA',
  '[INFO] Installing NVIDIA driver',
  `Uncompressing NVIDIA Accelerated Graphics Driver for Linux-x86_64 570.133.20${'.'.repeat(80)}`,
  'WARNING: This NVIDIA driver package includes Vulkan components, but no Vulkan ICD loader was detected on this system.',
  '[INFO] NVIDIA driver installed successfully',
]

function messages({ host, begin }: Desktop): string[] {
  const said: [number, string][] = [
    [14, 'kernel: ACPI Error: No handler for Region [SYSI]'],
    [14.1, 'systemd[1]: Stopped target GNOME Session Failed.'],
    [23, 'gdm[3012]: Gdm: Child process -3015 was already dead.'],
    [23.1, 'systemd[1]: Started DCV server.'],
    [
      23.2,
      'gnome-shell[3200]: Failed to launch ibus-daemon: Failed to execute child process "ibus-daemon" (No such file or directory)',
    ],
  ]
  return said.map(([minute, text]) => `${syslog(begin + minute)} ${host} ${text}`)
}

/** Puts a time in front of each line that has a level, evenly from the first to the last. */
function stamp(lines: readonly string[], from: number, to: number): string[] {
  return lines.map((line, index) => {
    const minute = from + ((to - from) * index) / Math.max(1, lines.length - 1)
    return /^\[(?:INFO|WARNING|ERROR|FATAL)\] /.test(line) ? `[${millis(minute)}] ${line}` : line
  })
}

/** The script writes warnings and worse into files of their own as well. */
function levels(folder: string, logs: readonly Log[]): Log[] {
  return ['WARNING', 'ERROR', 'FATAL'].flatMap((level) => {
    const own = logs.map(({ lines, end }) => ({
      end,
      lines: lines.filter((line) => line.includes(`] [${level}] `)),
    }))
    const lines = own.flatMap((log) => log.lines)
    const end = Math.max(...own.filter((log) => log.lines.length > 0).map((log) => log.end))
    return lines.length === 0 ? [] : [{ path: `${folder}/bootstrap_${level}.log`, lines, end }]
  })
}
