import { albPrint, runsFor } from './alb-print.ts'
import { desktop } from './desktops.ts'
import { after, type Edits, instead, upTo } from './edits.ts'
import { failed, type Scenario, stalled } from './scenario.ts'
import { soca2, soca2UserData } from './soca2-desktop.ts'
import { BOOTSTRAP, SOCA2 } from './soca2-node.ts'
import { apiLog, unanswered, usedWell } from './soca2-portal.ts'

const MANAGER = `/apps/soca/${SOCA2}/cluster_manager/dcv_alb_manager.py.log`
const MIRA = desktop('mira/Mesh', '10.20.4.17', 60)
const NILS = desktop('nils/Post', '10.20.4.90', 20)

/** The other desktop is well, and the portal and its load balancer saw both. */
const AROUND = [
  ...soca2(NILS),
  albPrint(MANAGER, runsFor(NILS, MIRA)),
  apiLog(unanswered(MIRA), usedWell(NILS)),
]

const NOTHING_AFTER: Edits = {
  'ComputeNodeInstallDCV.log': 'gone',
  'ComputeNodePostReboot.log': 'gone',
  'ComputeNodeConfigureMetrics.log': 'gone',
  'ComputeNodeUserCustomization.log': 'gone',
}

function mountRetries(count: number, words: string): string[] {
  return Array.from({ length: count }, (_, index) => {
    const message = `Failed to mount FS, retrying in ${26 + index} seconds and Loop ${index}/5...`
    return [words, '+ [[ 32 -ne 0 ]]', `+ echo '${message}'`, message, `+ sleep ${26 + index}`, '+ mount -a']
  }).flat()
}

/** Desktops of SOCA 2 that break before their reboot. */
export const SOCA2_SETUP: readonly Scenario[] = [
  {
    title: '/apps cannot be mounted: nothing is written below it, only the host knows',
    tree: [
      soca2UserData(MIRA, {
        'cloud-init-output.log': [
          instead('+ mount -a', '+ mount -a', ...mountRetries(5, 'mount.nfs4: Connection timed out')),
          instead(
            '+ cp ',
            `cp: cannot stat ‘${BOOTSTRAP}/config.cfg’: No such file or directory`,
            `/bin/bash: ${BOOTSTRAP}/ComputeNode.sh: No such file or directory`,
          ),
          upTo(
            '+ /bin/bash',
            '2026-05-04 09:20:11,886 - util.py[WARNING]: Failed running /var/lib/cloud/instance/scripts/part-001 [127]',
          ),
        ],
      }),
      soca2UserData(NILS, {
        'cloud-init-output.log': [
          instead('+ mount -a', '+ mount -a', ...mountRetries(2, 'mount.nfs4: Connection reset by peer')),
        ],
      }),
      ...AROUND,
    ],
    expect: {
      'mira/Mesh': failed('mount', 'nfs-timeout', 'mount.nfs4: Connection timed out', [
        'mount-gave-up',
        'userdata-script-missing',
      ]),
      'nils/Post': 'ready',
    },
  },
  {
    title: 'the download of the scheduler hangs, and so does the setup',
    tree: [
      ...AROUND,
      ...soca2(MIRA, {
        'ComputeNode.sh.log': [upTo('HTTP request sent', 'HTTP request sent, awaiting response... ')],
        ...NOTHING_AFTER,
      }),
    ],
    expect: {
      'mira/Mesh': stalled('setup', 'absence-setup-end', '+ source /root/config.cfg'),
      'nils/Post': 'ready',
    },
  },
  {
    title: 'the host does not come back from its reboot',
    tree: [
      ...AROUND,
      ...soca2(MIRA, {
        ...NOTHING_AFTER,
      }),
    ],
    expect: { 'mira/Mesh': stalled('reboot', 'absence-after-reboot', '+ sudo reboot'), 'nils/Post': 'ready' },
  },
  {
    title: 'packages come at the third attempt, and another program held the lock of yum',
    tree: [
      ...AROUND,
      ...soca2(MIRA, {
        'ComputeNode.sh.log': [
          after(
            '+ yum -y install',
            'Existing lock /var/run/yum.pid: another copy is running as pid 1843.',
            'Another app is currently holding the yum lock; waiting for it to exit...',
            ...['1', '2'].flatMap((attempt) => [
              `Attempting to install packages (Attempt ${attempt}/10)`,
              'https://mirror.example.org/epel/7/x86_64/repodata/repomd.xml: [Errno 14] HTTPS Error 503 - Service Unavailable',
              'Cannot find a valid baseurl for repo: epel/x86_64',
              `Failed to install packages on Attempt ${attempt}/10 . Sleeping for 60sec for retry`,
            ]),
            'Attempting to install packages (Attempt 3/10)',
          ),
        ],
      }),
    ],
    expect: { 'mira/Mesh': 'ready', 'nils/Post': 'ready' },
  },
]
