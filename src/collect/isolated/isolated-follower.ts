import { type ChildProcess, fork } from 'node:child_process'
import type { Clock } from '../../clock.ts'
import type { Checkpoint } from '../checkpoint.ts'
import type { Collected } from '../feed.ts'
import type { NotRead } from '../not-read.ts'
import { Answer } from './answer.ts'
import type { OpenCounts, Order, Report } from './messages.ts'

export type IsolatedOptions<Settings> = {
  /** The folder with its files: the mount point. */
  readonly folder: string
  /** The script of the reading process. */
  readonly script: string
  readonly settings: Settings
  /** How far the files in the folder were read, for a new process. */
  readonly checkpoints: () => readonly Checkpoint[]
  readonly clock: Clock
  /** A process that owes an answer and is silent for this long counts as hanging. */
  readonly deadlineMs: number
  /** Notes how far a file was read, in case the process is replaced. */
  readonly note: (checkpoint: Checkpoint) => void
  /** A scan saw these inodes; undefined if nobody knows what exists. */
  readonly onSighted: (inodes: ReadonlySet<string> | undefined) => void
  readonly onNotRead: (file: NotRead) => void
  /** There is something to take. */
  readonly onReady: () => void
}

const NOTHING_OPEN: OpenCounts = {
  ...{ hot: 0, backlog: 0, lagBytes: 0, behind: [] },
  hasReadAll: false,
}
/** After a process ended, the next one starts after this long; twice as long after each one that saw nothing. */
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 60_000
const CHECK_MS = 1000
/** How long a process may take to start on a busy machine. */
const BEGIN_MS = 30_000

/**
 * Follows the files of a network file system in a separate process. If it hangs in a call to a server that does not answer,
 * it is killed and replaced. Nothing is lost, since the next one continues where the last chunk ended.
 */
export class IsolatedFollower<Settings> {
  readonly #options: IsolatedOptions<Settings>
  #reader: ChildProcess | undefined
  /** Has it started, so that further delays come from the file system? */
  #isUp = false
  #isAsked = false
  #lastMs = 0
  readonly #answer: Answer
  /** What the last scan saw. */
  #inodes: ReadonlySet<string> = new Set()
  #open = NOTHING_OPEN
  #notRead: readonly NotRead[] = []
  #trouble: string | undefined
  #pauseMs = FIRST_PAUSE_MS
  readonly #stop = new AbortController()

  constructor(options: IsolatedOptions<Settings>) {
    this.#options = options
    this.#answer = new Answer(options.note)
    this.#begin()
    void this.#watch()
  }

  get folder(): string {
    return this.#options.folder
  }

  get open(): OpenCounts {
    return this.#open
  }

  /** What cannot be read: everything, or some files. */
  get notRead(): readonly NotRead[] {
    const { folder } = this.#options
    if (this.#trouble === undefined) return this.#notRead
    return [{ path: folder, reason: 'unreachable', detail: this.#trouble }]
  }

  /** The next chunk that was read in the meantime, if any. The previous chunk is then finished. */
  take(): Collected | undefined {
    this.#ask()
    return this.#answer.take()
  }

  close(): void {
    this.#stop.abort()
    this.#reader?.kill('SIGKILL')
  }

  /** Asks the process to read on, if no chunk waits here. */
  #ask(): void {
    if (this.#isAsked || this.#answer.hasMore || this.#reader === undefined) return
    const memories = this.#answer.settle()
    this.#isAsked = true
    this.#lastMs = this.#options.clock.nowMs()
    this.#send({ kind: 'next', memories })
  }

  #begin(): void {
    const { script, settings, checkpoints, clock } = this.#options
    this.#answer.settle()
    const reader = fork(script, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    this.#reader = reader
    this.#isUp = false
    this.#isAsked = false
    this.#inodes = new Set()
    this.#lastMs = clock.nowMs()
    reader.on('message', (report: Report) => {
      // What comes after its end is read again by the next process.
      if (this.#reader === reader) this.#take(report)
    })
    // A process that cannot start, or is gone when something is sent to it, is handled in `exit` and `error`.
    reader.on('error', (error) => this.#ended(reader, error.message))
    reader.on('exit', (code, signal) =>
      this.#ended(reader, `the process that reads it ended (${signal ?? code})`),
    )
    this.#send({ kind: 'start', settings, checkpoints: checkpoints() })
    this.#ask()
  }

  #send(order: Order<Settings>): void {
    this.#reader?.send(order, () => {})
  }

  #take(report: Report): void {
    const { clock, onNotRead, onReady, onSighted } = this.#options
    this.#lastMs = clock.nowMs()
    this.#isUp = true
    if (report.kind === 'not-read') onNotRead(report.file)
    else if (report.kind === 'scanned') {
      this.#trouble = undefined
      this.#pauseMs = FIRST_PAUSE_MS
      this.#notRead = report.notRead
      this.#inodes = report.inodes ?? this.#inodes
      onSighted(this.#inodes)
    } else if (report.kind !== 'beat') {
      this.#isAsked = false
      this.#open = report.open
      if (report.kind === 'several') {
        this.#answer.put(report.chunks)
        onReady()
      } else this.#ask()
    }
  }

  async #watch(): Promise<void> {
    const { clock, deadlineMs } = this.#options
    const { signal } = this.#stop
    while (!signal.aborted) {
      await clock.sleep(CHECK_MS, signal)
      const limitMs = this.#isUp ? deadlineMs : Math.max(deadlineMs, BEGIN_MS)
      if (!this.#isAsked || clock.nowMs() - this.#lastMs < limitMs) continue
      this.#tell(`no answer for ${deadlineMs / 1000} s`)
      // It may not end until the server answers; only then another one starts.
      this.#reader?.kill('SIGKILL')
      this.#isAsked = false
    }
  }

  #ended(reader: ChildProcess, why: string): void {
    if (this.#reader !== reader || this.#stop.signal.aborted) return
    this.#reader = undefined
    this.#isAsked = false
    // The next process reads it again.
    this.#answer.put([])
    this.#open = NOTHING_OPEN
    this.#tell(this.#trouble ?? why)
    void this.#beginLater()
  }

  async #beginLater(): Promise<void> {
    const { signal } = this.#stop
    const pauseMs = this.#pauseMs
    this.#pauseMs = Math.min(LONGEST_PAUSE_MS, 2 * pauseMs)
    await this.#options.clock.sleep(pauseMs, signal)
    if (!signal.aborted) this.#begin()
  }

  /** Reported once, until it can be read again. */
  #tell(trouble: string): void {
    if (this.#trouble !== undefined) return
    this.#trouble = trouble
    const { folder, onNotRead, onSighted } = this.#options
    onSighted(undefined)
    onNotRead({ path: folder, reason: 'unreachable', detail: `${trouble}; it is tried again and again` })
  }
}
