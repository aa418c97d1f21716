import {
  closeSync,
  existsSync,
  fdatasync,
  fsync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
  writeFileSync,
  writevSync,
} from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { errorCode, OpsError } from '../errors.ts'

const syncData = promisify(fdatasync)
const syncFile = promisify(fsync)

/** Tables in the order in which a batch is inserted: if one is refused, those before it are stored. */
export const TABLES = ['lines', 'events', 'losses'] as const
export type Table = (typeof TABLES)[number]

/** A batch on disk: one Native file of rows per table, and what may be committed once they are stored. */
export type JournalEntry<Commit> = {
  readonly batch: string
  readonly rows: Readonly<Record<Table, number>>
  readonly bytes: number
  readonly commits: readonly Commit[]
}

/** Writes one batch; none of it counts until `seal` has returned. */
type EntryWriter<Commit> = {
  readonly batch: string
  readonly bytes: number
  append(table: Table, rows: number, blocks: readonly Buffer[]): void
  seal(commits: readonly Commit[]): Promise<JournalEntry<Commit>>
}

/**
 * The folder of batches that are not yet acknowledged. An entry exists if its `.json` does; other files are remains of a
 * crash.
 */
export type Journal<Commit> = {
  readonly folder: string
  begin(batch: string): EntryWriter<Commit>
  /** Entries left by an earlier run, oldest first; removes half-written ones. */
  recover(): JournalEntry<Commit>[]
  file(batch: string, table: Table): string
  remove(batch: string): void
}

/** Names the parts that replace a batch: `BATCH~0`, `BATCH~1`, … They count once the batch itself is removed. */
export const PART = '~'

/** Opens (or creates) the journal in `folder`. `Commit` is any plain JSON. */
export function openJournal<Commit>(folder: string): Journal<Commit> {
  mkdirSync(folder, { recursive: true })
  const file = (batch: string, table: Table) => join(folder, `${batch}.${table}.native`)
  const index = (batch: string) => join(folder, `${batch}.json`)
  return {
    folder,
    file,
    begin: (batch) => beginEntry(folder, batch, file, index(batch)),
    recover: () => recover(folder),
    remove: (batch) => {
      rmSync(index(batch), { force: true })
      for (const table of TABLES) rmSync(file(batch, table), { force: true })
    },
  }
}

/** A batch that waits for the store. */
export type Waiting = { readonly batch: string; readonly bytes: number }

/**
 * The batches in a journal, oldest first, even while another process writes there; none if the folder does not exist.
 * Changes nothing.
 */
export function waitingBatches(folder: string): Waiting[] {
  if (!existsSync(folder)) return []
  const names = readdirSync(folder)
  const size = (name: string) => statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0
  return names
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => {
      const batch = name.slice(0, -'.json'.length)
      const own = TABLES.map((table) => `${batch}.${table}.native`)
      return { batch, bytes: own.reduce((sum, file) => sum + size(file), 0) }
    })
}

function beginEntry<Commit>(
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

function recover<Commit>(folder: string): JournalEntry<Commit>[] {
  const names = readdirSync(folder)
  const sealed = new Set(
    names.filter((name) => name.endsWith('.json')).map((name) => name.slice(0, -'.json'.length)),
  )
  const wholeOf = (batch: string) => batch.slice(0, Math.max(0, batch.lastIndexOf(PART)))
  const batches = new Set([...sealed].filter((batch) => !sealed.has(wholeOf(batch))).sort())
  for (const name of names) {
    if (!batches.has(name.replace(/\.(json|\w+\.native)$/, ''))) rmSync(join(folder, name), { force: true })
  }
  return Array.from(batches, (batch) => readEntry(join(folder, `${batch}.json`)))
}

function readEntry<Commit>(path: string): JournalEntry<Commit> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as JournalEntry<Commit>
  } catch (cause) {
    throw damaged(path, 'it is not the JSON that was written', cause)
  }
}

/** The error for a journal file that does not contain what was written to it. */
export function damaged(path: string, what: string, cause: unknown): OpsError {
  return new OpsError(
    'E_JOURNAL_DAMAGED',
    `${path} is damaged: ${what}`,
    'The disk or another program changed it. Move the files of this batch away; its lines are read again if their checkpoints have not moved.',
    { cause },
  )
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
