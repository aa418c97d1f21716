import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** A desktop of SOCA 2 whose packages do not fit, and one of EDH 26 that came up. */
export const FAILED = 'mira/CadDesktop1'
export const READY = 'omar/Viz7'
export const SECRET = 'Gr4vel!Path'

const FAILED_FOLDER = '/apps/soca/soca-blue/cluster_node_bootstrap/logs/desktop/mira/CadDesktop1/ip-10-8-0-21'
const READY_FOLDER =
  '/apps/edh/edh-green/shared/logs/bootstrap/dcv_node/omar/Viz7/5b0d3c1e-77a4-4c09-8a52-8f1f3c2b9d10/c7f4a2d8-1e35-4b6f-9f0a-2d6e8b1c4a57/ip-10-8-3-44'

/** Logs without times have that of their file. */
const WRITTEN = '2026-02-10T09:00:00Z'

export const ALB_LOG = '/apps/soca/soca-blue/cluster_manager/dcv_alb_manager.py.log'
export const INSTALL_LOG = `${FAILED_FOLDER}/ComputeNodeInstallDCV.log`
export const NODE_LOG = `${FAILED_FOLDER}/ComputeNode.sh.log`
export const POST_REBOOT_LOG = `${READY_FOLDER}/03_setup_post_reboot.log`
export const SERVER_LOG = '/var/log/dcv/server.log'
export const WINDOWS_LOG = '/ProgramData/Amazon/EC2-Windows/Launch/Log/UserdataExecutionSOCA.log'

const TRACEBACK = `Traceback (most recent call last):
  File "/apps/soca/soca-blue/cluster_manager/dcv_alb_manager.py", line 288, in <module>
    create_rule(listener, rule)
botocore.errorfactory.TooManyRulesException: An error occurred (TooManyRules) when calling the CreateRule operation: The maximum number of rules has been reached
`
const stamp = (seconds: number) => `2026-02-10 08:16:${String(seconds).padStart(2, '0')}`
const dcv = (seconds: number, level: string, text: string) =>
  `${stamp(seconds)},161016 [  2201:2201  ] ${level.padEnd(5)} ${text}\n`
const refused = (seconds: number, client: string) =>
  dcv(
    seconds,
    'WARN',
    `frontend-handler - Invalid connection request from client '${client}:2098 (forwarded for 192.0.2.7)': unknown session '7be2f1c4-5d0a-4d6e-9c55-0b7f6c1c0a11'`,
  )
const setup = (seconds: number, level: string, text: string) => `[${stamp(seconds)},040] [${level}] ${text}\n`

/** What is in each file. */
export const SAMPLE_FILES: Readonly<Record<string, Buffer>> = {
  [NODE_LOG]: Buffer.concat([
    Buffer.from(`++ hostname -s\n+ DS_DOMAIN_ADMIN_PASSWORD='${SECRET}'\n`),
    Buffer.from('\u001b[31mcafé\u001b[0m \u001b]0;own title\u0007with '),
    Buffer.from([0xff, 0xfe]),
    Buffer.from(' in it\n 10%\r 55%\r100% of nice-dcv.tgz\n+ sudo reboot\n'),
  ]),
  [INSTALL_LOG]: Buffer.from(
    'Install script begins\nerror: Failed dependencies:\n  the needed by-products follow now\n',
  ),
  [POST_REBOOT_LOG]: Buffer.from(
    setup(2, 'INFO', 'Disabling X11 DPMS') +
      'Failed to stop firewalld.service: Unit firewalld.service not loaded.\n' +
      setup(9, 'INFO', 'Bootstrap Sequence Completed: Node Ready'),
  ),
  [ALB_LOG]: Buffer.from(`Detected Default Target Group\n${TRACEBACK}Cleaning complete\n`),
  [SERVER_LOG]: Buffer.from(
    dcv(1, 'INFO', 'main - DCV server started') +
      refused(40, '10.8.0.14') +
      refused(41, '10.8.0.15') +
      dcv(
        42,
        'ERROR',
        "license-manager - Unable to retrieve license object from AWS S3 bucket 'dcv-license.eu-west-1': Access Denied",
      ),
  ),
  [WINDOWS_LOG]: Buffer.from(
    `\ufeff${stamp(20)} INFO: Begin\r\n${stamp(21)} ERROR: Übergabe failed\r\n`,
    'utf16le',
  ),
}

const ownRule = (id: string, literal: string) => `
  - id: ${id}
    version: 1
    status: stable
    title: The firewall is not installed
    severity: info
    layer: environment
    phase: setup
    match: { literal: "${literal}" }
    explain: Nothing to stop.
    provenance: observed
    samples:
      match: [{ line: "Failed to stop firewalld.service: Unit firewalld.service not loaded.", captures: {} }]
      no_match: [Stopped firewalld.service.]
`
/** Two rules that speak of the same line of the desktop that came up. */
export const TWO_RULES = `rules:${ownRule('own-firewall', 'stop firewalld')}${ownRule('own-unit', 'service not loaded')}`

/** Writes the logs of a small cluster below a folder. */
export function writeSampleCluster(root: string): void {
  for (const [path, content] of Object.entries(SAMPLE_FILES)) {
    writeLog(join(root, path), content, path === NODE_LOG ? '2026-02-10T08:40:00Z' : WRITTEN)
  }
}

/** Makes a file and its folders; it was written at this time. */
export function writeLog(path: string, content: string | Buffer, time = WRITTEN): string {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, content)
  utimesSync(path, new Date(time), new Date(time))
  return path
}

/** The objects that a command wrote to stdout, one on each line. */
export function jsonLines(stdout: string): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>)
}
