import type { Followers } from '../collect/followers.ts'
import { diskOf } from '../data-dir.ts'
import { LiveFeed, type StoredBatch } from '../web/live-feed.ts'
import type { WriteStatus } from '../web/service.ts'
import { heldUp } from './held-up.ts'
import { NotReadFiles } from './not-read-files.ts'
import type { WritePath } from './write-path.ts'

/** At most this many of the files that cannot be read are named. */
const NOT_READ_NAMED = 100

/** Counts what the write path has done since the start. */
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

  /** Notes a batch that the store has accepted. */
  stored(batch: StoredBatch, nowMs: number): void {
    this.#lines += batch.lines
    this.#batches++
    this.#lastBatchMs = nowMs
    if (batch.lines > 0) this.feed.note(batch)
  }

  /** The state of the write path. */
  status({ dir, stages, checkpoints }: WritePath, followers: Followers, nowMs: number): WriteStatus {
    const { state, pendingBytes, waitingSinceMs } = stages.inserter
    const { hot, backlog, lagBytes, behind, unfinished } = followers.open
    const files = behind.map(({ path, bytes, sinceMs }) => ({
      path,
      bytes,
      seconds: secondsOf(nowMs - sinceMs),
    }))
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
      files: {
        ...{ known: checkpoints.count(), hot, backlog, lag_bytes: lagBytes },
        ...{ lag_seconds: files[0]?.seconds ?? 0, behind: files },
      },
      disk: diskOf(dir),
      held_up: heldUp({ unfinished, behind }, waitingSinceMs, nowMs),
      not_read: { count: unread.length, items: unread.slice(0, NOT_READ_NAMED) },
    }
  }
}

function secondsOf(ms: number): number {
  return Math.max(0, Math.round(ms / 1000))
}
