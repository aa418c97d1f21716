import type { Loss, RecordChunk } from '../../model.ts'
import type { Checkpoint } from '../checkpoints.ts'
import type { FileLag } from '../file-lag.ts'
import type { NotRead } from '../not-read.ts'

/** What is open: files, those whose end was not reached yet; the bytes that are not read of all, and whose they are. */
export type OpenCounts = {
  readonly hot: number
  readonly backlog: number
  readonly lagBytes: number
  /** The files that are furthest behind. */
  readonly behind: readonly FileLag[]
}

/** What the reading process is told: where to begin (once), and to read on. */
export type Order<Settings> =
  | { readonly kind: 'start'; readonly settings: Settings; readonly checkpoints: readonly Checkpoint[] }
  /** `memory` is what became of that of the chunk before. */
  | { readonly kind: 'next'; readonly memory?: RecordChunk['memory'] }

/** What the reading process tells; every order `next` has one answer, `collected` or `idle`. */
export type Report =
  | {
      readonly kind: 'collected'
      readonly chunk: RecordChunk
      readonly losses: readonly Loss[]
      readonly checkpoint: Checkpoint
      readonly open: OpenCounts
    }
  | { readonly kind: 'idle'; readonly open: OpenCounts }
  | { readonly kind: 'not-read'; readonly file: NotRead }
  /** A scan is over: the inodes that are there, and what still cannot be read. */
  | { readonly kind: 'scanned'; readonly inodes: ReadonlySet<string>; readonly notRead: readonly NotRead[] }
  /** It goes on. */
  | { readonly kind: 'beat' }

/** One end of the line between the two processes. */
export type Line<Out, In> = {
  send(message: Out): void
  onMessage(take: (message: In) => void): void
}
