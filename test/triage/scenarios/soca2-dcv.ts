import { albPrint, runsFor } from './alb-print.ts'
import { desktop } from './desktops.ts'
import { after, type Edits, instead, upTo } from './edits.ts'
import { failed, type Log, type Scenario, stalled } from './scenario.ts'
import { launching, soca2 } from './soca2-desktop.ts'
import { BOOTSTRAP, SOCA2 } from './soca2-node.ts'
import { apiLog, unanswered, usedWell } from './soca2-portal.ts'

const MANAGER = `/apps/soca/${SOCA2}/cluster_manager/dcv_alb_manager.py.log`
const OLGA = desktop('olga/Solver', '10.20.7.5', 90)
const PETER = desktop('peter/Solver', '10.20.7.61', 30)
const BUS =
  'Could not create session. Could not get the system bus: Exhausted all available authentication mechanisms (tried: EXTERNAL, DBUS_COOKIE_SHA1, ANONYMOUS)'

/** Olga's desktop with these changes beside Peter's, which is well; the portal got this answer of hers. */
function beside(edits: Edits, { hasGpu = false, status = 502 } = {}): Log[] {
  return [
    ...soca2(OLGA, edits, { hasGpu }),
    ...soca2(PETER, {}, { hasGpu }),
    albPrint(MANAGER, runsFor(PETER, OLGA)),
    apiLog(unanswered(OLGA, status), usedWell(PETER)),
  ]
}

function install(...edits: Exclude<Edits[string], 'gone'>): Edits {
  return { 'ComputeNodeInstallDCV.log': edits }
}

/** ComputeNodePostReboot.sh waits for the other script for ever. */
const WAITING: Edits = {
  'ComputeNodePostReboot.log': [upTo('+ [[ 0 -eq 3 ]]')],
  'ComputeNodeConfigureMetrics.log': 'gone',
  'ComputeNodeUserCustomization.log': 'gone',
}

