import type { Sighted } from './discover.ts'
import { newFileId } from './fingerprint.ts'
import type { NotRead } from './not-read.ts'
import type { FeedContext } from './open-feed.ts'
import { inodeNumber, inodeOf } from './open-file.ts'
import { packingOf } from './packing.ts'

/** Tells of a file that went before it was read to its end; undefined if nothing of it is missing. */
export function vanished(
  { path, place, inode, size }: Sighted,
  { known, zoneOf }: FeedContext,
): NotRead | undefined {
  // How much a compressed one held nobody knows; that it could not be read was told then.
  if (packingOf(path) !== 'plain') return undefined
  const before = known.byInode(inodeNumber(inode)).find((checkpoint) => inodeOf(checkpoint) === inode)
  const offset = before?.reader.offset ?? 0
  if (size <= offset) return undefined
  const { placement, base } = place
  const fileId = before?.fileId ?? newFileId(base, Buffer.alloc(0), place.machine)
  const generation = before?.generation ?? (known.generationOf(fileId) ?? -1) + 1
  const shown = before?.path ?? place.path
  const file = { ...placement, fileId, generation, path: shown, zone: zoneOf(placement.source) }
  return {
    ...{ path, reason: 'vanished', detail: 'it went before it was read to its end' },
    lost: { file, offset, length: size - offset },
  }
}
