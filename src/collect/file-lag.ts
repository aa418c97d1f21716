import { errorCode } from '../errors.ts'
import type { Feed } from './feed.ts'
import { statOf } from './open-file.ts'

/** A file that is not read to its end: how much of it is left, and since when some was. */
export type FileLag = { readonly path: string; readonly bytes: number; readonly sinceMs: number }

/** So many are named. */
const NAMED = 20

/** Names the files that are furthest behind, those that have been for longest first; never more than a few. */
export function worstLags(lags: readonly FileLag[]): FileLag[] {
  return lags
    .filter(({ bytes }) => bytes > 0)
    .toSorted((a, b) => a.sinceMs - b.sinceMs || b.bytes - a.bytes)
    .slice(0, NAMED)
}

/** Bytes of an open file that are not read. While nothing is read nobody looks at it, so its size is looked up. */
export function unreadBytes({ fd, packed, stat, reader }: Feed): number {
  const size = packed === undefined ? sizeNow(fd, stat.size) : stat.size
  return Math.max(0, size - reader.position)
}

function sizeNow(fd: number, known: number): number {
  try {
    return statOf(fd)?.size ?? known
  } catch (error) {
    // A file that cannot be looked at counts as it was; whoever reads it tells why.
    if (errorCode(error) === '') throw error
    return known
  }
}
