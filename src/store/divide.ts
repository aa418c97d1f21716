import { readFileSync } from 'node:fs'
import { errorText } from '../errors.ts'
import { damaged, type Journal, type JournalEntry, PART, TABLES, type Table } from './journal.ts'
import { type ReadBlock, readBlocks } from './native-read.ts'
import { nativeBlock } from './row-block.ts'

/** Does a batch contain rows of this table only, and nothing to commit? */
export function holdsOnly<C>({ rows, commits }: JournalEntry<C>, table: Table): boolean {
  return commits.length === 0 && TABLES.every((other) => other === table || rows[other] === 0)
}

/**
 * Replaces a batch by parts: its rows of `table` in `count` parts, then the following tables with the commits. Earlier
 * tables are already stored. At any moment the journal holds either the batch or all of its parts, even after a crash.
 */
export async function divide<C>(
  journal: Journal<C>,
  entry: JournalEntry<C>,
  table: Table,
  count: number,
): Promise<JournalEntry<C>[]> {
  const { batch } = entry
  const name = (n: number) => `${batch}${PART}${n}`
  const total = entry.rows[table]
  const bounds = Array.from({ length: count + 1 }, (_, i) => Math.floor((i * total) / count))
  const blocks = blocksOf(journal, batch, table)
  const parts: JournalEntry<C>[] = []
  for (let i = 0; i < count; i++) {
    const writer = journal.begin(name(i))
    for (const rows of within(blocks, bounds[i] as number, bounds[i + 1] as number)) {
      writer.append(table, rows.count, [encoded(rows, name(i))])
    }
    parts.push(await writer.seal([]))
  }
  if (!holdsOnly(entry, table)) {
    const rest = journal.begin(name(count))
    for (const behind of TABLES.slice(TABLES.indexOf(table) + 1)) {
      if (entry.rows[behind] === 0) continue
      for (const rows of within(blocksOf(journal, batch, behind), 0, entry.rows[behind])) {
        rest.append(behind, rows.count, [encoded(rows, name(count))])
      }
    }
    parts.push(await rest.seal(entry.commits))
  }
  journal.remove(batch)
  return parts
}

/** The blocks of one table of a batch; throws if the file is damaged. */
export function blocksOf<C>(journal: Journal<C>, batch: string, table: Table): ReadBlock[] {
  const path = journal.file(batch, table)
  try {
    return readBlocks(readFileSync(path))
  } catch (cause) {
    throw damaged(path, errorText(cause), cause)
  }
}

/** A range of rows in one block. */
type Rows = { readonly block: ReadBlock; readonly from: number; readonly count: number }

function within(blocks: readonly ReadBlock[], from: number, to: number): Rows[] {
  let begin = 0
  return blocks.flatMap((block) => {
    const first = Math.max(0, from - begin)
    const count = Math.min(block.rows, to - begin) - first
    begin += block.rows
    return count > 0 ? [{ block, from: first, count }] : []
  })
}

/** The rows as a separate block of another batch. */
function encoded({ block, from, count }: Rows, batch: string): Buffer {
  const columns = block.columns.map((column) =>
    column.name === 'batch' ? { ...column, value: () => batch } : column,
  )
  const rows = Array.from({ length: count }, (_, i) => from + i)
  return nativeBlock(columns, rows)
}
