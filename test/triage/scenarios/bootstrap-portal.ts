import type { Desktop } from './desktops.ts'
import type { Generation } from './generations.ts'
import { millis } from './moments.ts'
import type { Log } from './scenario.ts'

export type Entry = { readonly minute: number; readonly text: string }

const API = 'cluster_manager/web_interface/api/v1/dcv'
const TASKS = 'cluster_manager/web_interface/scheduled_tasks/virtual_desktops'

/** A log of the portal, by time. */
function logOf(path: string, parts: readonly (readonly Entry[])[]): Log {
  const entries = parts.flat().toSorted((a, b) => a.minute - b.minute)
  return { path, lines: entries.flatMap(({ text }) => text.split('\n')), end: entries.at(-1)?.minute ?? 0 }
}

export function webLog({ web }: Generation, ...parts: readonly (readonly Entry[])[]): Log {
  return logOf(`${web}/web_interface.log`, parts)
}

export function watcherLog({ web }: Generation, ...parts: readonly (readonly Entry[])[]): Log {
  return logOf(`${web}/scheduled_tasks/virtual_desktops/session_state_watcher.log`, parts)
}

export function errorWatcherLog({ web }: Generation, ...parts: readonly (readonly Entry[])[]): Log {
  return logOf(`${web}/scheduled_tasks/virtual_desktops/session_error_watcher.log`, parts)
}

/** `INFO text` as SocaLogger writes it. */
function entry(minute: number, place: string, said: string): Entry {
  const [level = '', ...words] = said.split(' ')
  return { minute, text: `[${millis(minute)}] [${level}] [149] ${place} [${words.join(' ')}]` }
}

/** The portal says something while it makes a desktop. */
export function create(minute: number, said: string): Entry {
  return entry(minute, `[${API}/create_virtual_desktop.py] [] [post]`, said)
}

/** A desktop is asked for, and its stack is made. */
export function requested({ cluster, folderOf }: Generation, one: Desktop): Entry[] {
  const { begin, owner, session } = one
  const folder = folderOf(one).split('/').slice(0, -2).join('/')
  return [
    ...wanted(one),
    create(begin + 0.02, `INFO Creating BootstrapPath ${folder}`),
    create(begin + 0.05, `INFO CloudFormation stack ${cluster}-${session}-${owner} created`),
  ]
}

/** A desktop is asked for. */
export function wanted({ begin, owner, session }: Desktop): Entry[] {
  const words = `session_name=${session} instance_type=m6i.xlarge owner=${owner}`
  return [create(begin, `INFO Received parameter for new Linux DCV session: ${words}`)]
}

/** The owner's token is shown to the portal, which answers. */
export function login({ uuid }: Desktop, minute: number, address: string, answer: string): Entry[] {
  const place = `[${API}/authenticator.py] [] [post]`
  const token = `{'sessionId': '${uuid}', 'authenticationToken': 'bm9uZQ', 'clientAddress': '10.20.0.38:2098'} and remote_addr ${address}`
  return [
    entry(minute, place, 'INFO DCV Authentication'),
    entry(minute, place, `INFO Detected ${token}`),
    entry(minute, place, answer),
  ]
}

/** The watcher says something. */
export function watch(minute: number, said: string): Entry {
  return entry(minute, `[${TASKS}/session_state_watcher.py] [] [process_chunk]`, said)
}

/** The other watcher, which looks for sessions that broke. */
export function errorWatch(minute: number, said: string): Entry {
  return entry(minute, `[${TASKS}/session_error_watcher.py] [] [validate_dcv_session]`, said)
}

/** The watcher asks for a desktop that never answers. */
export function waitedFor({ host, begin }: Desktop): Entry[] {
  return [3, 30, 90].map((later) =>
    watch(
      begin + later,
      `WARNING Unable to query https://lab-viewer-17.elb.amazonaws.com/${host}/ due to 'NoneType' object has no attribute 'headers'. This is normal is the session is still being provisioned`,
    ),
  )
}

/** The server of a desktop answers, but it has no session. */
export function withoutSession(one: Desktop): Entry[] {
  const { begin, host, instance, uuid } = one
  return [30, 31, 90].flatMap((later) => [
    watch(
      begin + later,
      `INFO LoadBalancer Result https://lab-viewer-17.elb.amazonaws.com/${host}/ -> {'success': True, 'status_code': 200}`,
    ),
    watch(
      begin + later,
      `WARNING DCV Session not running properly on ${instance} for DCV Session ${uuid}, this may be because system has just started. DCV Error state will be checked by session_error_watcher`,
    ),
  ])
}

/** The watcher finds a desktop that runs. */
export function seenRunning(one: Desktop): Entry[] {
  const { begin, instance, uuid } = one
  return [
    ...waitedFor(one).slice(0, 1),
    watch(
      begin + 26,
      `INFO DCV Session running properly on ${instance} for DCV Session ${uuid}, changing state to running`,
    ),
  ]
}
