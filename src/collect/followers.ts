import type { Clock } from '../clock.ts'
import type { Collected } from './feed.ts'
import { worstLags } from './file-lag.ts'
import type { Follower } from './follow.ts'
import type { OpenCounts } from './isolated/messages.ts'
import type { NotRead } from './not-read.ts'

/** A follower whose files are read by another process. */
export type FarFollower = {
  /** The folder with its files: the mount point. */
  readonly folder: string
  readonly open: OpenCounts
  readonly notRead: readonly NotRead[]
  take(): Collected | undefined
  close(): void
}

/** What is open in all followers. */
export type AllOpen = Omit<OpenCounts, 'hasReadAll'> & {
  /** Where not everything is read that was there at the start: on this machine, and in network folders. */
  readonly unfinished: readonly string[]
}

/** The files of this machine, and those of network file systems, each of which is read by a process of its own. */
export class Followers {
  readonly #local: Follower
  readonly #far: FarFollower[]
  readonly #clock: Clock
  #isLocalsTurn = false

  constructor(local: Follower, far: readonly FarFollower[], clock: Clock) {
    this.#local = local
    this.#far = [...far]
    this.#clock = clock
  }

  /** What is open now, in all followers. */
  get open(): AllOpen {
    const { hasReadAll, ...sum } = this.#local.open
    const unfinished = hasReadAll ? [] : ['the folders of this machine']
    for (const { folder, open } of this.#far) {
      if (!open.hasReadAll) unfinished.push(folder)
      sum.hot += open.hot
      sum.backlog += open.backlog
      sum.lagBytes += open.lagBytes
      sum.behind = worstLags([...sum.behind, ...open.behind])
    }
    return { ...sum, unfinished }
  }

  /** What cannot be read on network file systems; only those processes look there. */
  get farNotRead(): readonly NotRead[] {
    return this.#far.flatMap(({ notRead }) => notRead)
  }

  /** Something on this machine may have changed: scan soon, and look at once at a name that appeared or disappeared. */
  hint(path?: string): void {
    this.#local.hint(path)
  }

  /** A file of this machine was written to: looks at it, or scans soon if only a scan can find out what that means. */
  written(path: string): void {
    this.#local.written(path)
  }

  /** Some folders of this machine cannot be watched: changes there give no hint. */
  missesHints(): void {
    this.#local.missesHints()
  }

  /**
   * The next chunk of any file; `idle` if there was none for `waitMs`, `end` when the signal aborts. All followers get their
   * turn.
   */
  async next(waitMs: number): Promise<Collected | 'idle' | 'end'> {
    const until = this.#clock.nowMs() + waitMs
    for (;;) {
      // After a chunk of another process, this machine's files have their turn; it must not be waited for them, since that
      // process reads on only when it is asked.
      if (this.#isLocalsTurn) {
        this.#isLocalsTurn = false
        const local = await this.#local.next(0)
        if (local !== 'idle') return local
      }
      const far = this.#nextFar()
      if (far !== undefined) {
        this.#isLocalsTurn = true
        return far
      }
      const local = await this.#local.next(Math.min(waitMs, Math.max(0, until - this.#clock.nowMs())))
      if (local !== 'idle') return local
      if (this.#clock.nowMs() >= until) return 'idle'
    }
  }

  async close(): Promise<void> {
    for (const far of this.#far) far.close()
    await this.#local.close()
  }

  /** The one that gave the last chunk is asked last next time. */
  #nextFar(): Collected | undefined {
    for (const far of [...this.#far]) {
      const collected = far.take()
      if (collected === undefined) continue
      this.#far.splice(this.#far.indexOf(far), 1)
      this.#far.push(far)
      return collected
    }
    return undefined
  }
}
