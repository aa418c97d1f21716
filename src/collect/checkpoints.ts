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
import type { Checkpoint } from './checkpoint.ts'
import { openRecord } from './cuts.ts'
import { FileIndex, knownIn } from './file-index.ts'
import { type KnownFiles, keyOf } from './known-files.ts'

const sync = promisify(fdatasync)

export type Checkpoints = KnownFiles & {
  /** Durable when it resolves. To be called only for what is stored. */
  commit(checkpoints: readonly Checkpoint[], nowMs: number): Promise<void>
  /** The number of known files, counting generations. */
  count(): number
  close(): void
}

const REWRITE_BYTES = 1024 * 1024

/**
 * Opens the checkpoints below `folder`: a log of JSON lines with checksums, in which the last line about a file counts. The
 * log is rewritten when it has grown to several times its content.
 */
export function openCheckpoints(folder: string): Checkpoints {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, 'checkpoints.log')
  const committed = new Map<string, Checkpoint>()
  const seen = new FileIndex((key) => committed.delete(key))
  const take = (checkpoint: Checkpoint) => {
    const key = keyOf(checkpoint)
    const before = committed.get(key)?.reader.offset ?? 0
    seen.put(checkpoint, key)
    if (checkpoint.reader.offset < before) return
    // In the order of their last change, as they are forgotten.
    committed.delete(key)
    committed.set(key, checkpoint)
  }
  for (const checkpoint of load(path)) take(checkpoint)
  let live = rewrite(path, committed)
  let size = live
  let fd = openSync(path, 'a', 0o600)
  return {
    ...knownIn(seen),
    async commit(checkpoints, nowMs) {
      const dated = checkpoints.map((checkpoint) => withDate(checkpoint, nowMs))
      for (const checkpoint of dated) take(checkpoint)
      const text = dated.map(lineOf).join('')
      writeFileSync(fd, text)
      await sync(fd)
      size += Buffer.byteLength(text)
      if (size < REWRITE_BYTES || size < live * 4) return
      closeSync(fd)
      live = rewrite(path, committed)
      size = live
      fd = openSync(path, 'a', 0o600)
    },
    count: () => committed.size,
    close: () => closeSync(fd),
  }
}

/**
 * Reads the checkpoints below `folder` without changing anything, even while another process writes there. Empty if nothing
 * was committed yet.
 */
export function readCheckpoints(folder: string): KnownFiles {
  const index = new FileIndex()
  for (const checkpoint of load(join(folder, 'checkpoints.log'))) index.put(checkpoint)
  return knownIn(index)
}

function withDate(checkpoint: Checkpoint, nowMs: number): Checkpoint {
  const { unread } = checkpoint
  return unread === undefined ? checkpoint : { ...checkpoint, unread: { ...unread, atMs: nowMs } }
}

function lineOf(checkpoint: Checkpoint): string {
  const json = JSON.stringify(checkpoint)
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`
}

/** Writes the current state to a new file that replaces the old one; returns its size. */
function rewrite(path: string, committed: ReadonlyMap<string, Checkpoint>): number {
  const text = Array.from(committed.values(), lineOf).join('')
  const fd = openSync(`${path}.tmp`, 'w', 0o600)
  writeFileSync(fd, text)
  fsyncSync(fd)
  closeSync(fd)
  renameSync(`${path}.tmp`, path)
  // Later commits go to the new file, so its name must be on disk first.
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
  // A crash may tear the last line. Its batch is still in the journal, which moves the checkpoint again.
  const whole = lines.slice(0, -1)
  return whole.map((line, i) => parse(path, line, i + 1))
}

function parse(path: string, line: string, number: number): Checkpoint {
  const json = line.slice(9)
  if (crc32(json).toString(16).padStart(8, '0') === line.slice(0, 8))
    return withSharedValues(JSON.parse(json) as Checkpoint)
  throw new OpsError(
    'E_CHECKPOINT_DAMAGED',
    `${path}:${number}: damaged: the checksum does not match`,
    'The disk or another program changed it. Restore it from a backup, or remove this line: its file is then read again from the start.',
  )
}

const NO_WINDOWS = {}

/**
 * Most files use one path for all three purposes, have no open windows, and end in one of two ways; for very many files, values
 * of their own would cost memory.
 */
function withSharedValues(checkpoint: Checkpoint): Checkpoint {
  const { path, firstPath, memory } = checkpoint
  const shared = (other: string) => (other === path ? path : other === firstPath ? firstPath : other)
  const { offset, encoding, open, openFrom } = checkpoint.reader
  const windows = Object.keys(memory.windows).length === 0 ? NO_WINDOWS : memory.windows
  return {
    ...checkpoint,
    firstPath: shared(firstPath),
    lastPath: shared(checkpoint.lastPath),
    base: shared(checkpoint.base),
    reader: { offset, encoding, open: open && openRecord(open.kind, open.block), openFrom },
    memory: { ...memory, windows },
  }
}
