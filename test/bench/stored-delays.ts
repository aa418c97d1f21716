import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { join } from 'node:path'
import type { KnownFile } from '../support/program.ts'

const LOOK_MS = 20

type Awaited = { readonly end: number; readonly kind: string; readonly atMs: number }

/** Measures how long lines take to be stored: until the checkpoint behind them is on disk. */
export class StoredDelays {
  readonly #path: string
  readonly #looking: NodeJS.Timeout
  readonly #offsets = new Map<string, number>()
  readonly #awaited = new Map<string, Awaited[]>()
  readonly #delaysMs = new Map<string, number[]>()
  #stored = 0
  #ino = 0
  #read = 0
  #rest = ''

  constructor(data: string) {
    this.#path = join(data, 'checkpoints', 'checkpoints.log')
    this.#looking = setInterval(() => this.#look(), LOOK_MS)
  }

  /** Bytes of all files that are stored. */
  get storedBytes(): number {
    return this.#stored
  }

  /** Lines that are not stored yet. */
  get missing(): number {
    return [...this.#awaited.values()].reduce((sum, { length }) => sum + length, 0)
  }

  /** A line was just written. */
  await(path: string, end: number, kind: string): void {
    const list = this.#awaited.get(path) ?? []
    list.push({ end, kind, atMs: performance.now() })
    this.#awaited.set(path, list)
  }

  /** The delays of lines of this kind that were stored, and forgets them. */
  take(kind: string): string {
    const sorted = (this.#delaysMs.get(kind) ?? []).toSorted((a, b) => a - b)
    this.#delaysMs.delete(kind)
    const at = (share: number) =>
      ((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN) / 1000).toFixed(
        2,
      )
    return `${kind} lines stored after p50 ${at(0.5)} s, p95 ${at(0.95)} s, max ${at(1)} s (${sorted.length})`
  }

  close(): void {
    clearInterval(this.#looking)
  }

  #look(): void {
    if (!existsSync(this.#path)) return
    const fd = openSync(this.#path, 'r')
    const { ino, size } = fstatSync(fd)
    if (ino !== this.#ino) {
      // Written anew, with the last line about each file.
      this.#ino = ino
      this.#read = 0
      this.#rest = ''
    }
    const bytes = Buffer.alloc(size - this.#read)
    this.#read += readSync(fd, bytes, 0, bytes.length, this.#read)
    closeSync(fd)
    const lines = (this.#rest + bytes.toString()).split('\n')
    this.#rest = lines.pop() ?? ''
    const now = performance.now()
    for (const line of lines) this.#committed(JSON.parse(line.slice(9)) as KnownFile, now)
  }

  #committed({ lastPath, reader: { offset } }: KnownFile, now: number): void {
    const before = this.#offsets.get(lastPath) ?? 0
    if (offset <= before) return
    this.#offsets.set(lastPath, offset)
    this.#stored += offset - before
    const awaited = this.#awaited.get(lastPath)
    if (awaited === undefined) return
    const left = awaited.filter(({ end }) => end > offset)
    for (const { end, kind, atMs } of awaited) {
      if (end > offset) continue
      const delays = this.#delaysMs.get(kind) ?? []
      delays.push(now - atMs)
      this.#delaysMs.set(kind, delays)
    }
    if (left.length === 0) this.#awaited.delete(lastPath)
    else this.#awaited.set(lastPath, left)
  }
}
