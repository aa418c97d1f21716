import type { Desktop } from './desktops.ts'
import { type Edits, edited } from './edits.ts'
import { seconds, slashed } from './moments.ts'
import type { Log } from './scenario.ts'

type Draft = {
  readonly path: string
  readonly lines: readonly string[]
  readonly from: number
  readonly to: number
  /** The agents of Amazon write plain text, PowerShell does not. */
  readonly isPlain?: boolean
  readonly stamp: (minute: number) => string
}

const AMAZON = 'C/ProgramData/Amazon'
const AGENT = 'EC2Launch/log/agent.log'

/** The logs of a Windows desktop of EDH 26.4, copied from its drive C to the folder of its host. */
export function windowsEdh(one: Desktop, edits: Edits = {}): Log[] {
  const folder = `C/ProgramData/EDH/${one.instance}`
  return written(one, edits, [
    { path: `${AMAZON}/${AGENT}`, lines: agent(), from: 1, to: 14, isPlain: true, stamp: seconds },
    { path: `${folder}/01_user_data.ps1.log`, lines: userData(one), from: 1, to: 2, stamp: seconds },
    { path: `${folder}/02_setup.ps1.log`, lines: setup(one), from: 2, to: 10, stamp: seconds },
    { path: `${folder}/dcv_install_msi.log`, lines: installer(), from: 8, to: 9, stamp: seconds },
    {
      path: `${folder}/03_setup_post_reboot.ps1.log`,
      lines: postReboot(one),
      from: 11,
      to: 13,
      stamp: seconds,
    },
  ])
}

/** Those of SOCA 2.7: what EC2Launch says, and what the script says. */
export function windowsSoca2(one: Desktop, edits: Edits = {}): Log[] {
  const folder = `${AMAZON}/EC2-Windows/Launch/Log`
  return written(one, edits, [
    {
      path: `${folder}/UserdataExecution.log`,
      lines: execution(one),
      from: 1,
      to: 9,
      isPlain: true,
      stamp: slashed,
    },
    { path: `${folder}/UserdataExecutionSOCA.log`, lines: script(), from: 2, to: 8, stamp: seconds },
  ])
}

/** Puts a time in front of each line that waits for one (`~`), evenly from the first to the last. */
function written({ host, begin }: Desktop, edits: Edits, drafts: readonly Draft[]): Log[] {
  return drafts.flatMap(({ path, lines, from, to, stamp, isPlain = false }) => {
    const text = edited(path.split('/').at(-1) ?? '', lines, edits)
    if (text === undefined) return []
    const stamped = text.map((line, index) =>
      line.replace(/^~/, stamp(begin + from + ((to - from) * index) / Math.max(1, text.length - 1))),
    )
    const log = { path: `/collected/${host}/${path}`, lines: stamped, end: begin + to }
    return [isPlain ? log : { ...log, encoding: 'utf16le' as const }]
  })
}

function agent(): string[] {
  return [
    '~ Info: EC2Launch Service starting as a service',
    '~ Info: Stage: network execution completed',
    '~ Info: Initialize user-data state',
    '~ Info: Stage: postReadyUserData executing',
    '~ Info: Stage: postReadyUserData execution completed',
    '~ Info: EC2Launch Service stopped',
  ]
}

function userData({ instance, owner, session }: Desktop): string[] {
  return [
    '~ [INFO] Starting User Data setup',
    `~ [INFO] Created C:\\ProgramData\\EDH\\${instance}`,
    `~ [INFO] Downloading Boostrap Sequence from  s3://lab/edh-lab/config/do_not_delete/bootstrap/dcv_node/${owner}/${session}`,
    '~ [INFO] Executing 02_setup.ps',
  ]
}

function setup({ host }: Desktop): string[] {
  return [
    '~ [INFO] Script executed via nt authority\\system',
    '~ [INFO] Chocolatey installation completed.',
    '~ [INFO] Using Active Directory',
    '~ [INFO] Joining Active Directory',
    '~ [INFO] Joining Computer to AD domain',
    'WARNING: The changes will take effect after you restart the computer EC2AMAZ-3F5G7H9.',
    '~ [INFO] Domain Join completed, setting up requireReboot to true',
    '~ [INFO] No GPU detected on this machine',
    '~ [INFO] Installing DCVServer from https://d1uj6qtbmh3dt5.cloudfront.net/2025.0/Servers/nice-dcv-server-x64-Release-2025.0-20103.msi',
    '~ [INFO] DCV installed successfully',
    '~ [INFO] Configuring DCV Session',
    `web-url-path : /${host}`,
    '~ [INFO] DCV Session configured successfully',
    '~ [INFO] Reboot required?: False',
    '~ [INFO] No reboot needed, continuing bootstrap sequence',
  ]
}

function installer(): string[] {
  return [
    '=== Verbose logging started: 5/4/2026  8:08:00  Build type: SHIP UNICODE 5.00.10011.00  Calling process: C:\\Windows\\system32\\msiexec.exe ===',
    'MSI (s) (8C:30) [08:08:31:104]: Doing action: InstallFiles',
    'MSI (s) (8C:30) [08:08:50:101]: Product: NICE DCV Server -- Installation completed successfully.',
    'MSI (s) (8C:30) [08:08:50:118]: MainEngineThread is returning 0',
  ]
}

function postReboot({ owner }: Desktop): string[] {
  return [
    '~ [INFO] Script executed via nt authority\\system',
    '~ [INFO] dcvserver service was running and has been stopped.',
    'dcvserver service is not running.',
    "~ [INFO] Scheduled Task 'EDHBootstrapPostReboot' does not exist. No action required.",
    `~ [INFO] Grant LAB\\${owner} Admin permissions on the local Virtual Desktop machine`,
    '~ [INFO] Boostrap Completed, creating lock file to avoid new executions',
    '~ [INFO] Starting dcvserver service',
    '~ [INFO] Node is ready',
  ]
}

function execution({ host }: Desktop): string[] {
  return [
    '~: Userdata execution begins',
    '~: Zero or more than one <persist> tag was not provided',
    '~: <powershell> tag was provided.. running powershell content',
    '~: Message: The output from user scripts: ',
    `web-url-path : /${host}`,
    '~: Userdata execution done',
  ]
}

function script(): string[] {
  return [
    '~ INFO: Edit dcv.conf',
    '~ INFO: Add custom Auth',
    '~ INFO: Disable sleep',
    '~ INFO: Joining AD domain',
    '~ INFO: Host already part of AD domain',
    '~ INFO: Grant SOCA user Admin permissions',
    '~ INFO: Change default owner for the session',
    '~ INFO: Auto Logon (managed by config.py, only works if not using Active Directory)',
    '~ INFO: Tag EBS disks manually as CFN ASG does not support it',
    '~ INFO: Restart Computer to validate all Windows changes. Use -Force to force reboot even if users are logged in (in case of custom AMI)',
  ]
}
