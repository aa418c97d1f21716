import { constants, existsSync, lstatSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Checkpoint } from '../../src/collect/checkpoint.ts'
import { type Checkpoints, openCheckpoints } from '../../src/collect/checkpoints.ts'
import type { Sighted } from '../../src/collect/discover.ts'
import { Follower } from '../../src/collect/follow.ts'
import type { Found } from '../../src/collect/log-names.ts'
import { inodeOf, lookOf } from '../../src/collect/open-file.ts'
import type { Loss } from '../../src/model.ts'
import { replacing } from './faulty-fs.ts'
import { TailedLogs } from './tailed-logs.ts'
import type { VirtualTime } from './virtual-time.ts'
import { type Row, rowsOf, shippedKnowledge, someContext } from './watched-tree.ts'

/** Rows and losses that are on their way to the store, with what is committed behind them. */
type Batch = {
  rows: Row[]
  losses: Loss[]
  commits: Map<string, () => Checkpoint>
}

/** A batch in the journal: it outlives the process. */
type Sealed = {
  readonly rows: readonly Row[]
  readonly losses: readonly Loss[]
  readonly checkpoints: Checkpoint[]
}

const FOLDER = 'var/log/dcv'
export const NAMES = ['server.log', 'dcv-xsession.u1.log', 'dcv-xsession.u2.log'] as const
const SCAN_MS = 5000

/** A folder of logs with the programs that write and rotate them, the tailer that follows them, a journal and a store. */
export class TailingWorld {
  readonly logs: TailedLogs
  readonly stored = { rows: [] as Row[], losses: [] as Loss[] }
  /** Commits that moved an offset back. */
  readonly setBack: string[] = []
  readonly #root = mkdtempSync(join(tmpdir(), 'dcvlens-model-'))
  readonly #data = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'dcvlens-model-'))
  readonly #time: VirtualTime
  /** Are the logs on a network file system? */
  readonly #isFar: boolean
  readonly #offsets = new Map<string, number>()
  #batch = newBatch()
  #journal: Sealed[] = []
  #checkpoints: Checkpoints
  #follower: Follower
  #stop = new AbortController()
  #fault: { readonly what: 'open' | 'read'; readonly path: string } | undefined
  #mounts = 0
  readonly #devices = new Map<number, number>()
  readonly #faulty: (() => void)[]

