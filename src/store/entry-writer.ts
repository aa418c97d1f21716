import {
  closeSync,
  fdatasync,
  fsync,
  openSync,
  renameSync,
  statfsSync,
  writeFileSync,
  writevSync,
} from 'node:fs'
import { promisify } from 'node:util'
import { errorCode, OpsError } from '../errors.ts'
import type { JournalEntry, Table } from './journal.ts'

const syncData = promisify(fdatasync)
const syncFile = promisify(fsync)

/** Writes one batch; none of it counts until `seal` has returned. */
export type EntryWriter<Commit> = {
  readonly batch: string
  readonly bytes: number
  append(table: Table, rows: number, blocks: readonly Buffer[]): void
  seal(commits: readonly Commit[]): Promise<JournalEntry<Commit>>
}

/** Begins to write a batch into the journal `folder`; `file` and `index` name its files. Throws E_DISK_FULL if there is no room. */
export function beginEntry<Commit>(
  folder: string,
  batch: string,
  file: (batch: string, table: Table) => string,
  index: string,
): EntryWriter<Commit> {
  const open = new Map<Table, number>()
  const rows: Record<Table, number> = { lines: 0, events: 0, losses: 0 }
  let bytes = 0
  const closeAll = () => {
    for (const fd of open.values()) closeSync(fd)
    open.clear()
  }
  return {
    batch,
    get bytes() {
      return bytes
    },
    append(table, count, blocks) {
      const fd = open.get(table) ?? onDisk(folder, () => openSync(file(batch, table), 'w', 0o600))
      open.set(table, fd)
      bytes += onDisk(folder, () => writeAll(fd, blocks))
      rows[table] += count
    },
    async seal(commits) {
      const entry: JournalEntry<Commit> = { batch, rows, bytes, commits }
      for (const fd of open.values()) await onDiskAsync(folder, () => syncData(fd))
      closeAll()
      await onDiskAsync(folder, () => writeIndex(folder, index, JSON.stringify(entry)))
      return entry
    },
  }
}

function writeAll(fd: number, blocks: readonly Buffer[]): number {
  let total = 0
  for (let rest = blocks.filter((block) => block.length > 0); rest.length > 0; ) {
    let written = writevSync(fd, rest)
    total += written
    while (rest[0] !== undefined && written >= rest[0].length) {
      written -= rest[0].length
      rest = rest.slice(1)
    }
    if (rest[0] !== undefined && written > 0) rest = [rest[0].subarray(written), ...rest.slice(1)]
  }
  return total
}

/** An entry exists once its index is renamed; from then on the batch will be stored, even after a crash. */
async function writeIndex(folder: string, index: string, text: string): Promise<void> {
  const fd = openSync(`${index}.tmp`, 'w', 0o600)
  try {
    writeFileSync(fd, text)
    await syncData(fd)
  } finally {
    closeSync(fd)
  }
  renameSync(`${index}.tmp`, index)
  await syncFolder(folder)
}

/** Makes renames in a folder durable. */
async function syncFolder(folder: string): Promise<void> {
  const fd = openSync(folder, 'r')
  try {
    await syncFile(fd)
  } finally {
    closeSync(fd)
  }
}

function onDisk<T>(folder: string, work: () => T): T {
  try {
    return work()
  } catch (cause) {
    throw diskError(folder, cause)
  }
}

async function onDiskAsync<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (cause) {
    throw diskError(folder, cause)
  }
}

function diskError(folder: string, cause: unknown): unknown {
  if (errorCode(cause) !== 'ENOSPC') return cause
  return new OpsError(
    'E_DISK_FULL',
    `the disk of ${folder} is full (${freeBytes(folder)} bytes free)`,
    'Free some space or move --data to a larger disk, then start again: nothing that was read is lost.',
    { cause },
  )
}

/** Free bytes on the disk of a folder. */
function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}
