import { fileURLToPath } from 'node:url'
import { compileFormat, emptyHead, type Format } from '../../src/interpret/format.ts'
import { loadFormats } from '../../src/interpret/load-formats.ts'
import { zone } from '../../src/interpret/zone.ts'
import { LEVELS } from '../../src/model.ts'

/** What a format reads from one record, in words. */
type ReadHead = {
  readonly starts: boolean
  readonly parsed: boolean
  readonly time: string
  readonly level: string
  readonly component: string
  readonly text: string
}

export type ReadOptions = { readonly zone?: string; readonly written?: string }

const shipped = loadFormats([fileURLToPath(new URL('../../rules', import.meta.url))])
const BEFORE = '2000-01-01 '
const AFTER = ' 99] text of the next record'

/** A format that ships with the product. */
export function shippedFormat(id: string): Format {
  const format = shipped.get(id)
  if (format === undefined) throw new Error(`no format ${id}`)
  return format
}

export function shippedIds(): string[] {
  return [...shipped.keys()].sort()
}

/** A format of these patterns. */
export function formatOf(...patterns: string[]): Format {
  return compileFormat({ id: 'made', title: 'Made', patterns, strays: 'join', blocks: [] })
}

/** Reads one record that lies between other bytes, none of which belong to it. */
export function readHead(format: Format, record: string | Buffer, options: ReadOptions = {}): ReadHead {
  const bytes = Buffer.concat([Buffer.from(BEFORE), Buffer.from(record), Buffer.from(AFTER)])
  const at = BEFORE.length
  const end = bytes.length - AFTER.length
  const firstNewline = bytes.subarray(at, end).indexOf('\n')
  const head = emptyHead()
  const context = {
    zone: zone(options.zone ?? 'UTC'),
    mtimeMs: Date.parse(options.written ?? '2026-06-01T00:00:00Z'),
  }
  const parsed = format.parse(bytes, at, end, context, head)
  return {
    starts: format.framing.startsRecord(bytes, at, firstNewline < 0 ? end : at + firstNewline),
    parsed,
    time: timeText(head.ts),
    level: LEVELS[head.level] ?? 'no such level',
    component: bytes.toString('utf8', head.componentBegin, head.componentEnd),
    text: bytes.toString('utf8', head.textBegin, head.textEnd),
  }
}

/** µs since the epoch as ISO 8601 with all of its digits, '' for NaN. */
function timeText(micros: number): string {
  if (Number.isNaN(micros)) return ''
  const rest = ((micros % 1000) + 1000) % 1000
  const text = new Date((micros - rest) / 1000).toISOString()
  return `${text.slice(0, -1)}${String(rest).padStart(3, '0')}Z`
}
