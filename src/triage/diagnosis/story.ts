import type { EventJson } from '../../event-json.ts'
import type { FileRow } from '../../store/story-query.ts'
import type { Portal } from '../portal/portal-session.ts'

/** What is known of one file that was read, besides its events; the same from the store and from files. */
export type FileFacts = FileRow

/** All that is known of some desktops and of the machines around them. */
export type Story = {
  readonly events: readonly EventJson[]
  readonly files: readonly FileFacts[]
  /** Bytes that are missing or altered, by file: what is said of it is incomplete. */
  readonly damaged: ReadonlySet<string>
  readonly portal?: Portal
  /** Is a folder read in which the logs of new desktops appear? Without a word the files tell it. */
  readonly readsDesktops?: boolean
  /** The desktops that are asked for (`owner/name`), where there are files of others as well. */
  readonly only?: ReadonlySet<string>
}

/** One instance of a desktop: what was written of it, in the order of things. */
export type Attempt = {
  readonly cluster: string
  readonly owner: string
  readonly name: string
  readonly uuid: string
  readonly host: string
  readonly instance: string
  readonly profile: string
  readonly os: 'linux' | 'windows'
  readonly files: readonly FileFacts[]
  readonly events: readonly EventJson[]
}

/** Files of machines that serve many desktops. */
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

/** Is it written on machines only that serve many desktops? Each host has a mailbox. */
export function isOfController(source: string | undefined): boolean {
  return isShared(source) && source !== 'cron-mail'
}

/** When the last line of some files was written; '' if there are none. */
export function lastLineOf(files: readonly FileFacts[]): string {
  let last = ''
  for (const { last_ts } of files) if (last_ts > last) last = last_ts
  return last
}

/** How a person names it: `owner/name`, or its host where no path tells whose it is. */
export function nameOf({ owner, name, host }: Pick<Attempt, 'owner' | 'name' | 'host'>): string {
  return owner !== '' && name !== '' ? `${owner}/${name}` : host
}

/** Has it a time of its own, or that of the line before it? The time of a file says nothing of when each line was written. */
export function isTimed({ ts_quality }: EventJson): boolean {
  return ts_quality !== 'mtime'
}

/** Compares events by where they stand: by file, then by the order of its lines. */
export function compareByPlace(a: EventJson, b: EventJson): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.generation - b.generation || a.offset - b.offset
}
