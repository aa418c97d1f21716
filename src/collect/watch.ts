import { join } from 'node:path'
import { watch } from 'chokidar'
import { errorCode } from '../errors.ts'

/** Tells early that something below some folders has changed; the scan finds out what. */
export type Hints = { close(): Promise<void> }

/**
 * Watches folders (never files, so that the cost does not grow with them) and calls `onChange` when an entry of one comes,
 * goes or changes: with its path where its name came or went. Lost notices cost time, never a line of a file that stays.
 * `onTrouble` is told once of each reason (a code of the system) why some folders cannot be watched. The only door to chokidar.
 */
export function watchFolders(
  folders: readonly string[],
  depth: number,
  onChange: (path?: string) => void,
  onTrouble: (code: string) => void = () => {},
): Hints {
  const told = new Set<string>()
  const watcher = watch([...folders], {
    depth,
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (_path, stats) => stats !== undefined && !stats.isDirectory(),
  })
  // Told at once, where chokidar's own events wait for a look at the folder: a file may be gone in a moment.
  watcher.on('raw', (event, name, at) => {
    const { watchedPath } = at as { readonly watchedPath: string }
    onChange(event === 'rename' && name ? join(watchedPath, name) : undefined)
  })
  // What came before its folder was watched raised no notice.
  watcher.on('addDir', () => onChange())
  watcher.on('ready', () => onChange())
  watcher.on('error', (error) => {
    const code = errorCode(error)
    if (told.has(code)) return
    told.add(code)
    onTrouble(code)
  })
  return { close: () => watcher.close() }
}
