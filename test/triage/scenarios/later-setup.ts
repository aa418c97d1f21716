import { albPrint, runsFor } from './alb-print.ts'
import { bootstrapped } from './bootstrap-desktop.ts'
import { requested, seenRunning, watcherLog, webLog } from './bootstrap-portal.ts'
import { failedAttempts, SETUP_PACKAGES } from './bootstrap-setup.ts'
import { desktop } from './desktops.ts'
import { after, type Edits, instead, upTo } from './edits.ts'
import { EDH_26, SOCA_24, SOCA_25 } from './generations.ts'
import { beside } from './later-pair.ts'
import { failed, type Scenario, stalled } from './scenario.ts'

const VERA = desktop('vera/Flow', '10.30.1.8', 120)
const WALT = desktop('walt/Flow', '10.30.1.9', 15)
const PAIR = [VERA, WALT] as const
const NEVER_BACK: Edits = { '03_setup_post_reboot.log': 'gone', messages: 'gone' }

const MOUNT_LOST: Edits = {
  'filesystems_mount.log': [
    instead(
      '[INFO] mount /apps command completed',
      ...[2, 3, 4, 5].flatMap((attempt) => [
        'mount.nfs4: Connection timed out',
        `[INFO] Mounting attempt ${attempt}/10 ...`,
      ]),
      'mount.nfs4: Connection timed out',
      '[ERROR] Failed to mount  after 10 attempts.',
      '[FATAL] Unable to mount 10.20.0.20:/ as /apps',
    ),
    upTo(
      '[INFO] Successfully mounted',
      '[FATAL] Error while trying to mount fs-0a1b via mount_efs, check log',
      '[INFO] SocaFileSystemsAutoMount Completed',
    ),
  ],
  '02_setup.log': [
    upTo(
      '[INFO] Active Directory Domain Name',
      "[FATAL] /apps/edh/edh-lab/shared/custom_automation/ad_automation/join_domain_user.cache or /apps/edh/edh-lab/shared/custom_automation/ad_automation/join_domain.cache don't exist",
    ),
  ],
  ...NEVER_BACK,
}

/** Desktops of SOCA 24.10 to EDH 26.4 that break before their reboot. */
export const LATER_SETUP: readonly Scenario[] = [
  {
    title: '24.10: the repository of packages does not answer in ten attempts',
    tree: beside(SOCA_24, PAIR, {
      '02_setup.log': [
        upTo(
          '[INFO] Attempt 1/10)',
          ...failedAttempts(
            SETUP_PACKAGES,
            10,
            "Errors during downloading metadata for repository 'appstream':",
            '  - Curl error (28): Timeout was reached for https://mirrors.example.org/mirrorlist [Connection timed out after 30001 milliseconds]',
            "Error: Failed to download metadata for repo 'appstream': Cannot prepare internal mirrorlist: Curl error (28): Timeout was reached",
          ),
          `[FATAL] ${SETUP_PACKAGES} failed after all attempts, exiting ..`,
        ),
      ],
      ...NEVER_BACK,
    }),
    expect: {
      'vera/Flow': failed('setup', 'package-download-error', '  - Curl error (28)', [
        'dnf-metadata-failed',
        'packages-gave-up',
      ]),
      'walt/Flow': 'ready',
    },
  },
  {
    title: '24.10: an image with another umask is refused, and the second instance has the right one',
    tree: beside(
      SOCA_24,
      PAIR,
      {
        '02_setup.log': [
          upTo(
            '[INFO] umask is',
            '[FATAL] Detected umask (0077) is not 0022. Please update your umask to be 0022.',
          ),
        ],
        ...NEVER_BACK,
      },
      { later: [desktop('vera/Flow', '10.30.1.70', 200)] },
    ),
    expect: {
      'vera/Flow': failed('setup', 'host-umask-wrong', 'Detected umask (0077)'),
      'vera/Flow #2': 'ready',
      'walt/Flow': 'ready',
    },
  },
  {
    title: '25.3: packages come at the third attempt and a tag is not made: neither harms the desktop',
    tree: [
      ...bootstrapped(SOCA_25, WALT, {
        '02_setup.log': [
          instead(
            '[INFO] Attempt 1/10)',
            ...failedAttempts(
              SETUP_PACKAGES,
              2,
              "Error: Failed to download metadata for repo 'appstream': Cannot download repomd.xml",
            ),
            '[INFO] Attempt 3/10)',
          ),
          after(
            '[INFO] Tagging EBS volumes',
            '[ERROR] aws_cli: /usr/local/bin/aws --region eu-central-1 ec2 create-tags --resources vol-0 returned a non-throttling error: An error occurred (RequestLimitExceeded) when calling the CreateTags operation (reached max retries: 2): Request limit exceeded.',
            '[WARNING] Unable to tag these EBS volumes',
          ),
        ],
      }),
      albPrint(SOCA_25.manager, runsFor(WALT)),
      webLog(SOCA_25, requested(SOCA_25, WALT)),
      watcherLog(SOCA_25, seenRunning(WALT)),
    ],
    expect: { 'walt/Flow': 'ready' },
  },
  {
    title: '26.4: /apps is not mounted, though the script says that it completed; its logs lie on the host',
    tree: beside(EDH_26, PAIR, MOUNT_LOST, { below: `/collected/${VERA.host}` }),
    expect: {
      'vera/Flow': failed('mount', 'nfs-timeout', 'mount.nfs4: Connection timed out', [
        'mount-attempts-exhausted',
        'fs-mount-failed',
        'ad-cache-missing',
      ]),
      'walt/Flow': 'ready',
    },
  },
  {
    title: '26.4: the disk is too small for the packages, which is why all attempts fail',
    tree: beside(EDH_26, PAIR, {
      '02_setup.log': [
        upTo(
          '[INFO] Attempt 1/10)',
          ...failedAttempts(
            SETUP_PACKAGES,
            10,
            'Error: Transaction test error:',
            '  installing package adcli-0.9.2-1.el9.x86_64 needs 61MB more space on the / filesystem',
            'Error writing to file: Write error [Errno 28] No space left on device',
          ),
          `[FATAL] ${SETUP_PACKAGES} failed after all attempts, exiting ..`,
        ),
      ],
      ...NEVER_BACK,
    }),
    expect: {
      'vera/Flow': failed('setup', 'disk-too-small', '  installing package adcli', [
        'disk-full',
        'packages-gave-up',
      ]),
      'walt/Flow': 'ready',
    },
  },
  {
    title: '26.4: the host does not come back from its reboot',
    tree: beside(EDH_26, PAIR, NEVER_BACK),
    expect: {
      'vera/Flow': stalled('reboot', 'absence-after-reboot', 'Rebooting the machine'),
      'walt/Flow': 'ready',
    },
  },
]
