import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { OpsError } from '../errors.ts'
import { beginEntry, type EntryWriter } from './entry-writer.ts'

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
