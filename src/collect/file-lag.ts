import { errorCode } from '../errors.ts'
import type { Feed } from './feed.ts'
import { statOf } from './open-file.ts'

/** A file that is not read to its end: how many bytes are left, and since when some have been. */
export type FileLag = { readonly path: string; readonly bytes: number; readonly sinceMs: number }

/** At most this many are named. */
const NAMED = 20

/** The files that are furthest behind, longest first; never more than a few. */
export function worstLags(lags: readonly FileLag[]): FileLag[] {
  return lags
    .filter(({ bytes }) => bytes > 0)
    .toSorted((a, b) => a.sinceMs - b.sinceMs || b.bytes - a.bytes)
    .slice(0, NAMED)
}

/** Unread bytes of an open file. While nothing is read nobody else stats it, so its size is looked up here. */
export function unreadBytes({ fd, packed, stat, reader }: Feed): number {
  const size = packed === undefined ? sizeNow(fd, stat.size) : stat.size
  return Math.max(0, size - reader.position)
}

function sizeNow(fd: number, known: number): number {
  try {
    return statOf(fd)?.size ?? known
  } catch (error) {
    // A file that cannot be looked at keeps its last size; whoever reads it reports why.
    if (errorCode(error) === '') throw error
    return known
  }
}
