import { crc32 } from 'node:zlib'
import type { Store } from './client.ts'
import { DATABASE } from './database.ts'
import { BULK_LIMITS } from './query-limits.ts'

/**
 * Rows are compared in windows of a file's bytes: a row belongs to the window of its first byte, and the checksum of a
 * window is the sum of those of its rows.
 */
export const WINDOW_BYTES = 4 * 1024 * 1024

/** What is stored of one window of a file. */
export type WindowDigest = {
  readonly file_id: string
  readonly generation: number
  /** The number of the window, from 0. */
  readonly window: number
  readonly rows: number
  /** The sum of `rowChecksum`. */
  readonly checksum: number
  /** The offset of its first row. */
  readonly first: number
  /** Offsets of rows that continue a flushed record: only there the bytes may be cut elsewhere than between records. */
  readonly continued: readonly number[]
}

/** A row of `lines`, as far as it is compared. */
export type StoredRow = { readonly offset: number; readonly length: number; readonly message: string }

/** What is stored of one generation of a file. */
export type StoredFile = {
  readonly file_id: string
  readonly generation: number
  readonly file: string
  readonly rows: number
  readonly bytes: number
}

/** The checksum of a row, as `selectDigests` computes it, from its place, length and message. */
export function rowChecksum(offset: number, length: number, message: Uint8Array): number {
  return crc32(message, crc32(`${offset}:${length}:`))
}

/** The windows of some files, in all generations. Sums of 32-bit checksums remain exact in a double. */
export function selectDigests(store: Store, fileIds: readonly string[]): Promise<WindowDigest[]> {
  return store.query<WindowDigest>(
    `SELECT file_id, generation, toFloat64(intDiv(offset, ${WINDOW_BYTES})) AS window,
       toFloat64(count()) AS rows, toFloat64(min(offset)) AS first, groupArrayIf(toFloat64(offset), continued = 1) AS continued,
       toFloat64(sum(CRC32(concat(toString(offset), ':', toString(length), ':', message)))) AS checksum
     FROM ${DATABASE}.lines WHERE file_id IN {ids:Array(String)}
     GROUP BY file_id, generation, intDiv(offset, ${WINDOW_BYTES}) ORDER BY file_id, generation, window SETTINGS ${BULK_LIMITS}`,
    { ids: fileIds },
  )
}

/** Rows of a file that begin in [from, to). More than `limit` only if several begin at the last offset. */
export type RowRange = {
  readonly fileId: string
  readonly generation: number
  readonly from: number
  readonly to: number
  readonly limit: number
}

/** Rows of a file in the order of their bytes; rows with the same offset are always returned together. */
export function selectRows(store: Store, range: RowRange): Promise<StoredRow[]> {
  const { fileId: id, generation, from, to, limit } = range
  return store.query<StoredRow>(
    `SELECT toFloat64(t.offset) AS offset, toFloat64(t.length) AS length, t.message AS message FROM ${DATABASE}.lines AS t
     WHERE t.file_id = {id:String} AND t.generation = {generation:UInt32} AND t.offset >= {from:UInt64} AND t.offset < {to:UInt64}
     ORDER BY t.offset LIMIT ${Math.trunc(limit)} WITH TIES SETTINGS ${BULK_LIMITS}`,
    { id, generation, from, to },
  )
}

/** The number of rows and bytes stored for each generation of a file. */
export function selectStoredFiles(store: Store): Promise<StoredFile[]> {
  return store.query<StoredFile>(
    `SELECT file_id, generation, any(path) AS file, toFloat64(sum(rows)) AS rows, toFloat64(sum(bytes)) AS bytes
     FROM (
       SELECT file_id, generation, file AS path, count() AS rows, sum(length) AS bytes
       FROM ${DATABASE}.lines GROUP BY file_id, generation, file
     )
     GROUP BY file_id, generation ORDER BY file, file_id, generation SETTINGS ${BULK_LIMITS}`,
  )
}
