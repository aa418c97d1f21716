import type { Checkpoint } from './checkpoint.ts'
import { isCutSince, type KnownFiles, keyOf } from './known-files.ts'
import { inodeOf } from './open-file.ts'
import { unrotated } from './rotation.ts'

/** Number of earlier generations that are remembered per file; rotation keeps fewer copies. */
const KEPT_GENERATIONS = 100
/** Number of files of one name, but for rotation, that are looked up by it: the newest. */
const KEPT_NAMES = 1000
/** This many files that are gone are always remembered. */
const GONE_KEPT = 10_000
/** More are remembered for this long: a file system that is away for a while comes back with its files. */
export const GONE_MS = 24 * 3_600_000

/** The newest generation of a file, and how many of them are remembered. */
type Generations = { readonly newest: number; readonly count: number }

const ONLY_FIRST: Generations = { newest: 0, count: 1 }

/** One checkpoint, as nearly always, or a list: for very many files, lists of one would cost memory. */
type Several = Checkpoint | readonly Checkpoint[]

/** Checkpoints, one for each file and generation, indexed by what a file can be recognised by. */
export class FileIndex {
  readonly #entries = new Map<string, Checkpoint>()
  readonly #byInode = new Map<number, Several>()
  readonly #byName = new Map<string, Several>()
  /** Of each file of which more than its first generation is known. */
  readonly #generations = new Map<string, Generations>()
  /** Since when files are gone; only for those beyond the number that is always remembered. */
  readonly #goneSince = new Map<string, number>()
  readonly #onForgotten: (key: string) => void

  /** `onForgotten` is called with the key of a file that is not remembered any more. */
  constructor(onForgotten: (key: string) => void = () => {}) {
    this.#onForgotten = onForgotten
  }

  /** An offset never goes back: an earlier checkpoint is ignored. */
  put(checkpoint: Checkpoint, key = keyOf(checkpoint)): void {
    const before = this.#entries.get(key)
    if (before !== undefined && before.reader.offset > checkpoint.reader.offset) return
    if (before === undefined) this.#count(checkpoint)
    else this.#remove(key, before)
    this.#entries.set(key, checkpoint)
    const { fileId, generation, ino, lastPath } = checkpoint
    this.#byInode.set(ino, inserted(this.#byInode.get(ino), checkpoint))
    const name = unrotated(lastPath)
    this.#byName.set(name, inserted(this.#byName.get(name), checkpoint, KEPT_NAMES))
    this.#forgetCut(this.#entries.get(`${fileId}:${generation - KEPT_GENERATIONS}`))
  }

  byInode(ino: number): readonly Checkpoint[] {
    return listOf(this.#byInode.get(ino))
  }

  byName(path: string): readonly Checkpoint[] {
    return listOf(this.#byName.get(unrotated(path)))
  }

  generationOf(fileId: string): number | undefined {
    return this.#generationsOf(fileId)?.newest
  }

  get entries(): Iterable<Checkpoint> {
    return this.#entries.values()
  }

  /** Forgets files that have been gone for long, except the newest. The entries are in the order of their last change. */
  sighted(inodes: ReadonlySet<string>, nowMs: number): void {
    let over = this.#entries.size - inodes.size - GONE_KEPT
    if (over <= 0) {
      this.#goneSince.clear()
      return
    }
    for (const [key, checkpoint] of this.#entries) {
      const isThere = inodes.has(inodeOf(checkpoint)) && this.byInode(checkpoint.ino)[0] === checkpoint
      if (isThere) this.#goneSince.delete(key)
      else if (over-- <= 0) break
      else if (nowMs - this.#since(key, nowMs) >= GONE_MS) this.#forget(key, checkpoint)
    }
  }

  #since(key: string, nowMs: number): number {
    const since = Math.min(nowMs, this.#goneSince.get(key) ?? nowMs)
    this.#goneSince.set(key, since)
    return since
  }

  /** Of an inode that was truncated again and again, only some earlier generations are kept. */
  #forgetCut(checkpoint: Checkpoint | undefined): void {
    if (checkpoint !== undefined && isCutSince(checkpoint, this)) this.#forget(keyOf(checkpoint), checkpoint)
  }

  #forget(key: string, checkpoint: Checkpoint): void {
    const { fileId } = checkpoint
    const { newest, count } = this.#generationsOf(fileId) ?? ONLY_FIRST
    if (count > 1) this.#generations.set(fileId, { newest, count: count - 1 })
    else this.#generations.delete(fileId)
    this.#goneSince.delete(key)
    this.#remove(key, checkpoint)
    this.#onForgotten(key)
  }

  #remove(key: string, checkpoint: Checkpoint): void {
    this.#entries.delete(key)
    removeFrom(this.#byInode, checkpoint.ino, checkpoint)
    removeFrom(this.#byName, unrotated(checkpoint.lastPath), checkpoint)
  }

  /** Counts a generation that was not remembered before. */
  #count({ fileId, generation }: Checkpoint): void {
    const known = this.#generationsOf(fileId)
    if (known === undefined && generation === 0) return
    const { newest, count } = known ?? { newest: 0, count: 0 }
    this.#generations.set(fileId, { newest: Math.max(generation, newest), count: count + 1 })
  }

  #generationsOf(fileId: string): Generations | undefined {
    return this.#generations.get(fileId) ?? (this.#entries.has(`${fileId}:0`) ? ONLY_FIRST : undefined)
  }
}

/** Knows files only during this run, for reading without a store. */
export function forgetfulFiles(): KnownFiles {
  return knownIn(new FileIndex())
}

/** The lookups of an index. */
export function knownIn(seen: FileIndex): KnownFiles {
  return {
    byInode: (ino) => seen.byInode(ino),
    byName: (path) => seen.byName(path),
    generationOf: (fileId) => seen.generationOf(fileId),
    all: () => seen.entries,
    note: (checkpoint) => seen.put(checkpoint),
    sighted: (inodes, nowMs) => seen.sighted(inodes, nowMs),
  }
}

function listOf(several: Several | undefined): readonly Checkpoint[] {
  if (several === undefined) return []
  return isOne(several) ? [several] : several
}

function isOne(several: Several): several is Checkpoint {
  return 'fileId' in several
}

/** Newest first, but after later generations of the same file. */
function inserted(several: Several | undefined, checkpoint: Checkpoint, most?: number): Several {
  if (several === undefined) return checkpoint
  const others = listOf(several)
  const { fileId, generation } = checkpoint
  const at = others.findLastIndex((other) => other.fileId === fileId && other.generation > generation) + 1
  return [...others.slice(0, at), checkpoint, ...others.slice(at)].slice(0, most)
}

function removeFrom<Key>(lists: Map<Key, Several>, key: Key, checkpoint: Checkpoint): void {
  const left = listOf(lists.get(key)).filter((other) => other !== checkpoint)
  const [only] = left
  if (only === undefined) lists.delete(key)
  else lists.set(key, left.length === 1 ? only : left)
}
