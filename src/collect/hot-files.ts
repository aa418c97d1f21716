import type { Checkpoint } from './checkpoint.ts'
import type { OpenNow } from './copied.ts'
import type { Feed } from './feed.ts'
import { type FileLag, unreadBytes } from './file-lag.ts'
import { endTail, type FlushTimes, flushesAfter, type Hot, type HotState } from './hot-file.ts'
import { inodeOf, lookOf } from './open-file.ts'

/** More open files are not worth their descriptors. */
const MAX_HOT = 512
/** Descriptors for the store, the journal, the API and the scan. */
const OTHER_DESCRIPTORS = 128
/** A followed file needs three while it is read, and as many files again may be being read to their ends. */
const DESCRIPTORS_A_FILE = 6

/** The number of files to keep open, given the limit of descriptors. */
export function hotFiles(descriptors: number): number {
  const affordable = Math.floor((descriptors - OTHER_DESCRIPTORS) / DESCRIPTORS_A_FILE)
  return Math.max(4, Math.min(MAX_HOT, affordable))
}

/**
 * The open files, by inode: a renamed file remains the same entry. They are read in turn, the one that has waited longest
 * first.
 */
export class HotFiles implements Iterable<Hot> {
  readonly #byInode = new Map<string, Hot>()
  readonly #queue: Hot[] = []
  readonly #backlog = new Set<Hot>()
  readonly #onQueued: () => void

  /** `onQueued` is called when a file may be read on. */
  constructor(onQueued: () => void) {
    this.#onQueued = onQueued
  }

  get size(): number {
    return this.#byInode.size
  }

  /** The number of files that are not yet read to their end. */
  get backlog(): number {
    return this.#backlog.size
  }

  /** How far each open file is behind, as of `nowMs`. NULs at the end are left unread on purpose and do not count. */
  lags(nowMs: number): FileLag[] {
    return [...this]
      .filter(({ state }) => state.kind !== 'polled' || !state.endsInNuls)
      .map(({ feed, state, queued, behindMs }) => ({
        path: feed.path,
        bytes: unreadBytes(feed),
        // What nobody has noticed yet was written just now.
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

  /** Was the file at this path open when last looked at? */
  isAt(path: string): boolean {
    for (const { feed } of this) if (feed.path === path) return true
    return false
  }

  openNow(inode: string): OpenNow | undefined {
    const feed = this.get(inode)?.feed
    if (feed === undefined) return undefined
    return { fd: feed.fd, checkpoint: feed.checkpoint(), isCut: () => feed.isCut }
  }

  /** The open file of this checkpoint, whatever its device number. */
  following({ fileId, generation }: Checkpoint): Hot | undefined {
    for (const hot of this) {
      if (hot.feed.file.fileId === fileId && hot.feed.file.generation === generation) return hot
    }
    return undefined
  }

  /** Adds a file, to be read to its end. */
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
    this.#onQueued()
  }

  /** The file whose turn it is. */
  dequeue(): Hot | undefined {
    const hot = this.#queue.shift()
    if (hot !== undefined) hot.queued = false
    return hot
  }

  /** Reads the file directly again, from where its tail stopped delivering. */
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

  /** When held-back output of one of them is due next; infinity if there is none. */
  nextFlushMs(now: number, times: FlushTimes): number {
    let next = Number.POSITIVE_INFINITY
    for (const hot of this) {
      const { feed, changedMs, state } = hot
      if (state.kind === 'backlog' || feed.reader.pending === 0) continue
      next = Math.min(next, changedMs + flushesAfter(hot, now - changedMs, times))
    }
    return next
  }

  get polled(): Hot[] {
    return [...this].filter(({ state }) => state.kind === 'polled')
  }

  /** Reads on in a polled file if it has changed; throws the system's errors. */
  lookAgain(hot: Hot): undefined {
    this.readIfChanged(hot, lookOf(hot.feed.restat() ?? hot.feed.stat))
  }

  /** For a polled file nothing else shows that it grew, was truncated, or that NULs at its end were filled. */
  readIfChanged(hot: Hot, look: string): void {
    if (hot.state.kind !== 'polled' || hot.state.look === look) return
    hot.feed.restat()
    this.readAgain(hot)
  }

  /** Makes another feed read the same descriptor. */
  replace(hot: Hot, feed: Feed): void {
    hot.feed = feed
    hot.watchedFrom = 0
    this.readAgain(hot)
  }

  /** Closes it once its tail no longer uses the descriptor. */
  release(hot: Hot): void {
    this.#byInode.delete(hot.inode)
    this.#backlog.delete(hot)
    endTail(hot)
    if (hot.endings === undefined) hot.feed.close()
    else void hot.endings.then(() => hot.feed.close())
  }
}
