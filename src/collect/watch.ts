import { watch } from 'chokidar'

/** Tells early that something below some folders has changed; the scan finds out what. */
export type Hints = { close(): Promise<void> }

/**
 * Watches folders (never files, so that the cost does not grow with them) and calls `onChange` when an entry of one comes,
 * goes or changes. Lost notices cost time, never a line. The only door to chokidar.
 */
export function watchFolders(folders: readonly string[], depth: number, onChange: () => void): Hints {
  const watcher = watch([...folders], {
    depth,
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (_path, stats) => stats !== undefined && !stats.isDirectory(),
  })
  watcher.on('raw', onChange)
  // A folder that cannot be watched (no more watches, no permission) is still scanned.
  watcher.on('error', () => {})
  return { close: () => watcher.close() }
}
