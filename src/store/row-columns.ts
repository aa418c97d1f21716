import type { SourceFile } from '../model.ts'
import type { ColumnType } from './row-block.ts'
import { isoText } from './sql-time.ts'

/** The columns that `lines` and `events` share, for both writing and reading. The tables themselves are in `migrations/`. */

/** Columns that say which file a row is from; equal for all rows of a chunk. */
export const FILE_COLUMNS = [
  ['profile', (file: SourceFile) => file.profile],
  ['cluster', (file: SourceFile) => file.identity.cluster],
  ['owner', (file: SourceFile) => file.identity.owner],
  ['session', (file: SourceFile) => file.identity.session],
  ['session_uuid', (file: SourceFile) => file.identity.sessionUuid],
  ['host', (file: SourceFile) => file.identity.host],
  ['source', (file: SourceFile) => file.source],
  ['file', (file: SourceFile) => file.path],
  ['file_id', (file: SourceFile) => file.fileId],
] as const

export type FileColumn = (typeof FILE_COLUMNS)[number][0]

/** The columns of a file, for SQL. */
export const FILE_NAMES = FILE_COLUMNS.map(([name]) => name).join(', ')

/** The file of a stored row. Its format is not stored, and its times are already in UTC. */
export function fileOfRow(row: Readonly<Record<FileColumn, string>>, generation: number): SourceFile {
  const { cluster, owner, session, session_uuid, host, profile, source } = row
  return {
    identity: { cluster, owner, session, sessionUuid: session_uuid, host },
    ...{ profile, source, format: '', zone: 'UTC' },
    ...{ path: row.file, fileId: row.file_id, generation },
  }
}

/** The other columns of a record, with the types in which they are written. */
export const RECORD_TYPES = {
  ts: "DateTime64(6, 'UTC')",
  ts_quality: 'Int8',
  generation: 'UInt32',
  offset: 'UInt64',
  length: 'UInt64',
  continued: 'UInt8',
  level: 'LowCardinality(String)',
  component: 'LowCardinality(String)',
  message: 'String',
} as const satisfies Readonly<Record<string, ColumnType>>

/** The columns of `lines` as JSON; `time` later replaces `ts`. 64-bit numbers stay below 2^53. */
export const LINE_COLUMNS = `event_id, ${isoText('ts')} AS time, toString(ts_quality) AS ts_quality, ${FILE_NAMES},
  generation, toFloat64(offset) AS offset, toFloat64(length) AS length, continued, level, component, message`

/** The columns that only `events` has. */
export const VERDICT_NAMES = 'kind, rule_id, rule_version, severity, phase, layer, template_id, captures'

/** The values of a stored record, as `LINE_COLUMNS` returns them. `time` is ISO 8601 with microseconds, UTC. */
export type RecordRow = Readonly<Record<FileColumn, string>> & {
  readonly event_id: string
  readonly time: string
  readonly ts_quality: string
  readonly generation: number
  readonly offset: number
  readonly length: number
  readonly continued: number
  readonly level: string
  readonly component: string
  readonly message: string
}
