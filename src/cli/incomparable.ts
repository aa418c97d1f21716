import { lstatSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Checkpoint } from '../collect/checkpoint.ts'
import { isCutSince, type KnownFiles } from '../collect/known-files.ts'
import type { StoredFile } from '../store/digest-query.ts'
import type { Incomparable } from './verify-report.ts'

export type Asked = {
  readonly known: KnownFiles
  /** Files and generations that were compared, and those no longer in their files; `fileId:generation`. */
  readonly met: ReadonlySet<string>
  readonly truncated: ReadonlySet<string>
  /** Files and folders to check; everything if there are none. */
  readonly folders: readonly string[]
  /** Do other machines write to the same store? */
  readonly isShared: boolean
}

/** Stored files that cannot be compared with a file, and why. */
export function* incomparable(
  stored: readonly StoredFile[],
  { known, met, truncated, folders, isShared }: Asked,
): Generator<{ readonly file: StoredFile; readonly reason: Incomparable }> {
  const all = [...known.all()]
  const checkpoints = new Map(
    all.map((checkpoint) => [`${checkpoint.fileId}:${checkpoint.generation}`, checkpoint]),
  )
  const ids = new Map(all.map((checkpoint) => [checkpoint.fileId, checkpoint]))
  const whole = folders.map((folder) => resolve(folder))
  const isAsked = ({ lastPath }: Checkpoint) =>
    whole.length === 0 ||
    whole.some((folder) => lastPath === folder || /^!?\//.test(afterPrefix(lastPath, folder)))
  for (const file of stored) {
    const key = `${file.file_id}:${file.generation}`
    if (met.has(key)) continue
    const own = checkpoints.get(key)
    const later = own ?? ids.get(file.file_id)
    if (later === undefined) {
      if (!isShared && whole.length === 0) yield { file, reason: 'unknown' }
    } else if (isAsked(later)) {
      yield { file, reason: own === undefined ? 'earlier' : reasonOf(own, truncated.has(key), known) }
    }
  }
}

function afterPrefix(path: string, prefix: string): string {
  return path.startsWith(prefix) ? path.slice(prefix.length) : ''
}

function reasonOf(checkpoint: Checkpoint, isTruncated: boolean, known: KnownFiles): Incomparable {
  if (isTruncated) return 'truncated'
  const { lastPath, ino } = checkpoint
  const [bundle = '', ...member] = lastPath.split('!/')
  if (member.length > 0 && isThere(bundle)) return 'bundle'
  // Its bytes were overwritten, so no path leads to them.
  if (isCutSince(checkpoint, known)) return 'earlier'
  return lstatSync(lastPath, { throwIfNoEntry: false })?.ino === ino ? 'elsewhere' : 'gone'
}

function isThere(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined
}
