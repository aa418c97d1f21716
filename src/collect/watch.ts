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
 * Watches a few folders, such as those of the rules, never files. The only door to chokidar; the many folders of logs are
 * watched by `watchTree`.
 */
export function watchFolders(
  folders: readonly string[],
  depth: number,
  { onChange, onTrouble }: Pick<Notices, 'onChange' | 'onTrouble'>,
): Hints {
  const told = new Set<string>()
  const watcher = watch([...folders], {
    depth,
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (_path, stats) => stats !== undefined && !stats.isDirectory(),
  })
  watcher.on('raw', () => onChange())
  // Entries that appeared before their folder was watched raised no notice.
  watcher.on('addDir', () => onChange())
  watcher.on('ready', () => onChange())
  watcher.on('error', (error) => {
    const code = errorCode(error)
    if (told.has(code)) return
    told.add(code)
    onTrouble?.(code)
  })
  return { close: () => watcher.close() }
}
