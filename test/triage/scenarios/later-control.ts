import { albLogger, beginning, known, runsFor, takenIn } from './alb-logger.ts'
import {
  albPrint,
  beginning as begunPrint,
  brokenRun,
  known as knownPrint,
  run,
  takenIn as takenPrint,
} from './alb-print.ts'
import { bootstrapped } from './bootstrap-desktop.ts'
import {
  create,
  errorWatch,
  errorWatcherLog,
  login,
  requested,
  seenRunning,
  waitedFor,
  wanted,
  watch,
  watcherLog,
  webLog,
} from './bootstrap-portal.ts'
import { desktop } from './desktops.ts'
import { upTo } from './edits.ts'
import { EDH_26, SOCA_24 } from './generations.ts'
import { failed, type Log, type Scenario } from './scenario.ts'

const ADA = desktop('ada/Line', '10.30.8.4', 200)
const BEN = desktop('ben/Line', '10.30.8.5', 60)
const CLEO = desktop('cleo/Line', '10.30.8.6', 220)

/** Ada's and Ben's desktops are well by their own logs, and nobody reaches Ada's. */
const BOTH: readonly Log[] = [
  ...bootstrapped(EDH_26, ADA),
  ...bootstrapped(EDH_26, BEN),
  webLog(EDH_26, requested(EDH_26, ADA), requested(EDH_26, BEN)),
  watcherLog(EDH_26, waitedFor(ADA), seenRunning(BEN)),
]
const BEN_IN = { minute: 63, hosts: takenIn(BEN) }
const LATER = [203, 206, 240, 440, 470]
const PROXY =
  'ERROR Unable to authenticate DCV session:  Unable to authenticate this DCV session, combination of session token, instance id, private ip, user is invalid. Make sure remote_addr point to the private IP address of your DCV manager (verify your proxy settings).'

