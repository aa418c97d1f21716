import {
  closeSync,
  fdatasync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'
import { errorCode, OpsError } from '../errors.ts'
import type { FileMemory } from '../model.ts'
import type { Print } from './fingerprint.ts'
import type { FaultReason } from './packing.ts'
import type { ReaderState } from './reader.ts'
import { unrotated } from './rotation.ts'

const sync = promisify(fdatasync)

/** How far one file is stored, and how to know it again. */
export type Checkpoint = {
  readonly fileId: string
  readonly generation: number
  /** The path when first seen: as shown, and as it was on this machine. */
  readonly path: string
  readonly firstPath: string
  /** Where it was last. */
  readonly lastPath: string
  readonly dev: number
  readonly ino: number
  readonly birthMs: number
  /** The first bytes of the file, as many as are in rows (up to a limit); grows with the file. */
  readonly prefix: Print
  /** The bytes right before the offset. */
  readonly guard: Print
  readonly reader: ReaderState
  readonly memory: FileMemory
  /** Set if it was read packed last; its inode is that of the plain file, if there was one. */
  readonly packed?: PackedLook
}

/** A packed file as it was when it was read. */
export type PackedLook = {
  /** Changes when another file is there, or it was written to. */
  readonly look: string
  /** Bytes that came out of it. */
  readonly bytes: number
  /** Why that is not all. */
  readonly fault?: { readonly reason: FaultReason; readonly detail: string }
}

/** What is known of files, to recognise them by. */
export type KnownFiles = {
  /** Files that had this inode number, on any device (its number may change when a file system is mounted anew), newest first. */
  byInode(ino: number): readonly Checkpoint[]
  /** Files that lay at this path last, but for the mark of a rotation. */
  byName(path: string): Iterable<Checkpoint>
  /** The newest generation known of a file. */
  generationOf(fileId: string): number | undefined
  /** How far this process has read a file that it lets go of; not durable, the rows may still be on their way. */
  note(checkpoint: Checkpoint): void
}

export type Checkpoints = KnownFiles & {
  /** Durable when it resolves. Only for what is stored. */
  commit(checkpoints: readonly Checkpoint[]): Promise<void>
  close(): void
}

const REWRITE_BYTES = 1024 * 1024

/**
 * Opens the checkpoints below `folder`: a log of JSON lines with checksums, of which the last about a file counts.
 * It is written anew when it has grown to several times what it holds.
 */
export function openCheckpoints(folder: string): Checkpoints {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'checkpoints.log')
  const committed = new Index()
  const seen = new Index()
  for (const checkpoint of load(path)) {
    committed.put(checkpoint)
    seen.put(checkpoint)
  }
  let live = rewrite(path, committed)
  let size = live
  let fd = openSync(path, 'a', 0o600)
  return {
    byInode: (ino) => seen.byInode(ino),
    byName: (path) => seen.byName(path),
    generationOf: (fileId) => seen.generationOf(fileId),
    note: (checkpoint) => seen.put(checkpoint),
    async commit(checkpoints) {
      for (const checkpoint of checkpoints) {
        committed.put(checkpoint)
        seen.put(checkpoint)
      }
      const text = checkpoints.map(lineOf).join('')
      writeFileSync(fd, text)
      await sync(fd)
      size += Buffer.byteLength(text)
      if (size < REWRITE_BYTES || size < live * 4) return
      closeSync(fd)
      live = rewrite(path, committed)
      size = live
      fd = openSync(path, 'a', 0o600)
    },
    close: () => closeSync(fd),
  }
}

/** What was committed when it was looked at. */
export type CommittedFiles = KnownFiles & { readonly all: readonly Checkpoint[] }

/** Reads the checkpoints below `folder` and changes nothing, whoever writes there; none where nothing is committed yet. */
export function readCheckpoints(folder: string): CommittedFiles {
  const index = new Index()
  for (const checkpoint of load(join(folder, 'checkpoints.log'))) index.put(checkpoint)
  return {
    byInode: (ino) => index.byInode(ino),
    byName: (name) => index.byName(name),
    generationOf: (fileId) => index.generationOf(fileId),
    note: (checkpoint) => index.put(checkpoint),
    all: [...index.entries],
  }
}
/** So many generations of a file are remembered besides the last: rotation keeps fewer compressed ones. */
const KEPT_GENERATIONS = 100

class Index {
  readonly #entries = new Map<string, Checkpoint>()
  readonly #byInode = new Map<number, Checkpoint[]>()
  readonly #byName = new Map<string, Map<string, Checkpoint>>()
  readonly #generations = new Map<string, number>()

