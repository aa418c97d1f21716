import { closeSync, readSync } from 'node:fs'
import type { Framing, Loss, Placement, RecordChunk, SourceFile } from '../model.ts'
import type { Hold } from './assemble.ts'
import type { Checkpoint, KnownFiles } from './checkpoints.ts'
import { printOf } from './fingerprint.ts'
import { type Identified, identify } from './identify.ts'
import { type FileStat, openRegular, type Refused, readAt, statOf } from './open-file.ts'
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
}

/** Records that were read, with what to commit once they are stored. */
export type Collected = {
  readonly chunk: RecordChunk
  readonly losses: readonly Loss[]
  /** The checkpoint as of the end of this chunk; to be called before the next chunk is asked for. */
  readonly checkpoint: () => Checkpoint
}

export const READ_BYTES = 1024 * 1024

/** One open file being read: a descriptor pinned to its inode, and the reader that makes records of its bytes. */
export class Feed {
  readonly path: string
  readonly file: SourceFile
  readonly fd: number
  readonly reader: Reader
  stat: FileStat
  #losses: Loss[]
  readonly #firstPath: string

  constructor(path: string, fd: number, stat: FileStat, reader: Reader, firstPath: string, losses: Loss[]) {
    this.path = path
    this.fd = fd
    this.stat = stat
    this.reader = reader
    this.file = reader.file
    this.#firstPath = firstPath
    this.#losses = losses
  }

  /** Reads on at the offset; gives the bytes read (0 at the end) and the records they complete. */
  read(
    hold: Hold,
    observedMs?: number,
  ): { readonly bytes: number; readonly collected: Collected | undefined } {
    const bytes = readSync(this.fd, this.reader.room(READ_BYTES), 0, READ_BYTES, this.reader.position)
    return { bytes, collected: this.#take(bytes, bytes === 0 ? hold : 'record', observedMs) }
  }

  /** Takes bytes that somebody else read at `reader.position`. */
  give(bytes: Buffer, hold: Hold, observedMs?: number): Collected | undefined {
    bytes.copy(this.reader.room(bytes.length))
    return this.#take(bytes.length, hold, observedMs)
  }

  /** Looks at the file again; undefined if it is no regular file any more. */
  restat(): FileStat | undefined {
    const stat = statOf(this.fd)
    if (stat !== undefined) this.stat = stat
    return stat
  }

  /** Are the bytes before the offset still the ones that were read? */
  get holdsGuard(): boolean {
    const { guard, state } = this.reader
    return guard.length === 0 || readAt(this.fd, state.offset - guard.length, guard.length).equals(guard)
  }

  /** Lets go of the file; `known` remembers how far it was read, should it be opened again before that is stored. */
  close(known: KnownFiles): void {
    known.note(this.checkpoint())
    closeSync(this.fd)
  }

  #take(size: number, hold: Hold, observedMs: number | undefined): Collected | undefined {
    const when = { mtimeMs: this.stat.mtimeMs, ...(observedMs === undefined ? {} : { observedMs }) }
    const chunk = this.reader.take(size, hold, when)
    if (chunk === undefined) return undefined
    const losses = this.#losses
    this.#losses = []
    return { chunk, losses, checkpoint: () => this.checkpoint() }
  }

  /** Where this file stands. */
  checkpoint(): Checkpoint {
    const { file, reader, stat } = this
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
    }
  }
}

export type Opened = Feed | Refused | { readonly refused: 'waiting'; readonly detail: string }

/** Opens a path, finds out which file it is and goes on where its checkpoint says. `settle`: see `identify`. */
export function openFeed(path: string, place: Place, settle: boolean, context: FeedContext): Opened {
  const opened = openRegular(path)
  if ('refused' in opened) return opened
  try {
    const who = identify(opened, place.base, path, { known: context.known, settle })
    if (who.kind !== 'waiting') return start(path, place, opened.fd, opened.stat, who, context)
  } catch (error) {
    closeSync(opened.fd)
    throw error
  }
  closeSync(opened.fd)
  return { refused: 'waiting', detail: 'its first line is not whole yet' }
}

function start(
  path: string,
  place: Place,
  fd: number,
  stat: FileStat,
  who: Exclude<Identified, { kind: 'waiting' }>,
  context: FeedContext,
): Feed {
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
  const feed = new Feed(path, fd, stat, reader, before?.firstPath ?? path, losses)
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
