import { albLogger, runsFor } from './alb-logger.ts'
import { bootstrapped, journal } from './bootstrap-desktop.ts'
import { requested, seenRunning, watcherLog, webLog, withoutSession } from './bootstrap-portal.ts'
import { desktop } from './desktops.ts'
import { after, type Edit, type Edits, instead, upTo } from './edits.ts'
import { EDH_26, SOCA_25 } from './generations.ts'
import { beside } from './later-pair.ts'
import { failed, type Scenario, stalled } from './scenario.ts'

const XENA = desktop('xena/Crash', '10.30.5.2', 150)
const YURI = desktop('yuri/Crash', '10.30.5.3', 40)
const PAIR = [XENA, YURI] as const
const NO_SOCADCV: Edit = instead(
  'Created symlink /etc/systemd/system/multi-user',
  'Job for socadcv.service failed because the control process exited with error code.',
  'See "systemctl status socadcv.service" and "journalctl -xeu socadcv.service" for details.',
)
const UNIT_FAILED = [
  'systemd[1]: socadcv.service: Control process exited, code=exited, status=1/FAILURE',
  'systemd[1]: Failed to start SOCA DCV Setup Service.',
]

function post(...edits: readonly Edit[]): Edits {
  return { '03_setup_post_reboot.log': edits }
}

function said(...texts: readonly string[]): Edits {
  return { messages: [(lines) => [...lines, ...journal(XENA, ...texts)]] }
}

const CHECKSUM =
  '[FATAL] Checksum for nice-dcv-2025.0-20103-el9-x86_64.tgz failed. Expected SHA256 9c2b1d7f, but found e3b0c442 File may be compromised.'
const KERNEL_SOURCE =
  'ERROR: Unable to find the kernel source tree for the currently running kernel.  Please make sure you have installed the kernel source files for your kernel and that they are properly configured.'

/** Desktops of SOCA 25 and EDH 26 that break after their reboot. */
export const LATER_DCV: readonly Scenario[] = [
  {
    title: '25.3: the service of the session fails, and the node says that it is ready',
    tree: beside(
      SOCA_25,
      PAIR,
      {
        ...post(NO_SOCADCV),
        ...said(
          "dcv[4188]: Could not create session. Session owner 'xena' has already a virtual session",
          ...UNIT_FAILED,
        ),
      },
      { answers: withoutSession(XENA) },
    ),
    expect: {
      'xena/Crash': failed('session', 'session-create-failed', 'Could not create session. Session owner', [
        'session-socadcv-failed',
      ]),
      'yuri/Crash': 'ready',
    },
  },
  {
    title: '25.3: the download of DCV hangs',
    tree: beside(SOCA_25, PAIR, {
      ...post(upTo('HTTP request sent', 'Connecting to d1uj6qtbmh3dt5.cloudfront.net|13.224.14.51|:443... ')),
    }),
    expect: {
      'xena/Crash': stalled('dcv-install', 'absence-session-create', 'DCV Not found'),
      'yuri/Crash': 'ready',
    },
  },
  {
    title: '25.8: the name of the download is not resolved; a second instance is well',
    tree: beside(
      SOCA_25,
      PAIR,
      post(
        upTo(
          'HTTP request sent',
          'Resolving d1uj6qtbmh3dt5.cloudfront.net (d1uj6qtbmh3dt5.cloudfront.net)... failed: Name or service not known.',
          'wget: unable to resolve host address ‘d1uj6qtbmh3dt5.cloudfront.net’',
          '[FATAL] Error downloading [https://d1uj6qtbmh3dt5.cloudfront.net/2025.0] wget returned an error, check the logs for more details',
        ),
      ),
      { later: [desktop('xena/Crash', '10.30.5.99', 220)] },
    ),
    expect: {
      'xena/Crash': failed('dcv-install', 'install-download-failed', 'Resolving d1uj6qtbmh3dt5'),
      'xena/Crash #2': 'ready',
      'yuri/Crash': 'ready',
    },
  },
  {
    title: '26.4: the archive of DCV is not what it should be',
    tree: beside(EDH_26, PAIR, post(upTo('[INFO] Checksum for', CHECKSUM))),
    expect: {
      'xena/Crash': failed('dcv-install', 'install-checksum-mismatch', 'Checksum for nice-dcv'),
      'yuri/Crash': 'ready',
    },
  },
  {
    title:
      '26.4: the driver cannot be built, so neither X nor the session starts, and the node says that it is ready',
    tree: beside(
      EDH_26,
      PAIR,
      {
        ...post(
          instead(
            '[INFO] NVIDIA driver installed',
            KERNEL_SOURCE,
            "ERROR: Installation has failed.  Please see the file '/var/log/nvidia-installer.log' for details.",
            '[ERROR] Unable to install GPU NVIDIA-Linux-x86_64-570.133.20-grid-aws.run driver, copying /var/log/nvidia-installer.log for troubleshooting',
            "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.",
          ),
          after(
            '[INFO] Start X',
            'Job for gdm.service failed because the control process exited with error code.',
          ),
          NO_SOCADCV,
        ),
        ...said(
          'gdm[2420]: GdmLocalDisplayFactory: maximum number of X display failures reached: check X server log for errors',
          ...UNIT_FAILED,
        ),
      },
      { hasGpu: true },
    ),
    expect: {
      'xena/Crash': failed('gpu', 'nvidia-kernel-source-missing', KERNEL_SOURCE, [
        'nvidia-install-failed',
        'session-gdm-failed',
        'session-socadcv-failed',
      ]),
      'yuri/Crash': 'ready',
    },
  },
  {
    title: '26.4: the host may not read the licence of DCV',
    tree: [
      ...beside(
        EDH_26,
        PAIR,
        {
          ...post(NO_SOCADCV),
          ...said(
            'dcv[4188]: Could not create session: Could not acquire dcv licenses: No license for product (-1)',
            ...UNIT_FAILED,
          ),
        },
        { answers: withoutSession(XENA) },
      ),
      {
        path: `/collected/${XENA.host}/var/log/dcv/server.log`,
        lines: [
          '2026-05-04 10:50:50,100000 [  3517:3517  ] INFO  main - DCV server version 2025.0 (r20103) started',
          "2026-05-04 10:50:58,200000 [  3517:3530  ] WARN  license-manager - Unable to retrieve license object from AWS S3 bucket 'dcv-license.eu-central-1': Access Denied",
        ],
        end: XENA.begin + 21,
      },
    ],
    expect: {
      'xena/Crash': failed('session', 'dcv-license-s3-denied', 'Unable to retrieve license object', [
        'dcv-license-missing',
        'session-socadcv-failed',
      ]),
      'yuri/Crash': 'ready',
    },
  },
  {
    title: '26.4: a host named by its instance, with a GPU, is well',
    tree: [
      ...bootstrapped(EDH_26, { ...XENA, host: XENA.instance }, { messages: 'gone' }, { hasGpu: true }),
      albLogger(EDH_26, runsFor({ ...XENA, host: XENA.instance })),
      webLog(EDH_26, requested(EDH_26, XENA)),
      watcherLog(EDH_26, seenRunning(XENA)),
    ],
    expect: { 'xena/Crash': 'ready' },
  },
]
