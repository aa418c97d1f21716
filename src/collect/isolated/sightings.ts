import type { KnownFiles } from '../known-files.ts'

/** Combines what several followers see: a file is gone only if none of them sees it. */
export class Sightings {
  readonly #known: KnownFiles
  readonly #seen = new Map<string, ReadonlySet<string> | undefined>()

  /** `followers`: their folders. */
  constructor(known: KnownFiles, followers: readonly string[]) {
    this.#known = known
    for (const follower of followers) this.#seen.set(follower, undefined)
  }

  /** A follower sees these inodes; undefined if it cannot tell, and then nothing counts as gone. */
  note(follower: string, inodes: ReadonlySet<string> | undefined, nowMs: number): void {
    if (this.#seen.size === 1) {
      if (inodes !== undefined) this.#known.sighted(inodes, nowMs)
      return
    }
    this.#seen.set(follower, inodes)
    const all = new Set<string>()
    for (const seen of this.#seen.values()) {
      if (seen === undefined) return
      for (const inode of seen) all.add(inode)
    }
    this.#known.sighted(all, nowMs)
  }
}