  /**
   * A later generation of the same inode takes the place of the earlier one, whose bytes may only be in a compressed copy
   * any more: it is found by its name alone.
   */
  put(checkpoint: Checkpoint): void {
    const { fileId, generation, ino } = checkpoint
    const key = keyOf(checkpoint)
    // It may have had another inode: that of a copy, packed or plain.
    const before = this.#entries.get(key)
    if (before !== undefined && isLater(before, checkpoint)) return
    if (before !== undefined) this.#delete(before)
    const others = this.byInode(ino)
    const isReplaced = (one: Checkpoint, by: Checkpoint) =>
      isSameFile(one, by) && one.generation < by.generation
    const current = others.filter((other) => !isReplaced(other, checkpoint))
    if (!others.some((other) => isReplaced(checkpoint, other))) current.unshift(checkpoint)
    this.#byInode.set(ino, current)
    this.#entries.set(key, checkpoint)
    const name = unrotated(checkpoint.lastPath)
    this.#byName.set(name, (this.#byName.get(name) ?? new Map<string, Checkpoint>()).set(key, checkpoint))
    this.#forget(this.#entries.get(`${fileId}:${generation - KEPT_GENERATIONS}`))
    this.#generations.set(fileId, Math.max(generation, this.#generations.get(fileId) ?? 0))
  }

  byInode(ino: number): readonly Checkpoint[] {
    return this.#byInode.get(ino) ?? []
  }

  byName(path: string): Iterable<Checkpoint> {
    return this.#byName.get(unrotated(path))?.values() ?? []
  }

  generationOf(fileId: string): number | undefined {
    return this.#generations.get(fileId)
  }

  /** An inode that was cut again and again has no more than some earlier generations. */
  #forget(checkpoint: Checkpoint | undefined): void {
    if (checkpoint === undefined || this.byInode(checkpoint.ino).includes(checkpoint)) return
    this.#delete(checkpoint)
  }

  #delete(checkpoint: Checkpoint): void {
    const [key, name] = [keyOf(checkpoint), unrotated(checkpoint.lastPath)]
    const others = this.byInode(checkpoint.ino).filter((other) => other !== checkpoint)
    if (others.length > 0) this.#byInode.set(checkpoint.ino, others)
    else this.#byInode.delete(checkpoint.ino)
    this.#entries.delete(key)
    this.#byName.get(name)?.delete(key)
    if (this.#byName.get(name)?.size === 0) this.#byName.delete(name)
  }

  get entries(): Iterable<Checkpoint> {
    return this.#entries.values()
  }
}

/** Another file of the same first line may have got the inode; the bytes of the one before it may have been packed. */
function isSameFile(a: Checkpoint, b: Checkpoint): boolean {
  const isReborn = a.birthMs > 0 && b.birthMs > 0 && a.birthMs !== b.birthMs
  return a.fileId === b.fileId && a.dev === b.dev && !isReborn
}

function isLater(a: Checkpoint, b: Checkpoint): boolean {
  return a.generation > b.generation || (a.generation === b.generation && a.reader.offset > b.reader.offset)
}

/** Knows files only for the length of this run, for reading without a store. */
export function forgetfulFiles(): KnownFiles {
  const seen = new Index()
  return {
    byInode: (ino) => seen.byInode(ino),
    byName: (path) => seen.byName(path),
    generationOf: (fileId) => seen.generationOf(fileId),
    note: (checkpoint) => seen.put(checkpoint),
  }
}

function keyOf(checkpoint: Checkpoint): string {
  return `${checkpoint.fileId}:${checkpoint.generation}`
}

function lineOf(checkpoint: Checkpoint): string {
  const json = JSON.stringify(checkpoint)
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`
}

/** Writes what counts into a new file that takes the old one's place; gives its size. */
function rewrite(path: string, index: Index): number {
  const text = Array.from(index.entries, lineOf).join('')
  const fd = openSync(`${path}.tmp`, 'w', 0o600)
  writeFileSync(fd, text)
  fsyncSync(fd)
  closeSync(fd)
  renameSync(`${path}.tmp`, path)
  // What is committed from now on goes to the new file: its name must be on disk before.
  const folder = openSync(dirname(path), 'r')
  fsyncSync(folder)
  closeSync(folder)
  return Buffer.byteLength(text)
}

function load(path: string): Checkpoint[] {
  let lines: string[]
  try {
    lines = readFileSync(path, 'utf8').split('\n')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return []
    throw error
  }
  // A crash may tear the last line; its batch is still in the journal, which moves the checkpoint again.
  const whole = lines.slice(0, -1)
  return whole.map((line, i) => parse(path, line, i + 1))
}

function parse(path: string, line: string, number: number): Checkpoint {
  const json = line.slice(9)
  if (crc32(json).toString(16).padStart(8, '0') === line.slice(0, 8)) return JSON.parse(json) as Checkpoint
  throw new OpsError(
    'E_CHECKPOINT_DAMAGED',
    `${path}:${number}: damaged: the checksum does not match`,
    'The disk or another program changed it. Restore it from a backup, or remove this line: its file is then read again from the start.',
  )
}
