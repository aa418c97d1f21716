import { closeSync, readSync } from 'node:fs'
import type { Loss, RecordChunk, SourceFile } from '../model.ts'
import type { Hold } from './assemble.ts'
import { type Checkpoint, checkpointOf, type PackedLook } from './checkpoint.ts'
import { emptyChunk } from './empty-chunk.ts'
import type { KnownFiles } from './known-files.ts'
import { NulRun } from './nul-run.ts'
import type { Place } from './open-feed.ts'
import { type FileStat, type OpenFile, readAt, statOf } from './open-file.ts'
import type { Reader } from './reader.ts'

/** Records that were read (possibly none, if there is only a loss to report), with what to commit once they are stored. */
export type Collected = {
  readonly chunk: RecordChunk
  readonly losses: readonly Loss[]
  /** The checkpoint at the end of this chunk; to be called before the next chunk is requested. */
  readonly checkpoint: () => Checkpoint
}

/**
 * The state after a read: there may be `more`; this is the `end` for now; it ends in NULs, which are not consumed as long as
 * nothing follows them (`nuls`); or bytes read before are no longer in the file (`cut`).
 */
export type ReadState = 'more' | 'end' | 'nuls' | 'cut'

/** Where a feed starts, and what to report with its first chunk. */
export type FeedOrigin = {
  readonly path: string
  readonly place: Place
  readonly first: { readonly path: string; readonly base: string }
  readonly losses: Loss[]
  /** Its checkpoint is worth committing even if no record follows. */
  readonly isNews: boolean
}

/** What a feed reads: a descriptor, and how its file looked. */
export type FeedSource = OpenFile & {
  /** Set if `fd` is not the file at the path but its unpacked content, which neither grows nor changes. */
  readonly packed?: PackedLook
}

const READ_BYTES = 1024 * 1024

/** One open file being read: a descriptor pinned to its inode, and the reader that makes records of its bytes. */
export class Feed {
  /** The path at which it was last seen. */
  path: string
  readonly place: Place
  readonly file: SourceFile
  readonly fd: number
  readonly reader: Reader
  readonly packed: PackedLook | undefined
  stat: FileStat
  readonly #nuls: NulRun
  #losses: Loss[]
  #isNews: boolean
  readonly #first: FeedOrigin['first']

  constructor({ fd, stat, packed }: FeedSource, reader: Reader, from: FeedOrigin) {
    this.path = from.path
    this.place = from.place
    this.fd = fd
    this.stat = stat
    this.packed = packed
    this.reader = reader
    this.#nuls = new NulRun(reader)
    this.file = reader.file
    this.#first = from.first
    this.#losses = from.losses
    this.#isNews = from.isNews
  }

  /** Reads on; returns the records that are now complete. `hold` applies at the end of the file. */
  read(
    hold: Hold,
    observedMs?: number,
  ): { readonly state: ReadState; readonly collected: Collected | undefined } {
    const room = this.reader.room(READ_BYTES)
    const got = readSync(this.fd, room, 0, READ_BYTES, this.reader.position + this.#nuls.length)
    if (this.#nuls.length === 0 && !this.holdsGuard)
      return { state: 'cut', collected: this.#take(0, hold, observedMs) }
    const next = this.#nuls.look(room.subarray(0, got), got < READ_BYTES)
    switch (next.kind) {
      case 'text': {
        const isEnd = next.size === 0
        const collected = this.#take(next.size, isEnd ? hold : 'record', observedMs)
        return { state: isEnd ? 'end' : 'more', collected }
      }
      case 'over':
        return { state: 'more', collected: this.#skip(next.size, observedMs) }
      case 'open':
        return { state: 'more', collected: undefined }
      case 'last':
        return { state: 'nuls', collected: this.#take(0, hold, observedMs) }
    }
  }

  /** Do these bytes, which follow the position, contain a hole of NULs? */
  hasHole(bytes: Buffer): boolean {
    return this.#nuls.holeIn(bytes) !== undefined
  }

  /** Takes bytes that somebody else read at `reader.position`. */
  give(bytes: Buffer, hold: Hold, observedMs?: number): Collected | undefined {
    bytes.copy(this.reader.room(bytes.length))
    if (bytes.length > 0) this.#nuls.passed()
    return this.#take(bytes.length, hold, observedMs)
  }

  /** Stats the file again; undefined if it is no longer a regular file. */
  restat(): FileStat | undefined {
    if (this.packed !== undefined) return this.stat
    const stat = statOf(this.fd)
    if (stat !== undefined) this.stat = stat
    return stat
  }

  /**
   * Are the first bytes and the last ones that were read still there? If asked after later bytes were read, yes means that
   * these belong to the same content.
   */
  get holdsGuard(): boolean {
    const { marks, position } = this.reader
    const { head, last } = marks
    return (
      readAt(this.fd, position - last.length, last.length).equals(last) &&
      readAt(this.fd, 0, head.length).equals(head)
    )
  }

  /** Are bytes that were read no longer in the file? */
  get isCut(): boolean {
    return (this.restat()?.size ?? 0) < this.reader.position || !this.holdsGuard
  }

  /** Is there nothing left to read or to report? */
  get isRead(): boolean {
    return this.stat.size <= this.reader.position && this.#losses.length === 0 && !this.#isNews
  }

  /** Returns what waits to be reported with the next chunk, for a file that may have none. */
  tell(): Collected | undefined {
    return this.#losses.length === 0 ? undefined : this.#collected(undefined, this.#takeLosses())
  }

  /** Notes in `known` how far it was read, in case it is opened again before that is stored. */
  leave(known: KnownFiles): void {
    known.note(this.checkpoint())
  }

  close(): void {
    closeSync(this.fd)
  }

  /** Skips NULs after the position. The ledger gets them instead of rows, and the record before them is complete. */
  #skip(size: number, observedMs: number | undefined): Collected {
    const { reader, file } = this
    const end = reader.position + size
    const rest = this.#take(0, 'nothing', observedMs)
    const offset = reader.state.offset
    reader.skipTo(end)
    const detail =
      'bytes that were never written, as a log has when it is cut while its writer goes on where it was'
    const loss: Loss = { file, reason: 'nul-hole', offset, length: end - offset, detail }
    return this.#collected(rest?.chunk, [...(rest?.losses ?? []), loss])
  }

  #take(size: number, hold: Hold, observedMs: number | undefined): Collected | undefined {
    const when = { mtimeMs: this.stat.mtimeMs, ...(observedMs === undefined ? {} : { observedMs }) }
    const chunk = this.reader.take(size, hold, when)
    if (chunk === undefined && this.#losses.length === 0 && !this.#isNews) return undefined
    return this.#collected(chunk, this.#takeLosses())
  }

  #takeLosses(): Loss[] {
    const losses = this.#losses
    this.#losses = []
    return losses
  }

  #collected(chunk: RecordChunk | undefined, losses: readonly Loss[]): Collected {
    this.#isNews = false
    return {
      chunk: chunk ?? emptyChunk(this.file, this.reader.memory),
      losses,
      checkpoint: () => this.checkpoint(),
    }
  }

  /** The current checkpoint of the file. */
  checkpoint(): Checkpoint {
    return checkpointOf(this, { first: this.#first, endsInNuls: this.#nuls.endsFile })
  }
}
