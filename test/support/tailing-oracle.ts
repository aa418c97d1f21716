import { sizeOf, type Writing } from './tailed-logs.ts'
import { type Span, tilingFaults } from './tiling.ts'

/** The file of a row or a loss. */
type Place = { readonly fileId: string; readonly generation: number; readonly path: string }

export type Row = Place & Span & { readonly text: string }

export type Loss = Span & { readonly reason: string; readonly file: Place }

/** Rows and skipped ranges of one file id and generation. */
type Group = { readonly key: string; readonly path: string; readonly rows: Row[]; readonly holes: Loss[] }

/**
 * Compares what is stored with what was written: every row is of bytes that were written, no byte is in two rows, and a
 * byte may be in none only where its file was cut or deleted before it was read, and the ledger tells of the cut, or that
 * the file went before anybody could see that it was cut. A file that was deleted while no tailer ran, or none had it open,
 * tells nobody what became of it before.
 */
export function tailingFaults(
  writings: readonly Writing[],
  stored: { readonly rows: readonly Row[]; readonly losses: readonly Loss[] },
): string[] {
  const faults: string[] = []
  const free = new Set(writings)
  for (const group of groupsOf(stored)) {
    const own = [...free].filter((writing) => isOf(group, writing)).sort(byNeed(endOf(group)))[0]
    if (own === undefined) faults.push(`${group.key} is of no file that was written: ${shown(group)}`)
    else {
      free.delete(own)
      faults.push(...writingFaults(own, group, stored.losses))
    }
  }
  for (const writing of free) {
    if (sizeOf(writing) > 0 && mustBeWhole(writing))
      faults.push(`writing ${writing.id} of ${writing.path} is not stored: ${sizeOf(writing)} bytes`)
  }
  return faults
}

function groupsOf({
  rows,
  losses,
}: {
  readonly rows: readonly Row[]
  readonly losses: readonly Loss[]
}): Group[] {
  const groups = new Map<string, Group>()
  const groupOf = (key: string, path: string) => {
    const group = groups.get(key) ?? { key, path, rows: [], holes: [] }
    groups.set(key, group)
    return group
  }
  for (const row of rows) groupOf(`${row.fileId}:${row.generation}`, row.path).rows.push(row)
  for (const loss of losses) {
    const { fileId, generation, path } = loss.file
    if (loss.reason === 'nul-hole') groupOf(`${fileId}:${generation}`, path).holes.push(loss)
  }
  // The longest know best whose they are.
  return [...groups.values()].sort((a, b) => endOf(b) - endOf(a))
}

function endOf({ rows, holes }: Group): number {
  return Math.max(...[...rows, ...holes].map(({ offset, length }) => offset + length))
}

function isOf(group: Group, { path, content }: Writing): boolean {
  if (baseOf(path) !== baseOf(group.path)) return false
  return (
    endOf(group) <= content.length &&
    group.rows.every(({ offset, length, text }) => textAt(content, offset, length) === text) &&
    group.holes.every(({ offset, length }) => isNul(content.subarray(offset, offset + length)))
  )
}

/** Among files that look alike, first those that end where this ends, and of them those of which everything must be stored. */
function byNeed(end: number): (a: Writing, b: Writing) => number {
  const rank = (writing: Writing) => (sizeOf(writing) === end ? 0 : 2) + (mustBeWhole(writing) ? 0 : 1)
  return (a, b) => rank(a) - rank(b)
}

function mustBeWhole({ end, isHeld }: Writing): boolean {
  return end === undefined || isHeld
}

function writingFaults(writing: Writing, group: Group, losses: readonly Loss[]): string[] {
  const end = endOf(group)
  const name = `writing ${writing.id} (${group.key})`
  const spans = [...group.rows, ...group.holes]
  const tiling = tilingFaults(spans, end).map((fault) => `${name}: ${fault}`)
  const size = sizeOf(writing)
  if (end === size) return tiling
  if (mustBeWhole(writing)) return [...tiling, `${name}: stored up to ${end} of ${size}`]
  const isTold = losses.some(
    ({ reason, file }) =>
      (reason === 'truncated' || reason === 'vanished') && baseOf(file.path) === baseOf(writing.path),
  )
  if (writing.end === 'truncation' && isCutToBeSeen(writing) && !isTold)
    tiling.push(`${name}: stored up to ${end} of ${size}, and the ledger does not tell`)
  return tiling
}

/** It can be seen of the file, as long as it is there or open; not of one that was deleted while nobody had it open. */
function isCutToBeSeen({ next }: Writing): boolean {
  if (next?.end === 'truncation') return isCutToBeSeen(next)
  return next === undefined || mustBeWhole(next)
}

function textAt(content: Buffer, offset: number, length: number): string {
  return content.toString('utf8', offset, offset + length).replace(/\n+$/, '')
}

function isNul(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0)
}

function baseOf(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.\d+$/, '')
}

function shown({ rows, path }: Group): string {
  return `${path} ${JSON.stringify(rows.map(({ offset, length, text }) => [offset, length, text.slice(0, 40)]))}`
}
