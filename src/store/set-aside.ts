import { closeSync, copyFileSync, fsyncSync, mkdirSync, openSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Clock } from '../clock.ts'
import type { Loss } from '../model.ts'
import { blocksOf } from './divide.ts'
import { lossColumns } from './event-row.ts'
import { type Journal, type JournalEntry, PART, type Table } from './journal.ts'
import type { BatchStamp } from './lines-block.ts'
import type { ReadBlock } from './native-read.ts'
import { nativeBlock } from './row-block.ts'
import { FILE_COLUMNS, type FileColumn, fileOfRow } from './row-columns.ts'

/** At most this much of the store's message goes into the ledger, characters. */
const MOST_DETAIL = 300

/**
 * Takes a batch with rows of only one table out of the way: moves its file to `folder`, where it can be inserted by hand.
 * Returns the batch of ledger rows that replaces it; undefined if its rows are ledger rows themselves.
 */
export async function setAside<C>(
  {
    journal,
    folder,
    clock,
  }: { readonly journal: Journal<C>; readonly folder: string; readonly clock: Clock },
  { batch }: JournalEntry<C>,
  table: Table,
  reason: string,
): Promise<{ readonly path: string; readonly standIn: JournalEntry<C> | undefined }> {
  const file = journal.file(batch, table)
  const path = join(folder, basename(file))
  mkdirSync(folder, { recursive: true, mode: 0o750 })
  copyDurably(file, path)
  const standIn =
    table === 'losses'
      ? undefined
      : await ledgerBatch(
          journal,
          { batch: `${batch}${PART}0`, ingestedMs: clock.nowMs() },
          lossesOf(blocksOf(journal, batch, table), table),
          `${path}: ${reason}`,
        )
  journal.remove(batch)
  return { path, standIn }
}

function copyDurably(from: string, to: string): void {
  copyFileSync(from, to)
  const fd = openSync(to, 'r')
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

async function ledgerBatch<C>(
  journal: Journal<C>,
  stamp: BatchStamp,
  losses: readonly Omit<Loss, 'detail'>[],
  detail: string,
): Promise<JournalEntry<C>> {
  const writer = journal.begin(stamp.batch)
  const rows = losses.map((loss) => ({ ...loss, detail: detail.slice(0, MOST_DETAIL) }))
  writer.append('losses', rows.length, [nativeBlock(lossColumns(stamp), rows)])
  return writer.seal([])
}

/** The places of rows; consecutive lines are one place. An event belongs to a line that is stored or listed itself. */
function lossesOf(blocks: readonly ReadBlock[], table: Table): Omit<Loss, 'detail'>[] {
  const losses: { -readonly [Key in keyof Omit<Loss, 'detail'>]: Loss[Key] }[] = []
  for (const block of blocks) {
    const at = reader(block)
    for (let row = 0; row < block.rows; row++) {
      const loss = lossAt(at, row, table)
      const last = losses.at(-1)
      const goesOn =
        last?.file.fileId === loss.file.fileId &&
        last.file.generation === loss.file.generation &&
        last.offset + last.length === loss.offset
      if (last !== undefined && goesOn) last.length += loss.length
      else losses.push(loss)
    }
  }
  return losses
}

type At = (column: string, row: number) => string | number

function reader({ columns }: ReadBlock): At {
  const byName = new Map(columns.map(({ name, value }) => [name, value]))
  return (column, row) => {
    const value = byName.get(column)?.(row) ?? ''
    return typeof value === 'object' ? '' : value
  }
}

function lossAt(at: At, row: number, table: Table): Omit<Loss, 'detail'> {
  const words = FILE_COLUMNS.map(([name]) => [name, String(at(name, row))] as const)
  const file = Object.fromEntries(words) as Readonly<Record<FileColumn, string>>
  return {
    file: fileOfRow(file, Number(at('generation', row))),
    reason: 'refused',
    offset: Number(at('offset', row)),
    length: table === 'lines' ? Number(at('length', row)) : 0,
  }
}
