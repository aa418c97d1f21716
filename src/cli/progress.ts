import { statSync } from 'node:fs'
import { bytesText } from '../bytes-text.ts'
import type { RecordChunk } from '../model.ts'
import { grouped } from './counted.ts'
import type { Io } from './io.ts'

const EVERY_MS = 500
/** Before this, the rate says little about the rest. */
const LEAST_SHARE = 0.01
const LEAST_SECONDS = 2

type Named = Readonly<Record<'found' | 'bundles', readonly { readonly path: string }[]>>

/** Shows the progress of long work on a terminal, on stderr: rate and remaining time. */
export class Progress {
  readonly #io: Io
  readonly #startMs: number
  readonly #totalBytes: number
  #bytes = 0
  #stored = 0
  #shownMs = 0

  /** `named`: the files and bundles that will be read; the sum of their sizes counts as the whole. */
  constructor(io: Io, { found, bundles }: Named) {
    this.#io = io
    this.#startMs = io.clock.nowMs()
    const files = [...found, ...bundles]
    this.#totalBytes = io.errIsTerminal ? sum(files.map(({ path }) => sizeOf(path))) : 0
  }

  read(chunk: RecordChunk): void {
    const last = chunk.count - 1
    this.#bytes += (chunk.offset[last] ?? 0) + (chunk.length[last] ?? 0) - (chunk.offset[0] ?? 0)
    this.#show()
  }

  stored(rows: number): void {
    this.#stored += rows
    this.#show()
  }

  done(): void {
    if (this.#shownMs > 0) this.#io.err('\r\u001b[K')
  }

  get totals(): { readonly lines: number; readonly bytes: number; readonly seconds: number } {
    const seconds = (this.#io.clock.nowMs() - this.#startMs) / 1000
    return { lines: this.#stored, bytes: this.#bytes, seconds }
  }

  #show(): void {
    const now = this.#io.clock.nowMs()
    if (!this.#io.errIsTerminal || now - this.#shownMs < EVERY_MS) return
    this.#shownMs = now
    const { lines, bytes, seconds } = this.totals
    const rate = bytes / Math.max(seconds, 0.001)
    const parts = [
      ...(this.#totalBytes > 0 ? [`${(this.#share * 100).toFixed(0)} %`] : []),
      `${bytesText(bytes)} read`,
      `${grouped(lines)} lines stored`,
      `${bytesText(rate)}/s`,
      ...(this.#share >= LEAST_SHARE && seconds >= LEAST_SECONDS
        ? [`about ${((seconds * (1 - this.#share)) / this.#share).toFixed(0)} s left`]
        : []),
    ]
    this.#io.err(`\r\u001b[K${parts.join('  ')}`)
  }

  /** The share of the bytes that was read; 0 if it is not known how many there are. */
  get #share(): number {
    return this.#totalBytes > 0 ? Math.min(1, this.#bytes / this.#totalBytes) : 0
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0)
}
