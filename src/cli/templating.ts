import { open } from 'node:fs/promises'
import { errorCode, errorText, usageError } from '../errors.ts'
import { redact } from '../interpret/redact.ts'
import { Miner } from '../interpret/template/miner.ts'
import type { Io } from './io.ts'
import { throwIfStopped } from './stopped.ts'
import type { TemplatesOptions } from './templates.ts'
import { lineBatches } from './text-lines.ts'

/** Longer lines are cut, since no template needs more, in UTF-16 units. */
const MAX_LINE = 16_384
const READ_BYTES = 1 << 18
/** The number of lines that are written at once. */
const WRITTEN_AT_ONCE = 4096

type Row = { readonly id: string; readonly template: string; readonly isNew: boolean }

/** Prints one row for each line of a file or of stdin; with `--final`, only after all of them were read. */
export async function nameTemplates(
  file: string | undefined,
  { final, json }: TemplatesOptions,
  io: Io,
): Promise<void> {
  const miner = new Miner({ clean: redact })
  const batches = lineBatches(await inputOf(file, io), MAX_LINE)
  const write = json === true ? jsonRow : tabRow
  if (final === true) await writeFinal(batches, miner, write, io)
  else await writeAsRead(batches, miner, write, io)
}

async function writeAsRead(
  batches: AsyncIterable<string[]>,
  miner: Miner,
  write: (row: Row) => string,
  io: Io,
): Promise<void> {
  for await (const lines of batches) {
    io.out(lines.map((line) => write(miner.learn(line))).join(''))
    await io.drained()
    throwIfStopped(io, 'everything was read')
  }
}

/** Keeps a number for each line instead of the line. */
async function writeFinal(
  batches: AsyncIterable<string[]>,
  miner: Miner,
  write: (row: Row) => string,
  io: Io,
): Promise<void> {
  const numbers = new Map<string, number>()
  const sights: Omit<Row, 'isNew'>[] = []
  const order: number[] = []
  for await (const lines of batches) {
    for (const line of lines) {
      const sight = miner.learn(line)
      const number = numbers.get(sight.id) ?? sights.length
      if (number === sights.length) numbers.set(sight.id, number)
      sights[number] = sight
      order.push(number)
    }
    throwIfStopped(io, 'everything was read')
  }
  const templates = miner.templates()
  const rows = sights.map(({ id, template }) => {
    const resolved = miner.aliases.resolve(id)
    return { id: resolved, template: templates.get(resolved) ?? template }
  })
  const seen = new Set<string>()
  for (let from = 0; from < order.length; from += WRITTEN_AT_ONCE) {
    const part = order.slice(from, from + WRITTEN_AT_ONCE).map((number) => {
      const row = rows[number] as Omit<Row, 'isNew'>
      const isNew = !seen.has(row.id)
      seen.add(row.id)
      return write({ ...row, isNew })
    })
    io.out(part.join(''))
    await io.drained()
  }
}

function tabRow({ id, template, isNew }: Row): string {
  return `${id}\t${template}\t${isNew ? 1 : 0}\n`
}

function jsonRow({ id, template, isNew }: Row): string {
  return `${JSON.stringify({ id, template, new: isNew })}\n`
}

async function inputOf(file: string | undefined, io: Io): Promise<AsyncIterable<string | Uint8Array>> {
  if (file === undefined || file === '-') return io.stdin as AsyncIterable<string | Uint8Array>
  try {
    const handle = await open(file)
    if (!(await handle.stat()).isDirectory()) return handle.createReadStream({ highWaterMark: READ_BYTES })
    await handle.close()
  } catch (error) {
    throw usageError(
      'E_FILE',
      `${file} cannot be read: ${reasonOf(error)}`,
      'Give a file of lines, or pipe them in.',
    )
  }
  throw usageError('E_FILE', `${file} is a folder`, 'Give a file of lines, or pipe them in.')
}

function reasonOf(error: unknown): string {
  return errorCode(error) === 'ENOENT' ? 'it is not there' : errorText(error)
}
