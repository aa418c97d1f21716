import { type ChildProcess, fork } from 'node:child_process'
import type { Clock } from '../../clock.ts'
import type { FileMemory } from '../../model.ts'
import type { Checkpoint } from '../checkpoint.ts'
import type { Collected } from '../feed.ts'
import type { ReadTally } from '../files-tally.ts'
import { answers } from '../mounts.ts'
import type { NamedReport, Order } from './messages.ts'
import { received } from './received.ts'

export type ReadingOptions<Settings> = {
  /** The mount point with its files. */
  readonly folder: string
  /** The script of the reading process. */
  readonly script: string
  readonly settings: Settings
  /** How far the files in the folder were read. */
  readonly checkpoints: readonly Checkpoint[]
  readonly clock: Clock
  readonly signal: AbortSignal
  /** After so much silence the file system is asked whether it answers at all. */
  readonly deadlineMs: number
  /** Notes how far a file was read. */
  readonly note: (checkpoint: Checkpoint) => void
}

/** How it ended: with all there was; because the file system does not answer; or with the process, and why. */
export type ReadingEnd =
  | { readonly kind: 'done'; readonly tally: ReadTally }
  | { readonly kind: 'silent' }
  | { readonly kind: 'broken'; readonly detail: string }

const ANSWER_MS = 5000

/**
 * Reads files of a network file system to their ends in a separate process, which is killed if the file system stops to
 * answer: a call that hangs would hold up this one for ever. A chunk must be used up before the next one is requested.
 */
export async function* readIsolated<Settings>(
  options: ReadingOptions<Settings>,
): AsyncGenerator<Collected, ReadingEnd> {
  const { script, settings, checkpoints, note } = options
  const reader = fork(script, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  try {
    const reports = reportsOf(reader, options)
    reader.send({ kind: 'start', settings, checkpoints } satisfies Order<Settings>, () => {})
    for (let memory: FileMemory | undefined; ; ) {
      reader.send({ kind: 'next', memories: memory === undefined ? [] : [memory] }, () => {})
      const report = await reports()
      if (report.kind !== 'collected') return report
      const collected = received(report)
      yield collected
      note(collected.checkpoint())
      memory = collected.chunk.memory
    }
  } finally {
    reader.kill('SIGKILL')
  }
}

/** Makes a function that waits for the next report of a process, or for the end of it. */
function reportsOf<Settings>(
  reader: ChildProcess,
  { folder, clock, signal, deadlineMs }: ReadingOptions<Settings>,
): () => Promise<NamedReport | Exclude<ReadingEnd, { kind: 'done' }>> {
  const ended = new Promise<ReadingEnd & { kind: 'broken' }>((resolve) => {
    const end = (why: string) => resolve({ kind: 'broken', detail: why })
    reader.once('error', (error) => end(error.message))
    reader.once('exit', (code, by) => end(`the process that reads it ended (${by ?? code})`))
    signal.addEventListener('abort', () => end('stopped'), { once: true })
  })
  return async () => {
    const report = new Promise<NamedReport>((resolve) => reader.once('message', resolve))
    for (;;) {
      const over = new AbortController()
      const late = clock.sleep(deadlineMs, over.signal).then(() => 'late' as const)
      const first = await Promise.race([report, ended, late])
      over.abort()
      if (first !== 'late') return first
      // Unpacking a large file takes long, too.
      if (!(await answers(folder, ANSWER_MS, clock))) return { kind: 'silent' }
    }
  }
}
