import { hash } from 'node:crypto'
import {
  type InterpretedChunk,
  LEVELS,
  type Loss,
  RecordFlag,
  type RowVerdict,
  type SourceFile,
} from '../model.ts'
import type { BatchStamp } from './lines-block.ts'
import type { ColumnSpec } from './row-block.ts'
import { FILE_COLUMNS, RECORD_TYPES } from './row-columns.ts'

/** A classified record with everything that is stored; it outlives the chunk it came from. */
export type EventRow = {
  readonly file: SourceFile
  readonly verdict: RowVerdict
  readonly ts: number
  readonly tsQuality: number
  readonly offset: number
  readonly length: number
  readonly continued: number
  readonly level: string
  readonly component: string
  readonly message: string
}

/** An event as it is stored. The row stands in it as it is: spreading it makes a hidden class, and a KB of garbage, for each. */
export type StoredEvent = {
  readonly event: EventRow
  readonly id: string
  /** The id of the event that another file has of the same happening; '' if this is the first. */
  readonly duplicateOf: string
}

/** The id of the record at `offset`: the same bytes always give the same id. 32 hex digits; for `lines`, SQL computes it. */
export function eventId(file: SourceFile, offset: number): string {
  const place = `${file.fileId}:${file.generation}:${offset}`
  return hash('sha256', place, 'hex').slice(0, 32)
}

/** Copies the record of a verdict out of its chunk. */
export function eventRow(chunk: InterpretedChunk, verdict: RowVerdict): EventRow {
  const { row } = verdict
  const { records } = chunk
  return {
    file: fileAt(chunk, row),
    verdict,
    ts: chunk.ts[row] ?? 0,
    tsQuality: chunk.tsQuality[row] ?? 0,
    offset: records.offset[row] ?? 0,
    length: records.length[row] ?? 0,
    continued: (records.flags[row] ?? 0) & RecordFlag.continued,
    level: LEVELS[chunk.level[row] ?? 0] ?? '',
    component: chunk.components[chunk.component[row] ?? 0] ?? '',
    message: messageOf(chunk, row),
  }
}

/** The file of a row, with the machine that wrote it. */
export function fileAt({ files, records }: InterpretedChunk, row: number): SourceFile {
  return files?.[row] ?? records.file
}

/** The message of a row, as it is stored. */
export function messageOf(chunk: InterpretedChunk, row: number): string {
  return (
    chunk.replaced.get(row) ?? chunk.records.bytes.toString('utf8', chunk.textBegin[row], chunk.textEnd[row])
  )
}

function stampColumns<Row>(stamp: BatchStamp): ColumnSpec<Row>[] {
  return [
    { name: 'batch', type: 'LowCardinality(String)', value: () => stamp.batch },
    { name: 'ingested_at', type: "DateTime64(3, 'UTC')", value: () => stamp.ingestedMs },
  ]
}

function fileColumns<Row>(fileOf: (row: Row) => SourceFile, without: readonly string[]): ColumnSpec<Row>[] {
  return FILE_COLUMNS.filter(([name]) => !without.includes(name)).map(([name, read]) => ({
    name,
    type: 'LowCardinality(String)',
    value: (row) => read(fileOf(row)),
  }))
}

/** The columns of `events`, with the names and values of the table. */
export function eventColumns(stamp: BatchStamp, ruleSet: string): ColumnSpec<StoredEvent>[] {
  const word = (name: string, value: (row: EventRow) => string): ColumnSpec<StoredEvent> => ({
    name,
    type: 'LowCardinality(String)',
    value: ({ event }) => value(event),
  })
  const record = (
    name: keyof typeof RECORD_TYPES,
    value: ColumnSpec<EventRow>['value'],
  ): ColumnSpec<StoredEvent> => ({ name, type: RECORD_TYPES[name], value: ({ event }) => value(event) })
  return [
    ...stampColumns<StoredEvent>(stamp),
    { name: 'event_id', type: 'String', value: (row) => row.id },
    record('ts', (row) => row.ts),
    record('ts_quality', (row) => row.tsQuality),
    ...fileColumns<StoredEvent>(({ event }) => event.file, []),
    record('generation', (row) => row.file.generation),
    record('offset', (row) => row.offset),
    record('length', (row) => row.length),
    record('continued', (row) => row.continued),
    record('level', (row) => row.level),
    record('component', (row) => row.component),
    record('message', (row) => row.message),
    word('kind', (row) => row.verdict.kind),
    word('rule_id', (row) => row.verdict.ruleId),
    { name: 'rule_version', type: 'UInt32', value: ({ event }) => event.verdict.ruleVersion },
    word('rule_set', () => ruleSet),
    word('severity', (row) => row.verdict.severity),
    word('phase', (row) => row.verdict.phase),
    word('layer', (row) => row.verdict.layer),
    { name: 'duplicate_of', type: 'String', value: (row) => row.duplicateOf },
    { name: 'template_id', type: 'String', value: ({ event }) => event.verdict.templateId ?? '' },
    {
      name: 'captures',
      type: 'Map(LowCardinality(String), String)',
      value: ({ event }) => event.verdict.captures,
    },
  ]
}

/** Columns of `losses`. */
export function lossColumns(stamp: BatchStamp): ColumnSpec<Loss>[] {
  return [
    ...stampColumns<Loss>(stamp),
    ...fileColumns<Loss>(({ file }) => file, ['cluster', 'session_uuid']),
    { name: 'generation', type: RECORD_TYPES.generation, value: (loss) => loss.file.generation },
    { name: 'offset', type: RECORD_TYPES.offset, value: (loss) => loss.offset },
    { name: 'length', type: RECORD_TYPES.length, value: (loss) => loss.length },
    { name: 'reason', type: 'LowCardinality(String)', value: (loss) => loss.reason },
    { name: 'detail', type: 'String', value: (loss) => loss.detail },
  ]
}
