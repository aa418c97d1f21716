import { mkdirSync, readdirSync, readlinkSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import type { Checkpoint } from '../../src/collect/checkpoint.ts'
import { type Checkpoints, openCheckpoints } from '../../src/collect/checkpoints.ts'
import { defaultLocations, locationAt, type Sighted } from '../../src/collect/discover.ts'
import type { Collected } from '../../src/collect/feed.ts'
import { Follower } from '../../src/collect/follow.ts'
import type { OpenCounts } from '../../src/collect/isolated/messages.ts'
import { loadLayouts } from '../../src/collect/load-layouts.ts'
import type { NotRead } from '../../src/collect/not-read.ts'
import type { FeedContext } from '../../src/collect/open-feed.ts'
import { createWorkspace } from '../../src/collect/workspace.ts'
import { loadFormats } from '../../src/interpret/load-formats.ts'
import type { Framing, Loss } from '../../src/model.ts'
import { committedFiles } from './program.ts'
import { tempDir } from './temp-dir.ts'
import { tilingFaults } from './tiling.ts'

export type Row = {
  readonly fileId: string
  readonly generation: number
  readonly path: string
  readonly offset: number
  readonly length: number
  readonly flags: number
  readonly text: string
  readonly before: string
  readonly observed: boolean
}

const RULES = [join(import.meta.dirname, '..', '..', 'rules')]
export const SERVER_LOG = 'var/log/dcv/server.log'
const PLAIN: Framing = { startsRecord: () => false, strays: 'own', blocks: [] }

let knowledge:
  | (Pick<FeedContext, 'framingOf' | 'hostOf'> & { readonly layouts: ReturnType<typeof loadLayouts> })
  | undefined

/** Layouts and formats as they are shipped. */
export function shippedKnowledge() {
  if (knowledge === undefined) {
    const formats = loadFormats(RULES)
    knowledge = {
      layouts: loadLayouts(RULES),
      framingOf: (format) => formats.get(format)?.framing ?? PLAIN,
      hostOf: (format, line) => formats.get(format)?.hostOf?.(line()) ?? '',
    }
  }
  return knowledge
}

/** What opening files needs, as the service has it. */
export function someContext(known: FeedContext['known']): FeedContext {
  return {
    known,
    framingOf: shippedKnowledge().framingOf,
    hostOf: shippedKnowledge().hostOf,
    zoneOf: () => 'UTC',
    limits: { maxRecordBytes: 1 << 20 },
    workspace: createWorkspace(1 << 16),
  }
}

/** The rows of a chunk, copied out of its shared buffers. */
export function rowsOf({ chunk }: Collected): Row[] {
  const { file, bytes, begin, end, offset, length, flags } = chunk
  return Array.from({ length: chunk.count }, (_, i) => ({
    fileId: file.fileId,
    generation: file.generation,
    path: file.path,
    offset: offset[i] ?? 0,
    length: length[i] ?? 0,
    flags: flags[i] ?? 0,
    text: bytes.toString('utf8', begin[i], end[i]),
    before: i === 0 ? chunk.before : '',
    observed: chunk.observedMs !== undefined,
  }))
}

export type TreeOptions = {
  readonly flushMs?: number
  readonly lineFlushMs?: number
  readonly scanMs?: number
  readonly maxHot?: number
  /** What a scan sees, if not the files of the tree. */
  readonly discover?: (scan: () => AsyncIterable<Sighted>) => () => AsyncIterable<Sighted>
}

/** A tree of logs and a follower of it; rows are gathered in memory, and committed when the test says so. */
export class WatchedTree {
  readonly root = tempDir()
  rows: Row[] = []
  losses: Loss[] = []
  readonly notRead: NotRead[] = []
  /** How many scans have seen all files. */
  scans = 0
  readonly #data = tempDir()
  readonly #options: TreeOptions
  #checkpoints: Checkpoints
  #follower: Follower
  #stop = new AbortController()
  #skewMs = 0
  #commits = new Map<string, () => Checkpoint>()
  #committed = { rows: 0, losses: 0 }

  constructor(options: TreeOptions = {}) {
    this.#options = options
    this.#checkpoints = openCheckpoints(this.#data)
    this.#follower = this.#newFollower()
    onTestFinished(() => this.#close())
  }

  path(name: string): string {
    return join(this.root, name)
  }

  /** Makes a file (and its folders) with this text. */
  write(name: string, text: string | Buffer): string {
    const path = this.path(name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
    return path
  }

  /** The clock goes forward without anything having happened. */
  skip(ms: number): void {
    this.#skewMs += ms
  }

  /** What is open, and what is not read. */
  get open(): OpenCounts {
    return this.#follower.open
  }

  /** For how long a file has been behind, seconds; undefined if it is not. */
  behindS(path: string): number | undefined {
    const lag = this.open.behind.find((one) => one.path === path)
    return lag && (Date.now() + this.#skewMs - lag.sinceMs) / 1000
  }

  /** A notice: something has changed, or this name came or went. */
  hint(name?: string): void {
    this.#follower.hint(name === undefined ? undefined : this.path(name))
  }

  /** A notice that this file was written to. */
  written(name: string): void {
    this.#follower.written(this.path(name))
  }

  /** Files below the root that this process has open, once per descriptor. */
  openFiles(): string[] {
    return readdirSync('/proc/self/fd').flatMap((fd) => {
      const target = linkTarget(`/proc/self/fd/${fd}`)
      return target.startsWith(`${this.root}/`) ? [target.slice(this.root.length + 1)] : []
    })
  }

  /** Follows until it is so; fails with `what` if it does not come to be. */
  async until(what: string, done: () => boolean, deadlineMs = 15_000): Promise<void> {
    const deadline = Date.now() + deadlineMs
    while (!done()) {
      if (Date.now() > deadline)
        expect.fail(
          `${what}: it did not happen; ${this.rows.length} rows, the last of them ${JSON.stringify(this.texts().slice(-5))}`,
        )
      await this.#gather()
    }
  }

  /** The service is told to stop: takes what the follower still gives. */
  async stop(): Promise<void> {
    this.#stop.abort()
    while ((await this.#gather()) !== 'end');
  }

  /** Follows until the texts of all rows, in the order of their files and offsets, are these. */
  async untilTexts(texts: readonly string[]): Promise<void> {
    await this.until(`texts ${JSON.stringify(texts)}`, () => this.rows.length >= texts.length)
    expect(this.texts().toSorted()).toEqual([...texts].sort())
  }

  texts(): string[] {
    return this.rows.map((row) => row.text)
  }

  /** The rows of the (file id, generation) that holds this text. */
  rowsWith(text: string): Row[] {
    const one = this.rows.find((row) => row.text.includes(text))
    return this.rows.filter((row) => row.fileId === one?.fileId && row.generation === one?.generation)
  }

  /** Do the rows of the file with this text tile so many bytes? */
  expectTiled(text: string, size: number): void {
    expect(tilingFaults(this.rowsWith(text), size)).toEqual([])
  }

  /** Everything gathered so far counts as stored, and so do these. */
  async commit(settled: readonly Checkpoint[] = []): Promise<void> {
    await this.#checkpoints.commit(
      [...Array.from(this.#commits.values(), (commit) => commit()), ...settled],
      Date.now() + this.#skewMs,
    )
    this.#commits.clear()
    this.#committed = { rows: this.rows.length, losses: this.losses.length }
  }

  /** How far the file at this path is stored. */
  committedOffset(name: string): number | undefined {
    return committedFiles(this.#data, '').find(({ ino }) => ino === statSync(this.path(name)).ino)?.reader
      .offset
  }

  /** As after kill -9: what was not committed is gone, a new process follows. */
  crash(): void {
    this.#close()
    this.rows = this.rows.slice(0, this.#committed.rows)
    this.losses = this.losses.slice(0, this.#committed.losses)
    this.#commits.clear()
    this.#stop = new AbortController()
    this.#checkpoints = openCheckpoints(this.#data)
    this.#follower = this.#newFollower()
  }

  async #gather(): Promise<'idle' | 'end' | undefined> {
    const collected = await this.#follower.next(50)
    if (typeof collected === 'string') return collected
    this.rows.push(...rowsOf(collected))
    this.losses.push(...collected.losses)
    const { chunk, checkpoint } = collected
    this.#commits.set(`${chunk.file.fileId}:${chunk.file.generation}`, checkpoint)
    return undefined
  }

  #close(): void {
    this.#stop.abort()
    this.#follower.close()
    this.#checkpoints.close()
  }

  #counted(discover: () => AsyncIterable<Sighted>): () => AsyncGenerator<Sighted> {
    const count = () => this.scans++
    return async function* () {
      yield* discover()
      count()
    }
  }

  #newFollower(): Follower {
    const scan = defaultLocations(shippedKnowledge().layouts, this.root)
    const { flushMs = 150, lineFlushMs = 400, scanMs = 200, maxHot = 256, discover } = this.#options
    const follower = new Follower({
      context: someContext(this.#checkpoints),
      discover: this.#counted(discover === undefined ? scan : discover(scan)),
      placeOf: locationAt(shippedKnowledge().layouts, this.root),
      clock: { nowMs: () => Date.now() + this.#skewMs, sleep: systemClock.sleep },
      signal: this.#stop.signal,
      scanMs,
      flushMs,
      lineFlushMs,
      maxHot,
      onNotRead: (file) => this.notRead.push(file),
    })
    // Nothing watches the folders here.
    follower.missesHints()
    return follower
  }
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path)
  } catch {
    return ''
  }
}
