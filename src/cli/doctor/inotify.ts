import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { grouped } from '../counted.ts'
import { WATCH_DEPTH } from '../watch-depth.ts'
import { type Check, notChecked, ok, warn } from './check.ts'

/** Counting more folders would take too long. */
const MOST_FOLDERS = 200_000

/** Does the system allow enough watches? Folders are watched, files are not; with too few, only the scan finds what is new. */
export function inotifyCheck(folders: readonly string[]): Check {
  const watches = numberIn('/proc/sys/fs/inotify/max_user_watches')
  const instances = numberIn('/proc/sys/fs/inotify/max_user_instances')
  if (watches === undefined || instances === undefined) {
    return notChecked('inotify', '/proc/sys/fs/inotify does not tell the limits')
  }
  const needed = countFolders(folders, Math.min(watches, MOST_FOLDERS) + 1)
  const told = `${grouped(needed)} folders to watch, ${grouped(watches)} watches and ${grouped(instances)} instances allowed`
  if (needed < watches / 2 && instances >= 8) return ok('inotify', told)
  return warn(
    'inotify',
    told,
    `New lines are found later, by the scan alone. Raise it: \`sysctl -w fs.inotify.max_user_watches=${Math.max(524_288, 4 * needed)} fs.inotify.max_user_instances=512\`.`,
  )
}

function numberIn(path: string): number | undefined {
  try {
    return Number(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** Counts folders down to the depth that is watched; stops at `most`. */
function countFolders(folders: readonly string[], most: number): number {
  const seen = new Set<string>()
  let level = [...folders]
  for (let depth = 0; depth <= WATCH_DEPTH && seen.size < most; depth++) {
    const below: string[] = []
    for (const folder of level) {
      if (seen.has(folder) || seen.size >= most) continue
      seen.add(folder)
      below.push(...foldersIn(folder))
    }
    level = below
  }
  return seen.size
}

function foldersIn(folder: string): string[] {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    return entries.filter((entry) => entry.isDirectory()).map((entry) => join(folder, entry.name))
  } catch {
    return []
  }
}
