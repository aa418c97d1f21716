import { albPrint, runsFor } from './alb-print.ts'
import { desktop } from './desktops.ts'
import { after, instead, upTo } from './edits.ts'
import { failed, type Scenario } from './scenario.ts'
import { launching, soca2 } from './soca2-desktop.ts'
import { joinAttempts, SOCA2 } from './soca2-node.ts'
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

/** Desktops of SOCA 2 that their directory does not take in, or hardly. */
export const SOCA2_IDENTITY: readonly Scenario[] = [
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
]

function secretDenied(): string[] {
  const denied = `An error occurred (AccessDeniedException) when calling the GetSecretValue operation: User: arn:aws:sts::111122223333:assumed-role/lab-ComputeNodeRole/${MIRA.instance} is not authorized to perform: secretsmanager:GetSecretValue on resource: ${SOCA2}`
  return Array.from({ length: 11 }, (_, index) => {
    const message = `AWS Secrets Manager is not ready yet. Sleeping 180 seconds.. Loop count is: ${index}/10`
    return ['', denied, "+ SECRETS=''", '+ [[ 254 -ne 0 ]]', `+ echo '${message}'`, message, '+ sleep 180']
  }).flat()
}
