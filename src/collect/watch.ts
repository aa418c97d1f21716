import { join } from 'node:path'
import { watch } from 'chokidar'
import { errorCode } from '../errors.ts'

/** Early notices that something below some folders has changed; the scan finds out what. */
export type Hints = { close(): Promise<void> }

/**
 * Watches folders (never files, so that the cost does not grow with them). Calls `onChange` when an entry appears, disappears
 * or changes, with its path if its name appeared or disappeared. Lost notices cost time, never a line of a file that stays.
 * `onTrouble` is called once for each reason (a system error code) why some folders cannot be watched. The only door to
 * chokidar.
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
  // Passed on at once; chokidar's own events wait until it has read the folder, and a file may be gone by then.
  watcher.on('raw', (event, name, at) => {
    const { watchedPath } = at as { readonly watchedPath: string }
    onChange(event === 'rename' && name ? join(watchedPath, name) : undefined)
  })
  // Entries that appeared before their folder was watched raised no notice.
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
