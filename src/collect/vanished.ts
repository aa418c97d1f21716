import type { SourceFile } from '../model.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Sighted } from './discover.ts'
import { newFileId } from './fingerprint.ts'
import type { Found } from './log-names.ts'
import type { NotRead } from './not-read.ts'
import type { FeedContext, Place } from './open-feed.ts'
import { inodeNumber, inodeOf } from './open-file.ts'
import { packingOf } from './packing.ts'

/** Reports a file that disappeared before it was read to its end; undefined if nothing of it is missing. */
export function vanished(
  { path, place, inode, size }: Sighted,
  { known, zoneOf }: FeedContext,
): NotRead | undefined {
  // Nobody knows how much a compressed file held; that it could not be read was reported then.
  if (packingOf(path) !== 'plain') return undefined
  const before = known.byInode(inodeNumber(inode)).find((checkpoint) => inodeOf(checkpoint) === inode)
  const offset = before?.reader.offset ?? 0
  if (size <= offset) return undefined
  const told = { path, reason: 'vanished', detail: 'it went before it was read to its end' }
  const context = { known, zoneOf }
  if (before !== undefined) return { ...told, ...unreadOf(place, before, size - offset, context) }
  return { ...told, lost: { file: fileOf(place, undefined, context), offset, length: size } }
}

/** The loss of bytes that follow a checkpoint, and what to commit with it, so that no later run tells it again. */
export function unreadOf(
  place: Place,
  checkpoint: Checkpoint,
  length: number,
  context: Pick<FeedContext, 'known' | 'zoneOf'>,
): Pick<NotRead, 'lost' | 'settled'> {
  const { unread: _, ...settled } = checkpoint
  const { offset } = checkpoint.reader
  return { lost: { file: fileOf(place, checkpoint, context), offset, length }, settled }
}

/** Reports a file of which only its coming and going was noticed. */
export function cameAndWent({ path, place }: Found, context: FeedContext): NotRead {
  const detail = 'it came and went before it could be opened; what it held is not known'
  const lost = { file: fileOf(place, undefined, context), offset: 0, length: 0 }
  return { path, reason: 'vanished', detail, lost }
}

function fileOf(
  { placement, base, path, machine }: Place,
  before: Checkpoint | undefined,
  { known, zoneOf }: Pick<FeedContext, 'known' | 'zoneOf'>,
): SourceFile {
  const fileId = before?.fileId ?? newFileId(base, Buffer.alloc(0), machine)
  const generation = before?.generation ?? (known.generationOf(fileId) ?? -1) + 1
  return {
    ...{ ...placement, fileId, generation, zone: zoneOf(placement.source) },
    path: before?.path ?? path,
  }
}
