import { albLogger, takenIn } from './alb-logger.ts'
import { requested, webLog } from './bootstrap-portal.ts'
import { desktop } from './desktops.ts'
import { after, type Edits, instead, upTo } from './edits.ts'
import { EDH_26 } from './generations.ts'
import { millis } from './moments.ts'
import { failed, type Log, type Scenario, stalled } from './scenario.ts'
import { windowsEdh, windowsSoca2 } from './windows-desktop.ts'

/** Logs of Windows name no owner: a desktop is known by its host. */
const EVA = desktop('eva/Office', '10.40.2.3', 90)
const FINN = desktop('finn/Office', '10.40.2.4', 30)
const NOT_AFTER: Edits = { '03_setup_post_reboot.ps1.log': 'gone' }
const NOT_INSTALLED: Edits = { ...NOT_AFTER, 'dcv_install_msi.log': 'gone' }
const NO_JOIN =
  "Add-Computer : Computer 'EC2AMAZ-3F5G7H9' failed to join domain 'lab.example.org' from its current workgroup 'WORKGROUP'"
const JOIN_REASON = [
  ' with following error message: The user name or password is incorrect.',
  'At C:\\ProgramData\\EDH\\02_setup.ps1:211 char:5',
  '    + CategoryInfo          : OperationStopped: (EC2AMAZ-3F5G7H9:String) [Add-Computer], InvalidOperationException',
  '    + FullyQualifiedErrorId : FailToJoinDomainFromWorkgroup,Microsoft.PowerShell.Commands.AddComputerCommand',
]

function beside(edits: Edits): Log[] {
  return [...windowsEdh(EVA, edits), ...windowsEdh(FINN)]
}

const RESTARTED: Edits = {
  '02_setup.ps1.log': [
    instead('~ [INFO] Reboot required?: False', '~ [INFO] Reboot required?: True'),
    instead(
      '~ [INFO] No reboot needed',
      '~ [INFO] ScheduledTask configured, boostrap will continue after the reboot',
      '~ [INFO] Restart Computer to validate all Windows changes. Use -Force to force reboot even if users are logged in',
    ),
  ],
  ...NOT_AFTER,
}

/** What DCV writes when it starts on Windows, `minute` minutes after the request for the desktop. */
function served(owner: string, minute: number): Log {
  return {
    path: `/collected/${EVA.host}/C/ProgramData/NICE/dcv/log/server.log`,
    lines: [
      'Starting DCV server version 2025.0 (r20103)',
      `Session 'console' (owner: ${owner}, type: console) created`,
    ].map((said) => `${millis(EVA.begin + minute)} [  3517:3517  ] INFO  main - ${said}`),
    end: EVA.begin + minute,
  }
}

