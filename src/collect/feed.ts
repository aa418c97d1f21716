import { closeSync, readSync } from 'node:fs'
import { errorCode } from '../errors.ts'
import type { Framing, Loss, Placement, RecordChunk, SourceFile } from '../model.ts'
import type { Hold } from './assemble.ts'
import type { Checkpoint, KnownFiles, PackedLook } from './checkpoints.ts'
import { printOf } from './fingerprint.ts'
import { type Identified, identify } from './identify.ts'
import { type FileStat, type Inode, openRegular, type Refused, readAt, statOf } from './open-file.ts'
import { BEFORE_BYTES, Reader, type ReaderLimits } from './reader.ts'
import type { Workspace } from './workspace.ts'

/** What a path says, as the layouts read it. */
export type Place = { readonly placement: Placement; readonly path: string; readonly base: string }

/** What opening a file needs to know of the world around it. */
export type FeedContext = {
  readonly known: KnownFiles
  readonly framingOf: (format: string) => Framing
  readonly zoneOf: (source: string) => string
  readonly limits: ReaderLimits
  readonly workspace: Workspace
  /** Aborts when nothing more is to be unpacked. */
  readonly signal?: AbortSignal
}

/** Records that were read (none, where a loss is all there is to tell), with what to commit once they are stored. */
export type Collected = {
  readonly chunk: RecordChunk
  readonly losses: readonly Loss[]
  /** The checkpoint as of the end of this chunk; to be called before the next chunk is asked for. */
  readonly checkpoint: () => Checkpoint
}

const READ_BYTES = 1024 * 1024

/** One open file being read: a descriptor pinned to its inode, and the reader that makes records of its bytes. */
export class Feed {
  readonly path: string
  readonly file: SourceFile
  readonly fd: number
  readonly reader: Reader
  /** Set if `fd` is not the file at the path, but what was unpacked of it: it neither grows nor changes. */
  readonly packed: PackedLook | undefined
  stat: FileStat
  #losses: Loss[]
  /** Its checkpoint says something new, even if no record follows. */
  #isNews: boolean
  readonly #firstPath: string

  constructor(
    { path, fd, stat, packed }: Source,
    reader: Reader,
    before: { readonly firstPath: string; readonly losses: Loss[]; readonly isNews: boolean },
  ) {
    this.path = path
    this.fd = fd
    this.stat = stat
    this.packed = packed
    this.reader = reader
    this.file = reader.file
    this.#firstPath = before.firstPath
    this.#losses = before.losses
    this.#isNews = before.isNews
  }

