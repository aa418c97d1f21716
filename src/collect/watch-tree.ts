import { type FSWatcher, readdirSync, watch } from 'node:fs'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { errorCode } from '../errors.ts'
import { lookAt } from './open-file.ts'
import type { Hints, Notices } from './watch.ts'

type Watched = { readonly watcher: FSWatcher; readonly depth: number }
type Folder = { readonly path: string; readonly depth: number }

/** After so many folders, other work has its turn. */
const FOLDERS_A_TURN = 64

/**
 * Watches folders and those below them down to a depth. Of thousands of folders, chokidar keeps several
 * kB each and has tens of MB in use to find them, and it lists a folder anew at each write: here only what tells of changes is
 * kept, since a scan finds out what they are.
 */
export function watchTree(folders: readonly string[], depth: number, notices: Notices): Hints {
  const tree = new WatchedTree(depth, notices)
  void tree.begin(folders)
  return { close: async () => tree.close() }
}

class WatchedTree {
  readonly #depth: number
  readonly #notices: Notices
  readonly #watched = new Map<string, Watched>()
  readonly #told = new Set<string>()
  #isClosed = false

  constructor(depth: number, notices: Notices) {
    this.#depth = depth
    this.#notices = notices
  }

  async begin(folders: readonly string[]): Promise<void> {
    for (const path of folders) await this.#enter({ path, depth: 0 })
    if (!this.#isClosed) this.#notices.onChange()
  }

  close(): void {
    this.#isClosed = true
    for (const { watcher } of this.#watched.values()) watcher.close()
    this.#watched.clear()
  }

  /** Watches a folder and all below it. */
  async #enter(top: Folder): Promise<void> {
    const left = [top]
    for (let folder = left.pop(), n = 1; folder !== undefined; folder = left.pop(), n++) {
      if (n % FOLDERS_A_TURN === 0) await setImmediate()
      if (this.#isClosed) return
      try {
        // What appears later is told of; what is there already is listed.
        if (this.#watch(folder)) left.push(...foldersIn(folder))
      } catch (error) {
        this.#trouble(error)
      }
    }
  }

  /** False if it need not be listed: it is watched already, or lies too deep. */
  #watch({ path, depth }: Folder): boolean {
    const known = this.#watched.get(path)
    if (depth > this.#depth || (known !== undefined && known.depth <= depth)) return false
    known?.watcher.close()
    const watcher = watch(path, { persistent: false }, (event, name) =>
      this.#heard({ path, depth }, event, name),
    )
    watcher.on('error', this.#trouble)
    this.#watched.set(path, { watcher, depth })
    return true
  }

  #heard(folder: Folder, event: string, name: string | null): void {
    if (this.#isClosed) return
    const { onChange, onWritten = () => onChange() } = this.#notices
    if (!name) onChange()
    else if (event !== 'rename') onWritten(join(folder.path, name))
    else this.#renamed({ path: join(folder.path, name), depth: folder.depth + 1 })
  }

  /** A name appeared or disappeared; perhaps that of a folder. */
  #renamed(entry: Folder): void {
    const { onChange } = this.#notices
    // At once: a file may be gone in a moment.
    onChange(entry.path)
    this.#leave(entry.path)
    if (lookAt(entry.path)?.isDirectory() !== true) return
    void this.#enter(entry).then(() => {
      // What appeared in it before it was watched raised no notice.
      if (!this.#isClosed) onChange()
    })
  }

  /** There is another folder at the path now, or none: what was watched is gone, or elsewhere. */
  #leave(path: string): void {
    if (!this.#watched.has(path)) return
    for (const [at, { watcher }] of this.#watched) {
      if (at !== path && !at.startsWith(`${path}/`)) continue
      watcher.close()
      this.#watched.delete(at)
    }
  }

  /** A folder that went in the meantime is no trouble. One function for all of them, since folders are many. */
  readonly #trouble = (error: unknown): void => {
    const code = errorCode(error)
    if (code === '') throw error
    if (code === 'ENOENT' || code === 'ENOTDIR' || this.#told.has(code)) return
    this.#told.add(code)
    this.#notices.onTrouble?.(code)
  }
}

function foldersIn({ path, depth }: Folder): Folder[] {
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ path: join(path, name), depth: depth + 1 }))
}
