import type { Checkpoint } from './checkpoint.ts'
import { GONE_MS } from './file-index.ts'
import { isBornWith, type KnownFiles } from './known-files.ts'
import type { Found } from './log-names.ts'
import type { NotRead } from './not-read.ts'
import type { FeedContext } from './open-feed.ts'
import { inodeOf, isGone, lookAt } from './open-file.ts'
import { packingOf } from './packing.ts'
import { unreadOf } from './vanished.ts'

/** So long after the first scan, file systems that are mounted late and packed files have been looked at. */
const LATE_MS = 10 * 60_000

/**
 * Files of which an earlier run knew that they hold unread bytes, and that nobody has found since. A file system that is
 * away comes back with its files, and a rotated log is recognised, so they count as lost only after a day.
 */
export class LeftBehind {
  readonly #context: FeedContext
  readonly #placeOf: (path: string) => Found | undefined
  #files: readonly Checkpoint[]
  #sinceMs: number | undefined

  /** To be made when a run begins. */
  constructor(context: FeedContext, placeOf: (path: string) => Found | undefined) {
    this.#context = context
    this.#placeOf = placeOf
    this.#files = [...context.known.all()].filter(
      ({ unread, packed, lastPath }) =>
        unread !== undefined && packed === undefined && packingOf(lastPath) === 'plain',
    )
  }

  /** A scan has seen these inodes; returns the files that count as lost now, each once. */
  takeLost(inodes: ReadonlySet<string>, nowMs: number): NotRead[] {
    const sinceMs = Math.min(nowMs, this.#sinceMs ?? nowMs)
    this.#sinceMs = sinceMs
    const lost: NotRead[] = []
    this.#files = this.#files.filter((file) => {
      if (!this.#isUnseen(file)) return false
      const isLong = nowMs - sinceMs >= LATE_MS && nowMs - (file.unread?.atMs ?? 0) >= GONE_MS
      if (!isLong || !isNowhere(file, inodes, this.#context.known)) return true
      const found = this.#placeOf(file.lastPath)
      if (found !== undefined) lost.push(lostOf(file, found, this.#context))
      return false
    })
    return lost
  }

  /** Has this run neither opened it, under whatever name, nor found it cut in place, which is told then? */
  #isUnseen(file: Checkpoint): boolean {
    const others = this.#context.known.byInode(file.ino)
    const isCut = others.some(
      ({ fileId, generation, birthMs }) =>
        fileId === file.fileId && generation > file.generation && isBornWith(file, birthMs),
    )
    return !isCut && others.includes(file)
  }
}

/** Is it at no path that the scan looks at, and gone from where it was? Its inode may belong to another file by now. */
function isNowhere(file: Checkpoint, inodes: ReadonlySet<string>, known: KnownFiles): boolean {
  const [newest] = known.byInode(file.ino).filter(({ dev }) => dev === file.dev)
  if (inodes.has(inodeOf(file)) && newest === file) return false
  const stats = lookAt(file.lastPath)
  // A folder that cannot be looked into may still hold it.
  return stats === undefined ? isGone(file.lastPath) : stats.ino !== file.ino || newest !== file
}

function lostOf(file: Checkpoint, { path, place }: Found, context: FeedContext): NotRead {
  const detail = 'it went while nobody watched, before it was read to its end; it may have held more'
  return { path, reason: 'vanished', detail, ...unreadOf(place, file, file.unread?.bytes ?? 0, context) }
}
