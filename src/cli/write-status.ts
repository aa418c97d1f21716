import type { Followers } from '../collect/followers.ts'
import { LiveFeed, type StoredBatch } from '../web/live-feed.ts'
import type { WriteStatus } from '../web/service.ts'
import { NotReadFiles } from './not-read-files.ts'
import type { WritePath } from './write-path.ts'

/** At most this many of the files that cannot be read are named. */
const NOT_READ_NAMED = 100

/** What the write path has done since the start. */
export class WriteCounts {
  readonly notRead = new NotReadFiles()
  readonly feed = new LiveFeed()
  readonly #startedMs: number
  #lines = 0
  #batches = 0
  #lastBatchMs: number | undefined

  constructor(nowMs: number) {
    this.#startedMs = nowMs
  }

  /** Notes a batch that the store has taken. */
  stored(batch: StoredBatch, nowMs: number): void {
    this.#lines += batch.lines
    this.#batches++
    this.#lastBatchMs = nowMs
    if (batch.lines > 0) this.feed.note(batch)
  }

  /** How the write path is doing. */
  status({ stages, checkpoints }: WritePath, followers: Followers): WriteStatus {
    const { state, pendingBytes } = stages.inserter
    const { hot, backlog, lagBytes } = followers.open
    const unread = [...this.notRead.now(), ...followers.farNotRead]
    return {
      started_at: new Date(this.#startedMs).toISOString(),
      lines: this.#lines,
      batches: this.#batches,
      ...(this.#lastBatchMs === undefined
        ? {}
        : { last_batch_at: new Date(this.#lastBatchMs).toISOString() }),
      store: state.kind,
      pending_bytes: pendingBytes,
      files: { known: checkpoints.count(), hot, backlog, lag_bytes: lagBytes },
      not_read: { count: unread.length, items: unread.slice(0, NOT_READ_NAMED) },
    }
  }
}