/** Desktops of SOCA 24.10 and EDH 26.4 that are well but for the controller, and what only the controller tells. */
export const LATER_CONTROL: readonly Scenario[] = [
  {
    title: '24.10: each run of the ALB manager is denied at one host, and the next host is never reached',
    tree: [
      ...[ADA, BEN, CLEO].flatMap((one) => bootstrapped(SOCA_24, one)),
      albPrint(SOCA_24.manager, [
        run(takenPrint(BEN)),
        ...[1, 2, 3].map(() =>
          brokenRun(
            [...knownPrint(BEN), ...begunPrint(ADA.host)],
            'botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the CreateTargetGroup operation: User: arn:aws:sts::111122223333:assumed-role/lab-SchedulerRole/i-0feedc0ffee012345 is not authorized to perform: elasticloadbalancing:CreateTargetGroup',
          ),
        ),
      ]),
    ],
    expect: {
      'ada/Line': failed('load-balancer', 'alb-access-denied', 'Traceback'),
      'ben/Line': 'ready',
      'cleo/Line': failed('load-balancer', 'alb-access-denied', 'Traceback'),
    },
  },
  {
    title: '26.4: the load balancer has as many rules as it may',
    tree: [
      ...BOTH,
      albLogger(EDH_26, [
        BEN_IN,
        ...LATER.map((minute) => ({
          minute,
          hosts: [
            ...known(BEN),
            ...beginning(ADA),
            "ERROR return_error Error ID: GENERIC_ERROR | Error Message:  Unable to create ALB rule because of An error occurred (TooManyRules) when calling the CreateRule operation: The maximum number of rules on load balancer 'lab' has been reached | Status Code: 500 | Error RequestId 1f | Error Trace: \n>> File: /opt/edh/edh-lab/cluster_manager/orchestrator/dcv_alb_manager.py, Line: 179, Function: create_new_alb_rule, Frame ID 1399",
            'ERROR <module> Unable to create ALB rule',
          ],
        })),
      ]),
    ],
    expect: {
      'ada/Line': failed('load-balancer', 'alb-too-many-rules', 'Error ID: GENERIC_ERROR', [
        'alb-host-not-added',
      ]),
      'ben/Line': 'ready',
    },
  },
  {
    title: '26.4: runs of the ALB manager end in the middle, and their traceback went by mail',
    tree: [
      ...BOTH,
      albLogger(EDH_26, [BEN_IN, ...LATER.map((minute) => ({ minute, hosts: [], isBroken: true }))]),
    ],
    expect: { 'ada/Line': failed('load-balancer', 'absence-alb-host'), 'ben/Line': 'ready' },
  },
  {
    title: '26.4: the ALB manager never sees a host without its tags',
    tree: [...BOTH, albLogger(EDH_26, runsFor(BEN))],
    expect: { 'ada/Line': failed('load-balancer', 'absence-alb-host'), 'ben/Line': 'ready' },
  },
  {
    title: '26.4: the ALB manager skips an instance without a private name',
    tree: [
      ...BOTH,
      albLogger(EDH_26, [
        BEN_IN,
        ...LATER.map((minute) => ({
          minute,
          hosts: [
            `WARNING get_ec2_dcv_instances private_dns is empty for instance ${ADA.instance}, skipping ...`,
            ...known(BEN),
          ],
        })),
      ]),
    ],
    expect: {
      'ada/Line': failed('load-balancer', 'alb-private-dns-empty', 'private_dns is empty'),
      'ben/Line': 'ready',
    },
  },
  {
    title: '26.4: the portal sees a proxy in the place of the host and lets nobody in',
    tree: [
      ...bootstrapped(EDH_26, ADA),
      ...bootstrapped(EDH_26, BEN),
      albLogger(EDH_26, runsFor(BEN, ADA)),
      watcherLog(EDH_26, seenRunning(ADA), seenRunning(BEN)),
      webLog(
        EDH_26,
        requested(EDH_26, ADA),
        requested(EDH_26, BEN),
        login(BEN, 100, BEN.address, 'INFO Successfully authenticated session'),
        ...[240, 243, 250].map((minute) => login(ADA, minute, '10.30.99.1', PROXY)),
      ),
    ],
    expect: {
      'ada/Line': failed('connect', 'api-auth-denied', 'Unable to authenticate DCV session'),
      'ben/Line': 'ready',
    },
  },
  {
    title: '26.4: a stack is refused, another rolled back; one desktop has just begun',
    tree: [
      ...bootstrapped(EDH_26, BEN),
      ...bootstrapped(
        EDH_26,
        { ...CLEO, begin: 467 },
        {
          '02_setup.log': [upTo('[INFO] Installing SOCA Python')],
          '03_setup_post_reboot.log': 'gone',
          messages: 'gone',
        },
      ),
      albLogger(EDH_26, runsFor(BEN)),
      webLog(
        EDH_26,
        requested(EDH_26, BEN),
        wanted(ADA),
        [
          `ERROR Error while trying to provision edh-lab-Line-ada due to An error occurred (LimitExceededException) when calling the CreateStack operation: Limit for stack has been exceeded`,
          `ERROR Stack could not be created, deleting ${EDH_26.folderOf(ADA).split('/').slice(0, -2).join('/')}`,
        ].map((said) => create(200.1, said)),
        requested(EDH_26, desktop('dora/Roll', '10.30.8.7', 210)),
      ),
      watcherLog(EDH_26, seenRunning(BEN), [
        watch(213, 'INFO CloudFormation Stack edh-lab-Roll-dora status: ROLLBACK_COMPLETE'),
      ]),
    ],
    expect: {
      'ada/Line': failed('launch', 'api-stack-quota', 'Error while trying to provision', [
        'portal-stack-refused',
      ]),
      'ben/Line': 'ready',
      'cleo/Line': 'in_progress',
      'dora/Roll': failed('launch', 'watch-stack-failed', 'CloudFormation Stack edh-lab-Roll-dora'),
    },
  },
  {
    title: '26.4: a desktop that ran breaks, as only the portal tells',
    tree: [
      ...bootstrapped(EDH_26, BEN),
      albLogger(EDH_26, runsFor(BEN)),
      webLog(EDH_26, requested(EDH_26, BEN)),
      watcherLog(EDH_26, seenRunning(BEN)),
      errorWatcherLog(EDH_26, [
        errorWatch(
          300,
          `INFO DCV Session not running properly on ${BEN.instance} for DCV Session ${BEN.uuid}, restarting socadcv / dcvserver`,
        ),
        errorWatch(
          310,
          `INFO DCV Session not running properly on ${BEN.instance} for DCV Session ${BEN.uuid}. Changing state to error`,
        ),
      ]),
    ],
    expect: { 'ben/Line': failed('session', 'watch-session-error', 'DCV Session not running properly') },
  },
]
