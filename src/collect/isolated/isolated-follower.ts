import { type ChildProcess, fork } from 'node:child_process'
import type { Clock } from '../../clock.ts'
import type { FileMemory } from '../../model.ts'
import type { Checkpoint } from '../checkpoints.ts'
import type { Collected } from '../feed.ts'
import type { NotRead } from '../not-read.ts'
import { alignedBuffer } from '../workspace.ts'
import type { OpenCounts, Order, Report } from './messages.ts'

export type IsolatedOptions<Settings> = {
  /** The folder that its files lie in. */
  readonly folder: string
  /** Script of the process that reads. */
  readonly script: string
  readonly settings: Settings
  /** How far the files in the folder were read, for a process that begins. */
  readonly checkpoints: () => readonly Checkpoint[]
  readonly clock: Clock
  /** A process that has to answer and says nothing for so long hangs. */
  readonly deadlineMs: number
  /** Remembers how far a file was read, should the process be replaced. */
  readonly note: (checkpoint: Checkpoint) => void
  /** A scan has seen these inodes; undefined when nobody knows what is there. */
  readonly onSighted: (inodes: ReadonlySet<string> | undefined) => void
  readonly onNotRead: (file: NotRead) => void
  /** There is something to take. */
  readonly onReady: () => void
}

const NOTHING_OPEN: OpenCounts = { hot: 0, backlog: 0, lagBytes: 0, behind: [] }
/** So long after a process ended another one begins; twice as long with each that sees nothing. */
const FIRST_PAUSE_MS = 500
const LONGEST_PAUSE_MS = 60_000
const CHECK_MS = 1000
/** It takes a process some time to begin, on a busy machine. */
const BEGIN_MS = 30_000

type Reading = Report & { readonly kind: 'collected' }

/**
 * Follows the files of a network file system by a process of its own. One that hangs in a call to a server that does not
 * answer is killed and replaced; nothing is lost by that, as the next one goes on where the last chunk ended.
 */
export class IsolatedFollower<Settings> {
  readonly #options: IsolatedOptions<Settings>
  #reader: ChildProcess | undefined
  /** Has it begun, so that what takes long now is the file system? */
  #isUp = false
  #isAsked = false
  #lastMs = 0
  #ready: Reading | undefined
  #taken: Collected | undefined
  #open = NOTHING_OPEN
  #notRead: readonly NotRead[] = []
  #trouble: string | undefined
  #pauseMs = FIRST_PAUSE_MS
  readonly #stop = new AbortController()

  constructor(options: IsolatedOptions<Settings>) {
    this.#options = options
    this.#begin()
    void this.#watch()
  }

  get open(): OpenCounts {
    return this.#open
  }

  /** What cannot be read: all of it, or files. */
  get notRead(): readonly NotRead[] {
    const { folder } = this.#options
    if (this.#trouble === undefined) return this.#notRead
    return [{ path: folder, reason: 'unreachable', detail: this.#trouble }]
  }

  /** The chunk that was read meanwhile, if any; the one before is done with. */
  take(): Collected | undefined {
    this.#ask()
    const ready = this.#ready
    if (ready === undefined) return undefined
    this.#ready = undefined
    const { chunk, losses, checkpoint } = ready
    const bytes = alignedBuffer(chunk.used)
    chunk.bytes.copy(bytes)
    const taken = {
      chunk: { ...chunk, bytes },
      losses,
      checkpoint: () => ({ ...checkpoint, memory: structuredClone(chunk.memory) }),
    }
    this.#taken = taken
    return taken
  }

  close(): void {
    this.#stop.abort()
    this.#reader?.kill('SIGKILL')
  }

  /** Lets the process read on, when nothing of it waits here. */
  #ask(): void {
    if (this.#isAsked || this.#ready !== undefined || this.#reader === undefined) return
    const memory = this.#settle()
    this.#isAsked = true
    this.#lastMs = this.#options.clock.nowMs()
    this.#send({ kind: 'next', ...(memory === undefined ? {} : { memory }) })
  }

  /** The chunk that was taken has got its meaning: remembers where it ended, and gives what is to be known for the next one. */
  #settle(): FileMemory | undefined {
    const taken = this.#taken
    this.#taken = undefined
    if (taken !== undefined) this.#options.note(taken.checkpoint())
    return taken?.chunk.memory
  }

  #begin(): void {
    const { script, settings, checkpoints, clock } = this.#options
    this.#settle()
    const reader = fork(script, { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    this.#reader = reader
    this.#isUp = false
    this.#isAsked = false
    this.#lastMs = clock.nowMs()
    reader.on('message', (report: Report) => {
      // What comes after its end is read again by the next one.
      if (this.#reader === reader) this.#take(report)
    })
    // A process that cannot be started, or that is gone when something is sent to it: `exit` or `error` tells.
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
      onSighted(report.inodes)
    } else if (report.kind !== 'beat') {
      this.#isAsked = false
      this.#open = report.open
      if (report.kind === 'collected') {
        this.#ready = report
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
      // It may take until the server answers that it ends; only then another one begins.
      this.#reader?.kill('SIGKILL')
      this.#isAsked = false
    }
  }

  #ended(reader: ChildProcess, why: string): void {
    if (this.#reader !== reader || this.#stop.signal.aborted) return
    this.#reader = undefined
    this.#isAsked = false
    // The next one reads it again.
    this.#ready = undefined
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

  /** Told once, until it is read again. */
  #tell(trouble: string): void {
    if (this.#trouble !== undefined) return
    this.#trouble = trouble
    const { folder, onNotRead, onSighted } = this.#options
    onSighted(undefined)
    onNotRead({ path: folder, reason: 'unreachable', detail: `${trouble}; it is tried again and again` })
  }
}