  constructor(time: VirtualTime, { isFar = false }: { readonly isFar?: boolean } = {}) {
    this.#time = time
    this.#isFar = isFar
    this.#faulty = this.#replaceCalls()
    const names = NAMES.map((name) => join(FOLDER, name))
    this.logs = new TailedLogs(this.#root, names, (path) => this.#fault === undefined && this.#isOpen(path))
    this.#checkpoints = openCheckpoints(this.#data)
    this.#follower = this.#newFollower()
  }

  /** The tailer works for so long. */
  async poll(ms: number): Promise<void> {
    const until = this.#time.nowMs() + ms
    for (;;) {
      const left = until - this.#time.nowMs()
      const collected = await this.#follower.next(Math.max(0, left))
      // What was let go is closed a moment later.
      if (typeof collected === 'string') return this.#time.sleep(0)
      const { chunk, losses, checkpoint } = collected
      this.#batch.rows.push(...rowsOf(collected))
      this.#batch.losses.push(...losses)
      this.#batch.commits.set(`${chunk.file.fileId}:${chunk.file.generation}`, checkpoint)
    }
  }

  /** A notice: something has changed, or a name came or went. */
  hint(file?: number): void {
    this.#follower.hint(file === undefined ? undefined : this.logs.path(file))
  }

  /** What was given goes to the journal: it will be stored, whatever happens. */
  seal(): void {
    const { rows, losses, commits } = this.#batch
    this.#journal.push({ rows, losses, checkpoints: Array.from(commits.values(), (commit) => commit()) })
    this.#batch = newBatch()
  }

  /** The store answers for the oldest batches of the journal. */
  async acknowledge(batches = Number.POSITIVE_INFINITY): Promise<void> {
    for (const { rows, losses, checkpoints } of this.#journal.splice(0, batches)) {
      this.stored.rows.push(...rows)
      this.stored.losses.push(...losses)
      for (const { fileId, generation, reader } of checkpoints) {
        const key = `${fileId}:${generation}`
        const before = this.#offsets.get(key) ?? 0
        if (reader.offset < before) this.setBack.push(`${key} from ${before} to ${reader.offset}`)
        this.#offsets.set(key, reader.offset)
      }
      await this.#checkpoints.commit(checkpoints, this.#time.nowMs())
    }
  }

  /** As after kill -9; the next start settles the journal before it reads. */
  async crash(): Promise<void> {
    await this.#quit()
    this.#batch = newBatch()
    this.logs.letGo()
    this.#stop = new AbortController()
    this.#checkpoints = openCheckpoints(this.#data)
    await this.acknowledge()
    this.#follower = this.#newFollower()
  }

  /** A file cannot be opened, or nothing can be read, until `heal`. */
  fail(what: 'open' | 'read', file: number): void {
    this.#fault = { what, path: this.logs.path(file) }
    this.logs.letGo()
  }

  heal(): void {
    this.#fault = undefined
  }

  /** The file system has another device number from now on, for whoever looks anew. */
  remount(): void {
    this.#mounts++
  }

  async close(): Promise<void> {
    await this.#quit()
    for (const undo of this.#faulty) undo()
    for (const folder of [this.#root, this.#data]) rmSync(folder, { recursive: true, force: true })
  }

  async #quit(): Promise<void> {
    this.#stop.abort()
    this.#follower.close()
    await this.#time.sleep(0)
    this.#checkpoints.close()
  }

  #newFollower(): Follower {
    return new Follower({
      context: someContext(this.#checkpoints),
      discover: () => this.#scan(),
      ...(this.#isFar ? {} : { placeOf: (path) => this.#placeOf(path) }),
      clock: this.#time,
      signal: this.#stop.signal,
      scanMs: SCAN_MS,
      flushMs: 1000,
      lineFlushMs: 4000,
      maxHot: 8,
      isPolled: this.#isFar,
      onNotRead: ({ lost, detail }) => {
        if (lost !== undefined) this.#batch.losses.push({ ...lost, reason: 'vanished', detail })
      },
    })
  }

  /** The files of the one folder; the layouts say what they are. */
  async *#scan(): AsyncGenerator<Sighted> {
    for (const name of readdirSync(join(this.#root, FOLDER))) {
      const path = join(this.#root, FOLDER, name)
      const found = this.#placeOf(path)
      if (found === undefined) continue
      const stat = lstatSync(path)
      const { ino, size, mtimeMs } = stat
      const seen = { ino, size, mtimeMs, dev: stat.dev + this.#mounts }
      yield { ...found, inode: inodeOf(seen), look: lookOf(seen), size }
    }
  }

  #placeOf(path: string): Found | undefined {
    const place = shippedKnowledge().layouts.place(path, this.#root)
    return place && { path, place }
  }

  /** The calls of the tailer's one door to the file system, with the faults that there are now. */
  #replaceCalls(): (() => void)[] {
    const fault = (code: string) => Object.assign(new Error(`${code}: made to fail`), { code })
    return [
      replacing('openSync', (whole) => (path, ...rest) => {
        const isTailer = (Number(rest[0]) & constants.O_NOFOLLOW) > 0
        if (isTailer && this.#fault?.what === 'open' && path === this.#fault.path) throw fault('EACCES')
        const fd = whole(path, ...rest)
        if (String(path).startsWith(this.#root)) this.#devices.set(Number(fd), this.#mounts)
        return fd
      }),
      replacing('readSync', (whole) => (...args) => {
        if (this.#fault?.what === 'read') throw fault('EIO')
        return whole(...args)
      }),
      replacing('fstatSync', (whole) => (fd, ...rest) => {
        const stat = whole(fd, ...rest) as { dev: number }
        stat.dev += this.#devices.get(Number(fd)) ?? 0
        return stat
      }),
    ]
  }

  #isOpen(path: string): boolean {
    const { dev, ino } = lstatSync(path)
    return readdirSync('/proc/self/fd').some((fd) => {
      const stat = statSync(`/proc/self/fd/${fd}`, { throwIfNoEntry: false })
      return stat?.ino === ino && stat.dev === dev
    })
  }
}

function newBatch(): Batch {
  return { rows: [], losses: [], commits: new Map() }
}
