import type { Checkpoint } from './checkpoints.ts'
import type { OpenNow } from './copied.ts'
import type { Feed } from './feed.ts'
import { type FileLag, unreadBytes } from './file-lag.ts'
import { inodeOf, lookOf } from './open-file.ts'
import type { Tail } from './tail.ts'

/** What an open file is at: reading on to its end, being told what comes, or being looked at now and then. */
type HotState =
  | { readonly kind: 'backlog' }
  | { readonly kind: 'tail'; readonly tail: Tail }
  /** How it looked when it was read to its end, which may be NULs that are filled later. */
  | { readonly kind: 'polled'; readonly look: string; readonly endsInNuls: boolean }

/** A file that is open. */
export type Hot = {
  readonly inode: string
  feed: Feed
  state: HotState
  /** Bytes from here on came while it was watched; those before are backlog. */
  watchedFrom: number
  changedMs: number
  /** Since when something of it is known to be unread; old where nothing is. */
  behindMs: number
  queued: boolean
  /** Tails that may still use the descriptor. */
  endings: Promise<void> | undefined
}

/** After how long a quiet what waits for more is given: records, and lines without an end. */
type FlushTimes = { readonly flushMs: number; readonly lineFlushMs: number }

/** More than so many are not worth their descriptors. */
const MAX_HOT = 512
/** Descriptors for the store, the journal, the API and the scan. */
const OTHER_DESCRIPTORS = 128
/** A followed file has three while it is read; as many files again may be read to their ends at the same time. */
const DESCRIPTORS_A_FILE = 6

/** How many files to keep open where so many descriptors are to be had. */
export function hotFiles(descriptors: number): number {
  const some = Math.floor((descriptors - OTHER_DESCRIPTORS) / DESCRIPTORS_A_FILE)
  return Math.max(4, Math.min(MAX_HOT, some))
}

/** The open files, by inode: a renamed file stays the same one. They are read in turn, the one that waited longest first. */
export class HotFiles implements Iterable<Hot> {
  readonly #byInode = new Map<string, Hot>()
  readonly #queue: Hot[] = []
  readonly #backlog = new Set<Hot>()

  get size(): number {
    return this.#byInode.size
  }

  /** Files whose end was not reached yet. */
  get backlog(): number {
    return this.#backlog.size
  }

  /** How far each open file is behind, as of `nowMs`; NULs at an end are not read on purpose. */
  lags(nowMs: number): FileLag[] {
    return [...this]
      .filter(({ state }) => state.kind !== 'polled' || !state.endsInNuls)
      .map(({ feed, state, queued, behindMs }) => ({
        path: feed.path,
        bytes: unreadBytes(feed),
        // What nobody has noticed yet has just been written.
        sinceMs: queued || state.kind === 'backlog' ? behindMs : nowMs,
      }))
  }

  get hasQueued(): boolean {
    return this.#queue.length > 0
  }

  [Symbol.iterator](): Iterator<Hot> {
    return this.#byInode.values()
  }

  get(inode: string): Hot | undefined {
    return this.#byInode.get(inode)
  }

  openNow(inode: string): OpenNow | undefined {
    const feed = this.get(inode)?.feed
    if (feed === undefined) return undefined
    return { fd: feed.fd, checkpoint: feed.checkpoint(), isCut: () => feed.isCut }
  }

  /** This file, if it is open, under whatever device number. */
  following({ fileId, generation }: Checkpoint): Hot | undefined {
    for (const hot of this) {
      if (hot.feed.file.fileId === fileId && hot.feed.file.generation === generation) return hot
    }
    return undefined
  }

  /** Takes a file in, to be read to its end. */
  add(feed: Feed, watchedFrom: number, nowMs: number): void {
    const inode = inodeOf(feed.stat)
    const hot: Hot = {
      ...{ inode, feed, watchedFrom, changedMs: nowMs, behindMs: nowMs, queued: false, endings: undefined },
      state: { kind: 'backlog' },
    }
    this.#byInode.set(inode, hot)
    this.#backlog.add(hot)
    this.enqueue(hot)
  }

  enqueue(hot: Hot): void {
    if (hot.queued || this.#byInode.get(hot.inode) !== hot) return
    hot.queued = true
    this.#queue.push(hot)
  }

  /** The file whose turn it is. */
  dequeue(): Hot | undefined {
    const hot = this.#queue.shift()
    if (hot !== undefined) hot.queued = false
    return hot
  }

  /** Reads the file itself from now on, from where its tail has not been given. */
  readAgain(hot: Hot): void {
    endTail(hot)
    this.#backlog.add(hot)
    hot.state = { kind: 'backlog' }
    this.enqueue(hot)
  }

  /** It was read to its end. */
  hasEnded(hot: Hot, state: Exclude<HotState, { kind: 'backlog' }>): void {
    this.#backlog.delete(hot)
    hot.state = state
  }

  /** When what waits for more in one of them is to be given next; infinity if nothing waits. */
  nextFlushMs(now: number, { flushMs, lineFlushMs }: FlushTimes): number {
    let next = Number.POSITIVE_INFINITY
    for (const { feed, changedMs, state } of this) {
      if (state.kind === 'backlog' || feed.reader.pending === 0) continue
      next = Math.min(next, changedMs + (now - changedMs < flushMs ? flushMs : lineFlushMs))
    }
    return next
  }

  get polled(): Hot[] {
    return [...this].filter(({ state }) => state.kind === 'polled')
  }

  /** Reads on in a file that is polled if it has changed; throws what the system says. */
  lookAgain(hot: Hot): undefined {
    this.readIfChanged(hot, lookOf(hot.feed.restat() ?? hot.feed.stat))
  }

  /** Nothing else tells that a file which is polled grows, is cut, or that the NULs at its end are filled. */
  readIfChanged(hot: Hot, look: string): void {
    if (hot.state.kind !== 'polled' || hot.state.look === look) return
    hot.feed.restat()
    this.readAgain(hot)
  }

  /** The same descriptor, of which another feed reads now. */
  replace(hot: Hot, feed: Feed): void {
    hot.feed = feed
    hot.watchedFrom = 0
    this.readAgain(hot)
  }

  /** Closes it when its tail does not look at it any more. */
  release(hot: Hot): void {
    this.#byInode.delete(hot.inode)
    this.#backlog.delete(hot)
    endTail(hot)
    if (hot.endings === undefined) hot.feed.close()
    else void hot.endings.then(() => hot.feed.close())
  }
}

/** Would nothing tell that it has grown, where not all files are polled? */
export function isUntold({ state }: Hot): boolean {
  return state.kind === 'polled' && !state.endsInNuls
}

function endTail(hot: Hot): void {
  const { state, endings = Promise.resolve() } = hot
  if (state.kind !== 'tail') return
  const ended = new Promise<void>((resolve) => state.tail.close(resolve))
  hot.endings = Promise.all([endings, ended]).then(() => {})
}
