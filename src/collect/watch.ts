import { join } from 'node:path'
import { watch } from 'chokidar'
import { errorCode } from '../errors.ts'

/** Early notices that something below some folders has changed; the scan finds out what. */
export type Hints = { close(): Promise<void> }

/** Who is called when something happens below the folders. */
export type Notices = {
  /** An entry appeared, disappeared or changed; with its path if its name appeared or disappeared. */
  readonly onChange: (path?: string) => void
  /** An entry was written to, or its rights changed; without it, that is a change. */
  readonly onWritten?: (path: string) => void
  /** Some folders cannot be watched; called once for each system error code. */
  readonly onTrouble?: (code: string) => void
}

/**
 * Watches folders (never files, so that the cost does not grow with them). Lost notices cost time, never a line of a file
 * that stays. The only door to chokidar.
 */
export function watchFolders(
  folders: readonly string[],
  depth: number,
  { onChange, onWritten = () => onChange(), onTrouble = () => {} }: Notices,
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
    if (!name) return onChange()
    const path = join((at as { readonly watchedPath: string }).watchedPath, name)
    if (event === 'rename') onChange(path)
    else onWritten(path)
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
