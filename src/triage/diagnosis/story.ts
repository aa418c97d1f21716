import type { EventJson } from '../../event-json.ts'
import type { FileRow } from '../../store/story-query.ts'
import type { Portal } from '../portal/portal-session.ts'
import type { UnreadLog } from './outside/unread-logs.ts'

/** What is known about a file besides its events; the same whether it comes from the store or from disk. */
export type FileFacts = FileRow

/** Everything known about some desktops and the machines around them. */
export type Story = {
  readonly events: readonly EventJson[]
  readonly files: readonly FileFacts[]
  /** Files with missing or altered bytes: what is said about them is incomplete. */
  readonly damaged: ReadonlySet<string>
  /** Logs that are there and could not be read. */
  readonly unread?: readonly UnreadLog[]
  readonly portal?: Portal
  /** Only desktops that were created since then are missed if they wrote no logs; ISO 8601. */
  readonly silentSince?: string
  /** Is a folder read in which the logs of new desktops appear? If absent, the files decide. */
  readonly readsDesktops?: boolean
  /** The desktops that are asked for (`owner/name`) and hosts: only these are diagnosed. */
  readonly only?: ReadonlySet<string>
}

/** One instance of a desktop, with everything written about it. */
export type Attempt = {
  readonly cluster: string
  readonly owner: string
  readonly name: string
  readonly uuid: string
  readonly host: string
  readonly instance: string
  /** Its name in the network (`ip-10-0-0-1`), which the load balancer uses; '' if not known. */
  readonly address: string
  readonly profile: string
  readonly os: 'linux' | 'windows'
  readonly files: readonly FileFacts[]
  readonly events: readonly EventJson[]
  /** Has another desktop had its address since? Then its instance is gone. */
  readonly isReplaced: boolean
}

/** Kinds of files on machines that serve many desktops. */
export const SHARED: ReadonlySet<string> = new Set([
  'alb-manager',
  'web-ui',
  'state-watcher',
  'scheduled-tasks',
  'uwsgi',
  'controller-other',
  'cron-mail',
])

/** Is it a kind of file of machines that serve many desktops? */
export function isShared(source: string | undefined): boolean {
  return SHARED.has(source ?? '')
}

/** Is it a kind of file only of such machines? A mailbox may be on any host. */
export function isOfController(source: string | undefined): boolean {
  return isShared(source) && source !== 'cron-mail'
}

/** Is a folder read in which the logs of new desktops appear? */
export function readsDesktopsOf({ readsDesktops, files }: Story): boolean {
  return (
    readsDesktops ??
    files.some(({ owner, session, source }) => owner !== '' && session !== '' && !isShared(source))
  )
}

/** When the last line of some files was written; '' if there are none. */
export function lastLineOf(files: readonly FileFacts[]): string {
  let last = ''
  for (const { last_ts } of files) if (last_ts > last) last = last_ts
  return last
}

/** The name for people: `owner/name`, or its host if its owner is not known. */
export function nameOf({ owner, name, host }: Pick<Attempt, 'owner' | 'name' | 'host'>): string {
  return owner !== '' && name !== '' ? `${owner}/${name}` : host
}

/** What tells a log from others: on several hosts with an agent each, logs have the same path. */
export function logKey({ file, host = '' }: Pick<EventJson, 'file' | 'host'>): string {
  return `${host}\0${file}`
}

/** The path of a log on this machine among paths by `logKey`: the lines of a log may name a host that its path does not. */
export function pathOfLog(
  paths: ReadonlyMap<string, string>,
  log: Parameters<typeof logKey>[0],
): string | undefined {
  return paths.get(logKey(log)) ?? paths.get(logKey({ file: log.file, host: '' }))
}

/** Does it have a time of its own, or that of the line above? The time of a file does not say when a line was written. */
export function isTimed({ ts_quality }: EventJson): boolean {
  return ts_quality !== 'mtime'
}

/** Compares events by place: by file, then by position. */
export function compareByPlace(a: EventJson, b: EventJson): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.generation - b.generation || a.offset - b.offset
}
