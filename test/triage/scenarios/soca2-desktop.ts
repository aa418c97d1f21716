import type { Desktop } from './desktops.ts'
import { type Edits, edited } from './edits.ts'
import { seconds } from './moments.ts'
import type { Log } from './scenario.ts'
import { BOOTSTRAP, computeNode, type Identity } from './soca2-node.ts'

type Options = { readonly identity?: Identity; readonly hasGpu?: boolean; readonly last?: number }

/** The logs of a desktop of SOCA 2.7; `last` is when it wrote last, in minutes after it was asked for. */
export function soca2(
  one: Desktop,
  edits: Edits = {},
  { identity = 'openldap', hasGpu = false, last = 27 }: Options = {},
): Log[] {
  const logs = [
    { name: 'ComputeNode.sh.log', lines: computeNode(one, identity), minute: 15 },
    { name: 'ComputeNodeInstallDCV.log', lines: installDcv(one, hasGpu), minute: 25 },
    { name: 'ComputeNodePostReboot.log', lines: postReboot(one, identity, hasGpu), minute: 27 },
    { name: 'ComputeNodeConfigureMetrics.log', lines: ['MetricBeat disabled for this run '], minute: 27 },
    { name: 'ComputeNodeUserCustomization.log', lines: [], minute: 27 },
  ]
  return logs.flatMap(({ name, lines, minute }) => {
    const text = edited(name, lines, edits)
    const path = `${BOOTSTRAP}/logs/desktop/${one.owner}/${one.session}/${one.host}/${name}`
    return text === undefined ? [] : [{ path, lines: text, end: one.begin + Math.min(minute, last) }]
  })
}

/** What cloud-init wrote on the host, up to the start of ComputeNode.sh. */
export function soca2UserData({ owner, session, host, begin }: Desktop, edits: Edits = {}): Log {
  const lines = [
    "Cloud-init v. 19.4 running 'modules:final' at Mon, 04 May 2026 08:01:00 +0000. Up 31.40 seconds.",
    '+ yum install -y python3-pip',
    'No Match for argument: ntp',
    '+ mkdir -p /apps',
    '+ FS_MOUNT=0',
    '+ mount -a',
    '+ [[ 0 -ne 0 ]]',
    `+ mkdir -p ${BOOTSTRAP}/logs/desktop/${owner}/${session}/${host}`,
    `+ cp ${BOOTSTRAP}/config.cfg /root/`,
    `+ /bin/bash ${BOOTSTRAP}/ComputeNode.sh ip-10-20-0-5.eu-central-1.compute.internal`,
  ]
  const name = 'cloud-init-output.log'
  return {
    path: `/collected/${host}/var/log/${name}`,
    lines: edited(name, lines, edits) ?? [],
    end: begin + 3,
  }
}

/** The line that announces the session, as ComputeNodeInstallDCV.sh writes it. */
export function launching({ owner, uuid }: Desktop): string {
  return `Launching session ... : dcv create-session --user ${owner} --owner ${owner} --type virtual --storage-root /data/home/${owner}/storage-root ${uuid}`
}

function installDcv(one: Desktop, hasGpu: boolean): string[] {
  const archive = 'nice-dcv-2021.2-11135-el7-x86_64.tgz'
  return [
    `Detected Instance family ${hasGpu ? 'g4dn' : 'm5'}`,
    'Loaded plugins: fastestmirror',
    'There is no installed groups file.',
    '---> Package abrt-desktop.x86_64 0:2.1.11-60.el7 will be installed',
    '  Verifying  : gnome-shell-3.28.3-32.el7.x86_64                    645/645',
    'Complete!',
    ...(hasGpu ? NVIDIA : []),
    'Installing DCV',
    `--${seconds(one.begin + 22)}--  https://d1uj6qtbmh3dt5.cloudfront.net/2021.2/Servers/${archive}`,
    'HTTP request sent, awaiting response... 200 OK',
    `${seconds(one.begin + 22)} (61.7 MB/s) - ‘${archive}’ saved [11019234/11019234]`,
    'warning: nice-dcv-server-2021.2.11135-1.el7.x86_64.rpm: Header V4 RSA/SHA256 Signature, key ID 1a32b9d4: NOKEY',
    'nice-dcv-server-2021.2.11135-1.el7    ########################################',
    'DKMS: install completed.',
    'Disabling X11 DPMS',
    'Created symlink from /etc/systemd/system/multi-user.target.wants/dcvserver.service to /usr/lib/systemd/system/dcvserver.service.',
    'Failed to stop firewalld.service: Unit firewalld.service not loaded.',
    launching(one),
    '0',
  ]
}

const NVIDIA = [
  'Detected GPU instance .. installing NVIDIA Drivers',
  `Uncompressing NVIDIA Accelerated Graphics Driver for Linux-x86_64 460.73.01${'.'.repeat(80)}`,
  "WARNING: nvidia-installer was forced to guess the X library path '/usr/lib64' and X module path '/usr/lib64/xorg/modules'",
  "New X configuration file written to '/etc/X11/xorg.conf'",
]

function postReboot({ instance }: Desktop, identity: Identity, hasGpu: boolean): string[] {
  const code = hasGpu ? 3 : 0
  return [
    "+ echo 'SOCA > BEGIN PostReboot setup'",
    'SOCA > BEGIN PostReboot setup',
    '+ crontab -r',
    '+ [[ dcv == \\d\\c\\v ]]',
    "+ echo 'Installing DCV'",
    'Installing DCV',
    `+ /bin/bash ${BOOTSTRAP}/ComputeNodeInstallDCV.sh`,
    `+ [[ ${code} -eq 3 ]]`,
    '+ sleep 30',
    `+ [[ ${identity} == \\a\\c\\t\\i\\v\\e\\d\\i\\r\\e\\c\\t\\o\\r\\y ]]`,
    `+ AWS_INSTANCE_ID=${instance}`,
    '+ LOOP_EBS_TAG=0',
    '+ [[ 0 -ne 0 ]]',
    `+ echo 'Require Reboot: ${hasGpu ? 1 : 0}'`,
    `Require Reboot: ${hasGpu ? 1 : 0}`,
    ...(hasGpu
      ? ['+ REQUIRE_REBOOT=1', '+ reboot', 'Disabling Hyperthreading']
      : ['+ chmod 777 /scratch', '+ systemctl start pbs']),
  ]
}
