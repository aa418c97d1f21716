import type { Loss, RecordChunk } from '../../model.ts'
import type { Checkpoint } from '../checkpoint.ts'
import type { FileLag } from '../file-lag.ts'
import type { ReadTally } from '../files-tally.ts'
import type { NotRead } from '../not-read.ts'

/** What is open: the number of files, those not read to their ends, and the unread bytes with the files that have most. */
export type OpenCounts = {
  readonly hot: number
  readonly backlog: number
  readonly lagBytes: number
  /** Was everything that was there at the start read to its end? */
  readonly hasReadAll: boolean
  /** The files that are furthest behind. */
  readonly behind: readonly FileLag[]
}

/** What the reading process is told: where to start (once), and to read on. */
export type Order<Settings> =
  | { readonly kind: 'start'; readonly settings: Settings; readonly checkpoints: readonly Checkpoint[] }
  /** `memories`: those of the chunks of the previous answer, after interpretation. */
  | { readonly kind: 'next'; readonly memories: readonly RecordChunk['memory'][] }

/** Records that were read, as plain data. */
export type CollectedReport = {
  readonly kind: 'collected'
  readonly chunk: RecordChunk
  readonly losses: readonly Loss[]
  readonly checkpoint: Checkpoint
}

/** What a process that reads named files to their ends answers to each `next`. */
export type NamedReport = CollectedReport | { readonly kind: 'done'; readonly tally: ReadTally }

/** What the reading process reports. Every order `next` is answered once, by `several` or `idle`. */
export type Report =
  /** Chunks in the order in which they were read; one of many files has little, and a message for each would take long. */
  | { readonly kind: 'several'; readonly chunks: readonly CollectedReport[]; readonly open: OpenCounts }
  | { readonly kind: 'idle'; readonly open: OpenCounts }
  | { readonly kind: 'not-read'; readonly file: NotRead }
  /** A scan is over: the inodes that exist (absent: the same as after the last one), and what cannot be read. */
  | { readonly kind: 'scanned'; readonly inodes?: ReadonlySet<string>; readonly notRead: readonly NotRead[] }
  /** It is alive. */
  | { readonly kind: 'beat' }

/** One end of the connection between the two processes. */
export type Line<Out, In> = {
  send(message: Out): void
  onMessage(take: (message: In) => void): void
}
