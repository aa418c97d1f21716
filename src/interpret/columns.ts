import type { RecordChunk } from '../model.ts'
import type { ComponentTable } from './component-table.ts'
import type { Format } from './format.ts'
import type { Head } from './head.ts'
import { isMidLine } from './row-texts.ts'
import { type Zone, zone } from './zone.ts'

const PARSED = 1
const INHERITED = 2
const OBSERVED = 3
const MTIME = 4

/** What is known about each record of a chunk, by row; reused from chunk to chunk. */
export type Columns = {
  ts: Float64Array
  tsQuality: Uint8Array
  level: Uint8Array
  component: Uint16Array
  textBegin: Int32Array
  textEnd: Int32Array
  /** 1 for a record with a failure word. */
  suspect: Uint8Array
}

/** What reading heads needs besides the bytes. */
export type HeadTools = {
  readonly columns: Columns
  readonly components: ComponentTable
  readonly head: Head
  readonly zones: Map<string, Zone>
}

/** Allocates columns for `rows` rows. */
export function newColumns(rows: number): Columns {
  return {
    ts: new Float64Array(rows),
    tsQuality: new Uint8Array(rows),
    level: new Uint8Array(rows),
    component: new Uint16Array(rows),
    textBegin: new Int32Array(rows),
    textEnd: new Int32Array(rows),
    suspect: new Uint8Array(rows),
  }
}

/** Reads time, level, component and the bounds of the message of every record. The hot loop: no strings. */
export function parseHeads(chunk: RecordChunk, format: Format | undefined, tools: HeadTools): void {
  const { columns, components, head } = tools
  const { memory, bytes, begin, end } = chunk
  const context = { zone: zoneOf(chunk.file.zone, tools.zones), mtimeMs: chunk.mtimeMs }
  const otherTs = (chunk.observedMs ?? chunk.mtimeMs) * 1000
  const otherQuality = chunk.observedMs === undefined ? MTIME : OBSERVED
  // What looks like a head in the middle of a line is none.
  const isCut = chunk.count > 0 && isMidLine(chunk, 0)
  for (let i = 0; i < chunk.count; i++) {
    const from = begin[i] as number
    const to = end[i] as number
    const isHeadless = format === undefined || (isCut && i === 0)
    if (isHeadless || !format.parse(bytes, from, to, context, head)) {
      columns.level[i] = 0
      columns.component[i] = 0
      columns.textBegin[i] = from
      columns.textEnd[i] = to
      head.ts = Number.NaN
    } else {
      columns.level[i] = head.level
      columns.component[i] = components.indexOf(bytes, head.componentBegin, head.componentEnd)
      columns.textBegin[i] = head.textBegin
      columns.textEnd[i] = head.textEnd
    }
    if (!Number.isNaN(head.ts)) {
      memory.ts = head.ts
      memory.tsQuality = PARSED
      columns.ts[i] = head.ts
      columns.tsQuality[i] = PARSED
    } else {
      const inherits = memory.tsQuality === PARSED
      columns.ts[i] = inherits ? memory.ts : Math.trunc(otherTs)
      columns.tsQuality[i] = inherits ? INHERITED : otherQuality
    }
  }
}

function zoneOf(name: string, zones: Map<string, Zone>): Zone {
  const known = zones.get(name) ?? zone(name)
  zones.set(name, known)
  return known
}
