import { journal } from './bootstrap-desktop.ts'
import { seenRunning } from './bootstrap-portal.ts'
import { desktop } from './desktops.ts'
import { type Edits, instead, upTo } from './edits.ts'
import { SOCA_24, SOCA_25 } from './generations.ts'
import { beside } from './later-pair.ts'
import { failed, type Scenario } from './scenario.ts'

const VERA = desktop('vera/Flow', '10.30.1.8', 120)
const PAIR = [VERA, desktop('walt/Flow', '10.30.1.9', 15)] as const
const NEVER_BACK: Edits = { '03_setup_post_reboot.log': 'gone', messages: 'gone' }
const UNREACHABLE =
  'lab.example.org is not reachable from this host. If using AWS Directory Service, waiting for Route 53 outbound endpoint and rule to become active. Trying again in 2 minutes.'
const NO_REALM = 'realm: No such realm found: lab.example.org'

/** Desktops of SOCA 24.10 and later that their directory does not take in, or hardly. */
export const LATER_IDENTITY: readonly Scenario[] = [
  {
    title: '24.10: the secret of the directory may not be read',
    tree: beside(SOCA_24, PAIR, {
      '02_setup.log': [
        upTo(
          '[INFO] Secret lab retrieved',
          ...Array.from({ length: 10 }, (_, index) => [
            `An error occurred (AccessDeniedException) when calling the GetSecretValue operation: User: arn:aws:sts::111122223333:assumed-role/lab-ComputeNodeRole/${VERA.instance} is not authorized to perform: secretsmanager:GetSecretValue`,
            `[INFO] Secret Manager is not ready yet for lab ...  Loop count is: ${index + 1}/10`,
          ]).flat(),
          '[FATAL] error: Timed out waiting for secret lab from secrets manager',
        ),
      ],
      ...NEVER_BACK,
    }),
    expect: {
      'vera/Flow': failed('identity', 'secret-access-refused', 'An error occurred (AccessDeniedException)', [
        'secret-gave-up',
      ]),
      'walt/Flow': 'ready',
    },
  },
  {
    title: '25.8: the domain is not there for thirty loops; that it is reachable is a lie',
    tree: beside(SOCA_25, PAIR, {
      '02_setup.log': [
        instead(
          '[INFO] lab.example.org is reachable',
          ...Array.from({ length: 30 }, (_, index) => [
            NO_REALM,
            `[INFO] ${UNREACHABLE} Loop count is: ${index + 1}/10`,
          ]).flat(),
          '[INFO] lab.example.org is reachable',
        ),
        upTo(
          ' * Successfully discovered',
          ...Array.from({ length: 10 }, (_, index) => [
            NO_REALM,
            `[INFO] Realm join didn't complete successfully. Retrying in 9 seconds... Loop count is: ${index + 1}/10`,
          ]).flat(),
          '[FATAL] Unable to join domain after 10 attempts',
        ),
      ],
      ...NEVER_BACK,
    }),
    expect: {
      'vera/Flow': failed('identity', 'realm-not-found', NO_REALM, [
        'ad-never-reachable',
        'realm-join-gave-up',
      ]),
      'walt/Flow': 'ready',
    },
  },
  {
    title: '25.8: the domain is there after two loops',
    tree: beside(
      SOCA_25,
      PAIR,
      {
        '02_setup.log': [
          instead(
            '[INFO] lab.example.org is reachable',
            ...[1, 2].flatMap((loop) => [NO_REALM, `[INFO] ${UNREACHABLE} Loop count is: ${loop}/10`]),
            '[INFO] lab.example.org is reachable',
          ),
        ],
      },
      { answers: seenRunning(PAIR[0]) },
    ),
    expect: { 'vera/Flow': 'ready', 'walt/Flow': 'ready' },
  },
  {
    title: '25.11: sssd does not start, as the journal of the host says, too',
    tree: [
      ...beside(SOCA_25, PAIR, {
        '02_setup.log': [
          upTo(
            '[INFO] sssd is running',
            'Job for sssd.service failed because the control process exited with error code.',
            '[FATAL] Unable to start sssd',
          ),
        ],
        ...NEVER_BACK,
      }),
      {
        path: `/collected/${VERA.host}/var/log/messages`,
        lines: journal(
          { ...VERA, begin: VERA.begin - 11.3 },
          "sssd[2188]: SSSD couldn't load the configuration database [5]: Input/output error.",
          "systemd[1]: sssd.service: Failed with result 'exit-code'.",
        ),
        end: VERA.begin + 12,
      },
    ],
    expect: {
      'vera/Flow': failed('identity', 'sssd-config-invalid', "SSSD couldn't load the configuration", [
        'sssd-start-failed',
      ]),
      'walt/Flow': 'ready',
    },
  },
]
