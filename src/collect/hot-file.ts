import type { Hold } from './assemble.ts'
import type { Feed } from './feed.ts'
import type { Tail } from './tail.ts'

/** How an open file is read: on to its end (`backlog`), by a tail that reports growth, or by polling. */
export type HotState =
  | { readonly kind: 'backlog' }
  | { readonly kind: 'tail'; readonly tail: Tail }
  /** How it looked when read to its end; an end in NULs may be filled later. */
  | { readonly kind: 'polled'; readonly look: string; readonly endsInNuls: boolean }

/** A file that is open. */
export type Hot = {
  readonly inode: string
  feed: Feed
  state: HotState
  /** Bytes from here on were written while it was watched; those before are backlog. */
  watchedFrom: number
  changedMs: number
  /** Since when some of it is known to be unread; outdated if nothing is. */
  behindMs: number
  queued: boolean
  /** Settles when no tail uses the descriptor any more. */
  endings: Promise<void> | undefined
}

/** After how much silence incomplete output is emitted: records, and lines without an end. */
export type FlushTimes = { readonly flushMs: number; readonly lineFlushMs: number }

/** A record that no line can join is emitted after this much silence. */
const WHOLE_MS = 50

/** After how much silence a record of this file is emitted, given how long one waits that lines may join. */
export function recordFlushMs({ feed }: Hot, flushMs: number): number {
  return feed.reader.holdsWhole ? WHOLE_MS : flushMs
}

/** A file that was quiet for this long becomes cold: nothing of it is held back any more. */
export const COOL_MS = 60_000

/** What to hold back of a file that was quiet for this long. The rest of a character comes at once, or never. */
export function holdAfter(quietMs: number, lineFlushMs: number): Hold {
  if (quietMs < lineFlushMs) return 'line'
  return quietMs < COOL_MS ? 'character' : 'nothing'
}

/** How long a file must have been quiet for its next flush, ms. */
export function flushesAfter(hot: Hot, quietMs: number, { flushMs, lineFlushMs }: FlushTimes): number {
  const recordMs = recordFlushMs(hot, flushMs)
  if (quietMs < recordMs) return recordMs
  return hot.feed.reader.holdsCharacter ? Math.max(COOL_MS, lineFlushMs) : lineFlushMs
}

/** Would its growth go unnoticed if files are not polled? */
export function isUntold({ state }: Hot): boolean {
  return state.kind === 'polled' && !state.endsInNuls
}

/** When what comes next from it is observed, if that is now; undefined for backlog. */
export function observedMs({ feed, watchedFrom }: Hot, nowMs: number): number | undefined {
  return feed.reader.state.offset >= watchedFrom ? nowMs : undefined
}

/** Ends its tail, if it has one; `endings` settles when that no longer uses the descriptor. */
export function endTail(hot: Hot): void {
  const { state, endings = Promise.resolve() } = hot
  if (state.kind !== 'tail') return
  const ended = new Promise<void>((resolve) => state.tail.close(resolve))
  hot.endings = Promise.all([endings, ended]).then(() => {})
}
