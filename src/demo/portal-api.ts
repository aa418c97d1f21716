import { portalLog } from './controller-logs.ts'
import { ACCOUNT, AUTH_TOKEN, type Desktop } from './desktop.ts'
import { type Moment, say } from './step.ts'
import type { Take } from './take.ts'

const VIEWER = 'viewer-1875.eu-west-1.elb.amazonaws.com'
/** The page that asks is open this long when nothing ever answers. */
const PATIENCE_MS = 120_000

/** What the portal of SOCA 2.7 logs about one desktop: its creation, the polls of the open page, the login. */
export function portalOf(take: Take, ruleMs: number | undefined, endMs: number): Moment[] {
  const { desktop, startMs, answersMs } = take
  const api = (atMs: number, module: string, texts: readonly string[], level = 'INFO'): Moment => ({
    atMs,
    pace: 1,
    step: say(
      0,
      portalLog(desktop.cluster, 'api'),
      texts.map((text) => `[{{ms}}] [${level}] [${module}] [${text}]`),
    ),
  })
  const openMs = answersMs === undefined ? undefined : Math.max(answersMs, ruleMs ?? Number.POSITIVE_INFINITY)
  const everyMs = 12_000 * desktop.pace
  const created = [
    api(startMs + 200, 'create_linux_desktop', [received(desktop)]),
    // The portal sends who asked back to his list.
    api(startMs + 700, 'list_desktops', poll(take, startMs, 302)),
  ]
  const polls: Moment[] = []
  for (let atMs = startMs + everyMs; atMs < endMs; atMs += everyMs + ((polls.length * 37) % 97)) {
    const open = openMs !== undefined && atMs >= openMs + 2_000
    polls.push(api(atMs, 'list_desktops', poll(take, atMs, statusAt(atMs, ruleMs, open))))
    if (open)
      return [...created, ...polls, ...(desktop.answers === 'session' ? login(desktop, atMs, api) : [])]
    if (openMs === undefined && atMs > (ruleMs ?? endMs) + PATIENCE_MS) break
  }
  return [...created, ...polls]
}

function statusAt(atMs: number, ruleMs: number | undefined, open: boolean): number {
  if (ruleMs === undefined || atMs < ruleMs) return 302
  return open ? 200 : 502
}

function received({ session }: Desktop): string {
  return `Received parameter for new Linux DCV session: {'instance_type': 'm5.xlarge', 'disk_size': '40', 'session_name': '${session}', 'instance_ami': 'base', 'subnet_id': None, 'hibernate': 'false'}`
}

function poll({ desktop, runningMs }: Take, atMs: number, status: number): string[] {
  const { address, cluster, host, instanceId, owner, row, session } = desktop
  const asked = [
    "Received parameter for listing DCV desktop: {'os': 'linux', 'is_active': 'true', 'session_number': '1', 'state': None}",
    `Checking linux desktops for ${owner}`,
  ]
  if (atMs < runningMs) {
    const stack = `${cluster.id}-${session}-${owner}`
    const arn = `arn:aws:cloudformation:${cluster.region}:${ACCOUNT}:stack/${stack}/${desktop.bootstrapUuid}`
    return [
      ...asked,
      'Host Info {}',
      `Host Info check_stack {'Stacks': [{'StackId': '${arn}', 'StackName': '${stack}', 'StackStatus': 'CREATE_IN_PROGRESS'}]}`,
    ]
  }
  return [
    ...asked,
    `Host Info {'private_dns': '${host}', 'private_ip': '${address}', 'instance_id': '${instanceId}', 'status': 'running'}`,
    `Checking https://${cluster.id}-${VIEWER}/${host}/ for <LinuxDCVSessions ${row}> and received status ${status} `,
  ]
}

type Api = (atMs: number, module: string, texts: readonly string[]) => Moment

/** The token stands in the clear in both logs of the portal. */
function login(desktop: Desktop, atMs: number, api: Api): Moment[] {
  const { address, cluster, host, instanceId, row, session, sessionUuid } = desktop
  const url = `https://${cluster.id}-${VIEWER}/${host}/`
  const connection = `${url}?authToken=${AUTH_TOKEN}#${sessionUuid}`
  const dump = `{1: {'url': '${url}', 'session_local_admin_password': None, 'session_state': 'running', 'session_authentication_token': '${AUTH_TOKEN}', 'session_id': '${sessionUuid}', 'session_name': '${session}', 'session_instance_id': '${instanceId}', 'session_instance_type': 'm5.xlarge', 'tag_uuid': '${sessionUuid}', 'support_hibernation': False, 'connection_string': '${connection}'}}`
  return [
    {
      atMs: atMs + 1_000,
      pace: 1,
      step: say(0, portalLog(cluster, 'application'), [`[{{ms}}] [INFO] [remote_desktop] [${dump}]`]),
    },
    api(atMs + 9_000, 'authenticator', [
      'DCV Authentication',
      `Detected {'sessionId': '${sessionUuid}', 'authenticationToken': '${AUTH_TOKEN}', 'clientAddress': '10.12.0.38:${2000 + row}'} and remote_addr ${address}`,
      'Successfully authenticated session',
    ]),
  ]
}
