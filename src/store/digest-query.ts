import { crc32 } from 'node:zlib'
import { DATABASE, type Store } from './client.ts'
import { BULK_LIMITS } from './query-limits.ts'

/**
 * Rows are compared in windows of a file's bytes: a row belongs to the window that its first byte lies in, and the sum of
 * its rows' checksums stands for all of them.
 */
export const WINDOW_BYTES = 4 * 1024 * 1024

/** What is stored of one window of a file. */
export type WindowDigest = {
  readonly file_id: string
  readonly generation: number
  /** Number of the window, from 0. */
  readonly window: number
  readonly rows: number
  /** Sum of `rowChecksum`. */
  readonly checksum: number
  /** Offset of its first row. */
  readonly first: number
  /** Where rows begin that continue a flushed record: only there may the bytes be cut other than by their own lines. */
  readonly continued: readonly number[]
}

/** A row of `lines` as it is compared. */
export type StoredRow = { readonly offset: number; readonly length: number; readonly message: string }

/** What is stored of one generation of a file. */
export type StoredFile = {
  readonly file_id: string
  readonly generation: number
  readonly file: string
  readonly rows: number
  readonly bytes: number
}

/** Stands for a row, as `selectDigests` computes it: its place, its length and its message. */
export function rowChecksum(offset: number, length: number, message: Uint8Array): number {
  return crc32(message, crc32(`${offset}:${length}:`))
}

/** The windows of some files, in all their generations. Sums of 32-bit checksums stay exact as a double. */
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

/** Which rows of a file are asked for: those that begin in [from, to), at most so many and those beside the last one. */
export type RowRange = {
  readonly fileId: string
  readonly generation: number
  readonly from: number
  readonly to: number
  readonly limit: number
}

/** Rows of a file in the order of their bytes; rows of one offset are never torn apart. */
export function selectRows(store: Store, range: RowRange): Promise<StoredRow[]> {
  const { fileId: id, generation, from, to, limit } = range
  return store.query<StoredRow>(
    `SELECT toFloat64(t.offset) AS offset, toFloat64(t.length) AS length, t.message AS message FROM ${DATABASE}.lines AS t
     WHERE t.file_id = {id:String} AND t.generation = {generation:UInt32} AND t.offset >= {from:UInt64} AND t.offset < {to:UInt64}
     ORDER BY t.offset LIMIT ${Math.trunc(limit)} WITH TIES SETTINGS ${BULK_LIMITS}`,
    { id, generation, from, to },
  )
}

/** How much is stored of each file and generation. */
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