  /** Reads on at the offset; gives the bytes read and the records they complete. 0 bytes: the end, or a file cut in place. */
  read(
    hold: Hold,
    observedMs?: number,
  ): { readonly bytes: number; readonly collected: Collected | undefined } {
    const got = readSync(this.fd, this.reader.room(READ_BYTES), 0, READ_BYTES, this.reader.position)
    const bytes = got > 0 && this.holdsGuard ? got : 0
    return { bytes, collected: this.#take(bytes, bytes === 0 ? hold : 'record', observedMs) }
  }

  /** Takes bytes that somebody else read at `reader.position`. */
  give(bytes: Buffer, hold: Hold, observedMs?: number): Collected | undefined {
    bytes.copy(this.reader.room(bytes.length))
    return this.#take(bytes.length, hold, observedMs)
  }

  /** Looks at the file again; undefined if it is no regular file any more. */
  restat(): FileStat | undefined {
    if (this.packed !== undefined) return this.stat
    const stat = statOf(this.fd)
    if (stat !== undefined) this.stat = stat
    return stat
  }

  /**
   * Are the bytes before the offset still the ones that were read? To be asked after bytes behind them were read: if so,
   * those are of the same writing.
   */
  get holdsGuard(): boolean {
    const { guard, state } = this.reader
    return guard.length === 0 || readAt(this.fd, state.offset - guard.length, guard.length).equals(guard)
  }

  /** Are the bytes that are in rows no longer in the file? */
  get isCut(): boolean {
    return (this.restat()?.size ?? 0) < this.reader.state.offset || !this.holdsGuard
  }

  /** Is there nothing to read or to tell? */
  get isRead(): boolean {
    return this.stat.size <= this.reader.position && this.#losses.length === 0 && !this.#isNews
  }

  /** Lets `known` remember how far it was read, should it be opened again before that is stored. */
  leave(known: KnownFiles): void {
    known.note(this.checkpoint())
  }

  close(): void {
    closeSync(this.fd)
  }

  #take(size: number, hold: Hold, observedMs: number | undefined): Collected | undefined {
    const when = { mtimeMs: this.stat.mtimeMs, ...(observedMs === undefined ? {} : { observedMs }) }
    const cut = this.reader.take(size, hold, when)
    if (cut === undefined && this.#losses.length === 0 && !this.#isNews) return undefined
    const chunk = cut ?? emptyChunk(this.reader, when.mtimeMs)
    const losses = this.#losses
    this.#losses = []
    this.#isNews = false
    return { chunk, losses, checkpoint: () => this.checkpoint() }
  }

  /** Where this file stands. */
  checkpoint(): Checkpoint {
    const { file, packed, reader, stat } = this
    return {
      fileId: file.fileId,
      generation: file.generation,
      path: file.path,
      firstPath: this.#firstPath,
      lastPath: this.path,
      dev: stat.dev,
      ino: stat.ino,
      birthMs: stat.birthMs,
      prefix: printOf(reader.head),
      guard: printOf(reader.guard),
      reader: reader.state,
      memory: structuredClone(reader.memory),
      ...(packed === undefined ? {} : { packed }),
    }
  }
}

/** What a feed reads: a descriptor, and the file that it is shown as. */
export type Source = {
  readonly path: string
  readonly fd: number
  readonly stat: FileStat
  readonly packed?: PackedLook
}

function emptyChunk({ file, memory }: Reader, mtimeMs: number): RecordChunk {
  const [none, nowhere] = [new Int32Array(0), new Float64Array(0)]
  return {
    ...{ file, memory, mtimeMs, bytes: Buffer.alloc(0), used: 0, count: 0, before: '' },
    ...{ begin: none, end: none, offset: nowhere, length: nowhere, flags: new Uint8Array(0) },
  }
}

export type Opened = Feed | Refused | { readonly refused: 'waiting' | 'taken'; readonly detail: string }

export type OpenOptions = {
  /** See `identify`. */
  readonly settle: boolean
  /** Is this file open already? Then it is left alone: nobody else knows how far it was read. */
  readonly isTaken?: (file: Inode) => boolean
}

/** Opens a path, finds out which file it is and goes on where its checkpoint says. */
export function openFeed(
  path: string,
  place: Place,
  { settle, isTaken }: OpenOptions,
  context: FeedContext,
): Opened {
  const opened = openRegular(path)
  if ('refused' in opened) return opened
  const refuse = <Reason extends string>(refused: Reason, detail: string) => {
    closeSync(opened.fd)
    return { refused, detail }
  }
  if (isTaken?.(opened.stat) === true) return refuse('taken', 'it is open already')
  try {
    const who = identify(opened, place.base, path, { known: context.known, settle })
    if (who.kind === 'waiting') return refuse('waiting', 'its first line is not whole yet')
    if (who.kind === 'known' && isTaken?.(who.checkpoint) === true) return refuse('taken', 'its copy is open')
    return startFeed({ path, ...opened }, place, who, context)
  } catch (error) {
    const refused = refuse('unreadable', errorCode(error))
    if (refused.detail === '') throw error
    return refused
  }
}

/** Makes the feed of an open file, once it is known which one it is. */
export function startFeed(
  source: Source,
  place: Place,
  who: Exclude<Identified, { kind: 'waiting' }>,
  context: FeedContext,
): Feed {
  const { fd, packed } = source
  const { placement } = place
  const before = who.kind === 'new' ? undefined : who.checkpoint
  const known = who.kind === 'known' ? who.checkpoint : undefined
  const file: SourceFile = {
    ...placement,
    fileId: who.kind === 'new' ? who.fileId : who.checkpoint.fileId,
    generation: who.kind === 'known' ? who.checkpoint.generation : who.generation,
    path: before?.path ?? place.path,
    zone: context.zoneOf(placement.source),
  }
  const reader = new Reader(
    file,
    context.framingOf(placement.format),
    {
      ...(known?.reader ?? { offset: 0 }),
      memory: known === undefined ? { ts: 0, tsQuality: 0, windows: {} } : structuredClone(known.memory),
      before: known === undefined ? '' : openText(fd, known),
      head: readAt(fd, 0, known?.prefix.length ?? 0),
      guard: known === undefined ? Buffer.alloc(0) : guardBytes(fd, known),
    },
    context,
  )
  const losses: Loss[] = who.kind === 'truncated' ? [truncation(file, who.checkpoint)] : []
  if (packed?.fault !== undefined && packed.bytes > reader.position) losses.push(cutOff(file, packed))
  const firstPath = before?.firstPath ?? source.path
  const isNews = packed !== undefined && before?.packed?.look !== packed.look
  const feed = new Feed(source, reader, { firstPath, losses, isNews })
  context.known.note(feed.checkpoint())
  return feed
}

function guardBytes(fd: number, checkpoint: Checkpoint): Buffer {
  const { length } = checkpoint.guard
  return readAt(fd, checkpoint.reader.offset - length, length)
}

/** The text that an open record goes on with, read back from the file: it is kept nowhere else. */
function openText(fd: number, checkpoint: Checkpoint): string {
  const { open, openFrom, offset, encoding } = checkpoint.reader
  if (open === undefined || openFrom === undefined) return ''
  const from = Math.max(openFrom, offset - BEFORE_BYTES)
  const bytes = readAt(fd, from, offset - from)
  if (encoding === 'utf-16be') bytes.subarray(0, bytes.length & ~1).swap16()
  return bytes.toString(encoding === 'utf-8' || encoding === undefined ? 'utf8' : 'utf16le')
}

function truncation(file: SourceFile, checkpoint: Checkpoint): Loss {
  return {
    file,
    reason: 'truncated',
    offset: 0,
    length: 0,
    detail: `cut or written anew in place after ${checkpoint.reader.offset} bytes were stored; what was written after them and before the cut was not seen`,
  }
}

/** What follows in a packed file cannot be unpacked; how much that is nobody knows. */
function cutOff(file: SourceFile, { bytes, fault }: PackedLook): Loss {
  return {
    file,
    reason: 'unreadable',
    offset: bytes,
    length: 0,
    detail: `${fault?.reason}: ${fault?.detail}`,
  }
}
