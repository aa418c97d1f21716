import { closeSync } from 'node:fs'
import { errorCode } from '../errors.ts'
import type { PackedLook } from './checkpoint.ts'
import type { Found } from './log-names.ts'
import type { FeedContext } from './open-feed.ts'
import { lookOf, openRegular, type Refused } from './open-file.ts'
import { type PackedFile, readBefore } from './packed-feed.ts'
import { type FaultReason, PackedFault } from './packing.ts'
import { gunzip } from './unpack.ts'
import { UNPACK_LIMITS, Unpacking } from './unpack-limits.ts'

/** A compressed log: its unpacked content, or why there is none. */
export type GzipFile =
  | PackedFile
  | Refused
  | { readonly refused: 'useless'; readonly reason: FaultReason; readonly detail: string }
  | { readonly refused: 'known'; readonly before: PackedLook }

/** Unpacks a `.gz` as far as possible; not if it was read to its end before. */
export async function unpackGzip(
  { path, place }: Found,
  { known, signal }: Pick<FeedContext, 'known' | 'signal'>,
): Promise<GzipFile> {
  const opened = openRegular(path)
  if ('refused' in opened) return opened
  const { fd, stat } = opened
  try {
    const look = lookOf(stat)
    const before = readBefore(path, look, known)
    if (before !== undefined) return { refused: 'known', before }
    const { file, fault } = await gunzip(fd, new Unpacking(stat.size, UNPACK_LIMITS, signal))
    return { path, place, stat, look, fd: file.fd, size: file.size, fault }
  } catch (fault) {
    if (fault instanceof PackedFault)
      return { refused: 'useless', reason: fault.reason, detail: fault.message }
    const detail = errorCode(fault)
    if (detail === '') throw fault
    return { refused: 'unreadable', detail }
  } finally {
    closeSync(fd)
  }
}
