import { albPrint, runsFor } from './alb-print.ts'
import { desktop } from './desktops.ts'
import { after, instead, upTo } from './edits.ts'
import { failed, type Scenario, stalled } from './scenario.ts'
import { launching, soca2, soca2UserData } from './soca2-desktop.ts'
import { BOOTSTRAP, joinAttempts, SOCA2 } from './soca2-node.ts'
import { apiLog, unanswered, usedWell } from './soca2-portal.ts'

const MANAGER = `/apps/soca/${SOCA2}/cluster_manager/dcv_alb_manager.py.log`
const MIRA = desktop('mira/Mesh', '10.20.4.17', 60)
const NILS = desktop('nils/Post', '10.20.4.90', 20)

const NO_BUS =
  'Could not create session. Could not get the system bus: Exhausted all available authentication mechanisms (tried: EXTERNAL, DBUS_COOKIE_SHA1, ANONYMOUS)'
const NO_SSSD =
  'Job for sssd.service failed because the control process exited with error code. See "systemctl status sssd.service" and "journalctl -xe" for details.'

/** What follows in ComputeNodeInstallDCV.log when the host does not know mira. */
const USER_UNKNOWN = {
  'ComputeNodeInstallDCV.log': [
    after('DKMS: install completed.', 'chown: invalid user: ‘mira’'),
    upTo('Launching session', launching(MIRA), NO_BUS, '1', "crontab: user `mira' unknown"),
  ],
}

/** The other desktop is well, and the portal and its load balancer saw both. */
const AROUND = [
  ...soca2(NILS),
  albPrint(MANAGER, runsFor(NILS, MIRA)),
  apiLog(unanswered(MIRA), usedWell(NILS)),
]

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
      'ip-10-20-4-17': failed('mount', 'nfs-timeout', 'mount.nfs4: Connection timed out', [
        'mount-gave-up',
        'userdata-script-missing',
      ]),
      'nils/Post': 'ready',
    },
  },
  {
    title:
      'the password for the domain is wrong: eleven attempts to join, and nobody knows the owner afterwards',
    tree: [
      ...AROUND,
      ...soca2(
        MIRA,
        {
          ...USER_UNKNOWN,
          'ComputeNode.sh.log': [
            instead(
              ' * Successfully enrolled',
              ...joinAttempts(
                11,
                " ! Couldn't authenticate as: Admin@LAB.EXAMPLE.ORG: Preauthentication failed",
                "realm: Couldn't join realm: Insufficient permissions to join the domain",
              ),
              "realm: Couldn't join realm: Insufficient permissions to join the domain",
            ),
            after('+ systemctl restart sssd', NO_SSSD),
          ],
        },
        { identity: 'activedirectory' },
      ),
    ],
    expect: {
      'mira/Mesh': failed('identity', 'realm-credentials-refused', " ! Couldn't authenticate as: Admin@LAB", [
        'realm-permission-denied',
        'realm-join-gave-up',
        'sssd-start-failed',
        'user-unknown',
        'session-create-exit-code',
      ]),
      'nils/Post': 'ready',
    },
  },
  {
    title: 'the join to the domain fails twice and works then',
    tree: [
      ...AROUND,
      ...soca2(
        MIRA,
        {
          'ComputeNode.sh.log': [
            after(
              '+ /sbin/realm join',
              ...joinAttempts(2, "realm: Couldn't join realm: Failed to join domain: Clock skew too great"),
            ),
          ],
        },
        { identity: 'activedirectory' },
      ),
    ],
    expect: { 'mira/Mesh': 'ready', 'nils/Post': 'ready' },
  },
  {
    title: 'the directory on the controller does not listen',
    tree: [
      ...AROUND,
      ...soca2(MIRA, {
        ...USER_UNKNOWN,
        'ComputeNode.sh.log': [
          instead(
            'depth=0 CN',
            'socket: Connection refused',
            'connect:errno=111',
            'unable to load certificate',
            '140405637830544:error:0906D06C:PEM routines:PEM_read_bio:no start line:pem_lib.c:707:Expecting: TRUSTED CERTIFICATE',
          ),
          after('+ systemctl restart sssd', NO_SSSD),
        ],
      }),
    ],
    expect: {
      'mira/Mesh': failed('identity', 'openldap-connection-refused', 'socket: Connection refused', [
        'openldap-certificate-empty',
        'sssd-start-failed',
        'user-unknown',
        'session-create-exit-code',
      ]),
      'nils/Post': 'ready',
    },
  },
  {
    title: 'the role of the host may not read the secret of the directory',
    tree: [
      ...AROUND,
      ...soca2(MIRA, {
        ...USER_UNKNOWN,
        'ComputeNode.sh.log': [
          instead('+ LDAP_CONFIG', ...secretDenied()),
          after('+ systemctl restart sssd', NO_SSSD),
        ],
      }),
    ],
    expect: {
      'mira/Mesh': failed('identity', 'secret-access-refused', 'An error occurred (AccessDeniedException)', [
        'secret-gave-up',
        'sssd-start-failed',
        'session-create-exit-code',
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
        'ComputeNodeInstallDCV.log': 'gone',
        'ComputeNodePostReboot.log': 'gone',
        'ComputeNodeConfigureMetrics.log': 'gone',
        'ComputeNodeUserCustomization.log': 'gone',
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
        'ComputeNodeInstallDCV.log': 'gone',
        'ComputeNodePostReboot.log': 'gone',
        'ComputeNodeConfigureMetrics.log': 'gone',
        'ComputeNodeUserCustomization.log': 'gone',
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

function secretDenied(): string[] {
  const denied = `An error occurred (AccessDeniedException) when calling the GetSecretValue operation: User: arn:aws:sts::111122223333:assumed-role/lab-ComputeNodeRole/${MIRA.instance} is not authorized to perform: secretsmanager:GetSecretValue on resource: ${SOCA2}`
  return Array.from({ length: 11 }, (_, index) => {
    const message = `AWS Secrets Manager is not ready yet. Sleeping 180 seconds.. Loop count is: ${index}/10`
    return ['', denied, "+ SECRETS=''", '+ [[ 254 -ne 0 ]]', `+ echo '${message}'`, message, '+ sleep 180']
  }).flat()
}