/** Windows desktops, with what PowerShell writes in UTF-16. */
export const WINDOWS: readonly Scenario[] = [
  {
    title: '26.4: both desktops are well, as two bytes a letter say',
    tree: beside({}),
    expect: { [EVA.host]: 'ready', [FINN.host]: 'ready' },
  },
  {
    title: '2.7: a desktop is well',
    tree: windowsSoca2(FINN),
    expect: { [FINN.host]: 'ready' },
  },
  {
    title: '26.4: the password for the domain is wrong, and the script goes on as if it were right',
    tree: beside({
      '02_setup.ps1.log': [
        instead('WARNING: The changes', NO_JOIN, ...JOIN_REASON),
        instead('~ [INFO] Domain Join completed'),
      ],
    }),
    expect: { [EVA.host]: failed('identity', 'win-domain-join-failed', NO_JOIN), [FINN.host]: 'ready' },
  },
  {
    title: '2.7: the join to the domain fails, as only the last words of EC2Launch tell',
    tree: [
      ...windowsSoca2(EVA, {
        'UserdataExecution.log': [
          after(
            'web-url-path',
            NO_JOIN,
            ' with following error message: The specified domain either does not exist or could not be contacted.',
          ),
        ],
        'UserdataExecutionSOCA.log': [upTo('~ INFO: Host already part')],
      }),
      ...windowsSoca2(FINN),
    ],
    expect: {
      [EVA.host]: failed(
        'identity',
        'win-domain-join-failed',
        "Add-Computer : Computer 'EC2AMAZ-3F5G7H9' failed to join domain",
      ),
      [FINN.host]: 'ready',
    },
  },
  {
    title:
      '26.4: the installer of DCV fails, so its service is not there, and the node says that it is ready',
    tree: beside({
      'dcv_install_msi.log': [
        upTo(
          'MSI (s) (8C:30) [08:08:50:101]',
          'CustomAction InstallIddDriver returned actual error code 1603 (note this may not be 100% accurate if translation happened inside sandbox)',
          'MSI (s) (8C:30) [08:08:50:101]: Product: NICE DCV Server -- Installation failed.',
          'MSI (s) (8C:30) [08:08:50:118]: MainEngineThread is returning 1603',
        ),
      ],
      '03_setup_post_reboot.ps1.log': [
        after(
          '~ [INFO] Starting dcvserver',
          "Start-Service : Cannot find any service with service name 'dcvserver'.",
        ),
      ],
    }),
    expect: {
      [EVA.host]: failed('dcv-install', 'win-msi-failed', 'CustomAction InstallIddDriver', [
        'win-dcvserver-missing',
      ]),
      [FINN.host]: 'ready',
    },
  },
  {
    title: '26.4: the address of the download is not resolved, so the service of DCV is not there',
    tree: beside({
      '02_setup.ps1.log': [
        after(
          '~ [INFO] Installing DCVServer',
          "Invoke-WebRequest : The remote name could not be resolved: 'd1uj6qtbmh3dt5.cloudfront.net'",
        ),
        upTo(
          '~ [INFO] DCV installed',
          "Get-Service : Cannot find any service with service name 'dcvserver'.",
        ),
      ],
      ...NOT_INSTALLED,
    }),
    expect: {
      [EVA.host]: failed('dcv-install', 'win-dcv-download-failed', 'Invoke-WebRequest', [
        'win-dcvserver-missing',
      ]),
      [FINN.host]: 'ready',
    },
  },
  {
    title: '26.4: S3 refuses the scripts of the bootstrap',
    tree: beside({
      '01_user_data.ps1.log': [
        upTo(
          '~ [INFO] Executing 02',
          'fatal error: An error occurred (403) when calling the HeadObject operation: Forbidden',
          'Copy-S3Object : Access Denied',
          '    + FullyQualifiedErrorId : Amazon.S3.AmazonS3Exception,Amazon.PowerShell.Cmdlets.S3.CopyS3ObjectCmdlet',
        ),
      ],
      '02_setup.ps1.log': 'gone',
      ...NOT_INSTALLED,
    }),
    expect: {
      [EVA.host]: failed('user-data', 'aws-s3-forbidden', 'fatal error: An error occurred (403)', [
        'win-s3-failed',
      ]),
      [FINN.host]: 'ready',
    },
  },
  {
    title: '26.4: EC2Launch cannot read the user data, so nothing of it runs',
    tree: [
      ...windowsEdh(EVA, {
        'agent.log': [
          upTo(
            '~ Info: Stage: postReadyUserData executing',
            '~ Warning: No XML or YAML user data detected. If XML or YAML user data is intended, check for typos',
            '~ Console: User data format: unrecognized',
          ),
        ],
        '01_user_data.ps1.log': 'gone',
        '02_setup.ps1.log': 'gone',
        ...NOT_INSTALLED,
      }),
      ...windowsEdh(FINN),
    ],
    expect: {
      [EVA.host]: failed('user-data', 'win-userdata-unreadable', 'No XML or YAML user data'),
      [FINN.host]: 'ready',
    },
  },
  {
    title: '26.4: the join to the domain never comes back',
    tree: beside({
      '02_setup.ps1.log': [upTo('WARNING: The changes')],
      ...NOT_INSTALLED,
    }),
    expect: { [EVA.host]: stalled('identity', '', 'Joining Active Directory'), [FINN.host]: 'ready' },
  },
  {
    title: '26.4: the ALB manager breaks off, and of a desktop with a session the last log is not there',
    tree: [
      ...beside({
        ...NOT_AFTER,
        '01_user_data.ps1.log': [
          instead(
            '~ [INFO] Downloading Boostrap',
            `~ [INFO] Downloading Boostrap Sequence from  s3://lab/edh-lab/config/do_not_delete/bootstrap/dcv_node/eva/Office/${EVA.uuid}/${FINN.uuid}/`,
          ),
        ],
      }),
      served('eva', 14),
      webLog(EDH_26, requested(EDH_26, EVA)),
      albLogger(EDH_26, [
        { minute: FINN.begin + 3, hosts: takenIn(FINN) },
        ...[108, 111, 114, 470].map((minute) => ({ minute, hosts: [], isBroken: true })),
      ]),
    ],
    expect: {
      'eva/Office': failed('load-balancer', 'absence-alb-host'),
      [FINN.host]: 'ready',
    },
  },
  {
    title: '26.4: after the restart only the DCV server writes, for the script does not any more',
    tree: [...beside(RESTARTED), served('eva', 14)],
    expect: { [EVA.host]: 'ready', [FINN.host]: 'ready' },
  },
  {
    title: '26.4: Windows does not come back from the restart; its DCV server has run only before it',
    tree: [...beside(RESTARTED), served('eva', 9)],
    expect: { [EVA.host]: stalled('reboot', 'absence-win-after-restart'), [FINN.host]: 'ready' },
  },
  {
    title: '26.4: the join never ends, and the DCV server of the image has run since before the bootstrap',
    tree: [
      ...beside({ '02_setup.ps1.log': [upTo('~ [INFO] Joining Computer to AD domain')], ...NOT_INSTALLED }),
      served('Administrator', 0),
    ],
    expect: { [EVA.host]: stalled('identity', ''), [FINN.host]: 'ready' },
  },
  {
    title: '26.4: the secret of the domain never comes',
    tree: beside({
      '02_setup.ps1.log': [
        upTo(
          '~ [INFO] Joining Active Directory',
          ...Array.from(
            { length: 10 },
            (_, index) =>
              `~ [WARNING] Secret Manager is not ready yet ... Waiting 180 s... Loop count is: ${index + 1}/10`,
          ),
          '~ [FATAL] Timed out waiting for secret lab-ad from secrets manager ',
        ),
      ],
      ...NOT_INSTALLED,
    }),
    expect: {
      [EVA.host]: failed('identity', 'win-secret-timeout', 'Timed out waiting for secret lab-ad'),
      [FINN.host]: 'ready',
    },
  },
]
