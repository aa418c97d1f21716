import type { Desktop } from './desktop.ts'
import type { Random } from './random.ts'
import { type Step, say } from './step.ts'

const MSI =
  'https://d1uj6qtbmh3dt5.cloudfront.net/2025.0/Servers/nice-dcv-server-x64-Release-2025.0-20103.msi'

/**
 * The logs of a Windows desktop of EDH: those of its bootstrap, copied to the folder of all desktops, in UTF-16 with BOM and
 * CRLF as Out-File writes them; and the log of EC2Launch, collected from its host.
 */
export function windowsDesktop(desktop: Desktop, values: Random): Step[] {
  const write = (afterMs: number, name: string, lines: readonly string[]): Step =>
    say(afterMs, `${desktop.folder}/${name}`, lines, { encoding: 'utf16le' })
  const agent = (afterMs: number, lines: readonly string[]): Step =>
    say(
      afterMs,
      `collected/${desktop.host}/C/ProgramData/Amazon/EC2Launch/log/agent.log`,
      lines.map((line) => `{{sec}} Info: ${line}`),
      {
        encoding: 'crlf',
      },
    )
  return [
    agent(4_000, agentBegin(values)),
    write(6_000, '01_user_data.ps1.log', userData(desktop)),
    ...setup(desktop, values, write),
    ...finish(desktop, values, write),
    agent(4_000, ['Stage: postReadyUserData execution completed', 'EC2Launch Service stopped']),
  ]
}

type Write = (afterMs: number, name: string, lines: readonly string[]) => Step

function log(text: string): string {
  return `{{sec}} [INFO] ${text}`
}

function bundle({ cluster, owner, session, bootstrapUuid }: Desktop): string {
  return `s3://${cluster.id}-install/${cluster.id}/config/do_not_delete/bootstrap/dcv_node/${owner}/${session}/${bootstrapUuid}`
}

function agentBegin(values: Random): string[] {
  const folder = `C:\\Windows\\system32\\config\\systemprofile\\AppData\\Local\\Temp\\EC2Launch${values.int(100_000_000, 999_999_999)}`
  return [
    'EC2Launch Service starting as a service',
    'EC2Launch Version: 2.2.63',
    'Stage: boot execution completed',
    'Stage: network execution completed',
    'Initialize user-data state',
    'Stage: postReadyUserData executing',
    `Script file is created at: ${folder}\\UserScript.ps1`,
    `Output file is created at: ${folder}\\output.tmp`,
    `Error file is created at: ${folder}\\err.tmp`,
  ]
}

function userData(desktop: Desktop): string[] {
  const folder = `C:\\ProgramData\\EDH\\${desktop.instanceId}`
  return [
    log(`Created ${folder}`),
    log(`Downloading Boostrap Sequence from  ${bundle(desktop)}`),
    log('Executing 02_setup.ps'),
  ]
}

function setup({ host, owner }: Desktop, values: Random, write: Write): Step[] {
  const computer = `EC2AMAZ-${values.hex(7).toUpperCase()}`
  const file = '02_setup.ps1.log'
  return [
    write(3_000, file, [
      log('Script executed via nt authority\\system'),
      log('Chocolatey is not installed. Installing Chocolatey...'),
      log('Enforcing TLS 1.2 for secure connection'),
    ]),
    write(9_000, file, [
      log('Chocolatey installation completed.'),
      log('Using Active Directory'),
      log('Joining Active Directory'),
      log('Joining Computer to AD domain'),
    ]),
    write(12_000, file, [
      `WARNING: The changes will take effect after you restart the computer ${computer}.`,
      log('Domain Join completed, setting up requireReboot to true'),
      log('No GPU detected on this machine'),
      log(`Installing DCVServer from ${MSI}`),
      log('Microsoft Visual C++ 2022 not found, installing it ...'),
    ]),
    write(14_000, 'dcv_install_msi.log', installer(values)),
    write(12_000, file, [
      log('DCV installed successfully'),
      log('Configuring DCV Session'),
      log('Creating DCV Default console session'),
      log('Update DCV web-url-path'),
      `web-url-path : /${host}`,
      log('Disable DCV os-auto-lock'),
      log('Enable DCV disable-display-sleep'),
      log('Enable Session storage'),
      log(`Created C:\\session-storage\\${owner}`),
      log('DCV Session configured successfully'),
    ]),
    write(2_000, file, [
      log('Reboot required?: False'),
      log('No reboot needed, continuing bootstrap sequence'),
    ]),
  ]
}

function installer(values: Random): string[] {
  const server = `MSI (s) (${values.hex(2).toUpperCase()}:${values.hex(2).toUpperCase()})`
  return [
    '=== Verbose logging started: {{sec}}  Build type: SHIP UNICODE 5.00.10011.00  Calling process: C:\\Windows\\system32\\msiexec.exe ===',
    `${server}: Doing action: InstallFiles`,
    `${server}: Doing action: InstallServices`,
    `${server}: Product: NICE DCV Server -- Installation completed successfully.`,
    `${server}: MainEngineThread is returning 0`,
    '=== Verbose logging stopped: {{sec}} ===',
  ]
}

function finish({ cluster, owner }: Desktop, values: Random, write: Write): Step[] {
  const file = '03_setup_post_reboot.ps1.log'
  const shortName = (cluster.domain.split('.')[0] ?? '').toUpperCase()
  return [
    write(3_000, file, [
      log('Script executed via nt authority\\system'),
      log('dcvserver service was running and has been stopped.'),
      'dcvserver service is not running.',
      log("Checking if Scheduled Task 'EDHBootstrapPostReboot' exists."),
      log("Scheduled Task 'EDHBootstrapPostReboot' does not exist. No action required."),
      log(`Grant ${shortName}\\${owner} Admin permissions on the local Virtual Desktop machine`),
      log('Create Desktop Shortcut to EDH web interface'),
    ]),
    write(6_000, file, [
      log('Tag EBS disks manually as CFN ASG does not support it'),
      log(`Applied tags to volume vol-0${values.hex(16)}`),
      log('Boostrap Completed, creating lock file to avoid new executions'),
    ]),
    write(2_000, file, [log('Starting dcvserver service'), log('Node is ready')]),
  ]
}