/** Desktops of SOCA 2 that break after their reboot: driver, DCV, session. */
export const SOCA2_DCV: readonly Scenario[] = [
  {
    title: 'the server of DCV does not start, so no session can be created',
    tree: beside(
      install(
        after(
          'Created symlink from',
          'Job for dcvserver.service failed because the control process exited with error code. See "systemctl status dcvserver.service" and "journalctl -xe" for details.',
        ),
        upTo('0', 'Could not create session. The dcvserver service is not running.', '1'),
      ),
    ),
    expect: {
      'olga/Solver': failed('session', 'session-dcvserver-failed', 'Job for dcvserver.service failed', [
        'session-dcvserver-not-running',
        'session-create-exit-code',
      ]),
      'peter/Solver': 'ready',
    },
  },
  {
    title: 'S3 refuses the driver of NVIDIA, and the session cannot start without it',
    tree: beside(
      install(
        instead(
          'Uncompressing NVIDIA',
          'fatal error: An error occurred (403) when calling the HeadObject operation: Forbidden',
          '/bin/sh: /root/NVIDIA-Linux-x86_64*.run: No such file or directory',
          'which: no nvidia-xconfig in (/usr/local/sbin:/usr/local/bin:/sbin:/bin:/usr/sbin:/usr/bin:/opt/pbs/bin)',
          `${BOOTSTRAP}/ComputeNodeInstallDCV.sh: line 50: --preserve-busid: command not found`,
        ),
        upTo('0', 'Could not create session. Failed to start the virtual session', '1'),
      ),
      { hasGpu: true },
    ),
    expect: {
      'olga/Solver': failed('gpu', 'aws-s3-forbidden', 'fatal error: An error occurred (403)', [
        'nvidia-installer-missing',
        'nvidia-xconfig-missing',
        'session-create-failed',
        'session-create-exit-code',
      ]),
      'peter/Solver': 'ready',
    },
  },
  {
    title: 'the session is refused by the bus, though the server answers the load balancer',
    tree: beside(install(upTo('0', BUS, '1')), { status: 200 }),
    expect: {
      'olga/Solver': failed('session', 'session-system-bus-refused', BUS, ['session-create-exit-code']),
      'peter/Solver': 'ready',
    },
  },
  {
    title: 'DCV cannot be downloaded, and the script leaves at its checksum',
    tree: beside({
      ...install(
        upTo(
          'HTTP request sent',
          'Resolving d1uj6qtbmh3dt5.cloudfront.net (d1uj6qtbmh3dt5.cloudfront.net)... failed: Name or service not known.',
          'wget: unable to resolve host address ‘d1uj6qtbmh3dt5.cloudfront.net’',
          'md5sum: nice-dcv-2021.2-11135-el7-x86_64.tgz: No such file or directory',
        ),
      ),
      'ComputeNodePostReboot.log': [instead('+ [[ 0 -eq 3 ]]', '+ [[ 1 -eq 3 ]]')],
    }),
    expect: {
      'olga/Solver': failed('dcv-install', 'install-download-failed', 'Resolving d1uj6qtbmh3dt5', [
        'install-archive-missing',
        'install-script-failed',
      ]),
      'peter/Solver': 'ready',
    },
  },
  {
    title: 'the disk is full when the package of DCV comes, and nothing of DCV is there afterwards',
    tree: beside(
      install(
        instead(
          'nice-dcv-server-2021',
          '\tinstalling package nice-dcv-server-2021.2.11135-1.el7.x86_64 needs 412MB on the / filesystem',
          'Error Summary',
          'Disk Requirements:',
          '  At least 412MB more space needed on the / filesystem.',
        ),
        instead(
          'Created symlink from',
          'mv: cannot stat ‘/etc/dcv/dcv.conf’: No such file or directory',
          'Failed to start dcvserver.service: Unit not found.',
        ),
        upTo('0', `${BOOTSTRAP}/ComputeNodeInstallDCV.sh: line 143: dcv: command not found`, '127'),
      ),
    ),
    expect: {
      'olga/Solver': failed('dcv-install', 'disk-too-small', '\tinstalling package nice-dcv-server', [
        'install-config-missing',
        'session-dcvserver-missing',
        'session-dcv-command-missing',
      ]),
      'peter/Solver': 'ready',
    },
  },
  {
    title: 'a driver is there and the host reboots once more',
    tree: beside({}, { hasGpu: true, status: 200 }),
    expect: { 'olga/Solver': 'ready', 'peter/Solver': 'ready' },
  },
  {
    title: 'metrics cannot be set up and a volume is tagged late: neither harms the desktop',
    tree: beside(
      {
        'ComputeNodeConfigureMetrics.log': [
          instead(
            'MetricBeat disabled',
            'Installing and configuring MetricBeat',
            '2026-05-04 09:57:01 ERROR 403: Forbidden.',
            'md5sum: metricbeat-oss-7.6.2-x86_64.rpm: No such file or directory',
            'FATAL ERROR: Checksum for metricbeat failed. File may be compromised.',
          ),
        ],
        'ComputeNodePostReboot.log': [
          after(
            '+ LOOP_EBS_TAG=0',
            'An error occurred (RequestLimitExceeded) when calling the CreateTags operation (reached max retries: 4): Request limit exceeded.',
            '+ [[ 254 -ne 0 ]]',
            'ec2 tag failed due to EC2 API error, retrying in  17 seconds  and Loop 0/5...',
          ),
        ],
      },
      { status: 200 },
    ),
    expect: { 'olga/Solver': 'ready', 'peter/Solver': 'ready' },
  },
  {
    title: 'the command that creates the session never comes back',
    tree: beside({ ...install(upTo('0')), ...WAITING }),
    expect: {
      'olga/Solver': stalled('session', 'absence-create-answer', launching(OLGA)),
      'peter/Solver': 'ready',
    },
  },
  {
    title: 'yum waits for a lock that nobody gives back',
    tree: beside({
      ...install(
        upTo(
          'There is no installed groups',
          'Existing lock /var/run/yum.pid: another copy is running as pid 1843.',
          ...Array.from({ length: 4 }, () => [
            'Another app is currently holding the yum lock; waiting for it to exit...',
            '  The other application is: yum',
            '    State  : Sleeping, pid: 1843',
          ]).flat(),
        ),
      ),
      ...WAITING,
    }),
    expect: {
      'olga/Solver': stalled('dcv-install', 'absence-session-create', 'Installing DCV'),
      'peter/Solver': 'ready',
    },
  },
]
