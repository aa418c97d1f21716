import { statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'

/** How a folder looked when it was listed, and since when it has been seen like that. */
type Seen = { readonly look: string; readonly sinceMs: number }

/** A folder that looked like this for less time when it was listed may change again and look the same: clocks are coarse. */
const SETTLED_MS = 3000
/** Everything is listed again after so long: not every file system shows at a folder that something in it changed. */
const LISTED_MS = 120_000
/** After so many folders, other work has its turn. */
const FOLDERS_A_TURN = 256

/**
 * Tells whether the folders of a listing still hold the same names, which costs much less than to list them. The times of
 * folders are compared with each other only, since a file server has a clock of its own.
 */
export class FolderLooks {
  readonly #now: () => number
  /** Those of the listing, and those of the one before while it is under way. Undefined: it does not exist. */
  #seen = new Map<string, Seen | undefined>()
  #before: ReadonlyMap<string, Seen | undefined> = new Map()
  #beginMs = 0
  #state: 'whole' | 'failed' | 'listing' = 'failed'

  constructor(nowMs: () => number) {
    this.#now = nowMs
  }

  /** A listing begins: until it ends, nothing is known. */
  begin(): void {
    this.#state = 'listing'
    this.#beginMs = this.#now()
    this.#before = this.#seen
    this.#seen = new Map()
  }

  /** To be called before a folder is listed, and for one that would be if it existed. */
  note(path: string): void {
    const look = lookOf(path)
    const before = this.#before.get(path)
    const sinceMs = before !== undefined && before.look === look ? before.sinceMs : this.#beginMs
    this.#seen.set(path, look === undefined ? undefined : { look, sinceMs })
  }

  /** Something could not be looked at, and nothing will show when it can be. */
  failed(): void {
    this.#state = 'failed'
  }

  end(): void {
    this.#before = new Map()
    if (this.#state === 'listing') this.#state = 'whole'
  }

  /** Would listing everything again bring the same names? */
  async areUnchanged(): Promise<boolean> {
    const ageMs = this.#now() - this.#beginMs
    if (this.#state !== 'whole' || ageMs < 0 || ageMs >= LISTED_MS) return false
    for (const seen of this.#seen.values())
      if (seen !== undefined && this.#beginMs - seen.sinceMs < SETTLED_MS) return false
    let folders = 0
    for (const [path, seen] of this.#seen) {
      if (++folders % FOLDERS_A_TURN === 0) await setImmediate()
      if (lookOf(path) !== seen?.look) return false
    }
    return true
  }
}

/** Changes when an entry of the folder appears or disappears, or the folder itself is another one; undefined if it is gone. */
function lookOf(path: string): string | undefined {
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    return stats && [stats.dev, stats.ino, stats.mtimeMs, stats.ctimeMs].join(':')
  } catch {
    return undefined
  }
}
