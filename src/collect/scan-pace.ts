/** A hint hurries the next scan, but no more often than this. */
const HINT_MS = 300
/** A scan of very many files takes long: so many times as long at least nothing is scanned then, or half of that after a hint. */
const SCAN_SHARE = 10
const HINT_SHARE = SCAN_SHARE / 2

/** When to scan next: every `scanMs`, sooner after a hint, and less often where a scan takes long. */
export class ScanPace {
  readonly #scanMs: number
  #nextMs = 0
  #lastMs = 0
  #costMs = 0

  constructor(scanMs: number) {
    this.#scanMs = scanMs
  }

  /** When the next scan is due, ms since the epoch. */
  get nextMs(): number {
    return this.#nextMs
  }

  /** Something may have changed: the next scan is soon. */
  hint(): void {
    this.#nextMs = Math.min(this.#nextMs, this.#lastMs + Math.max(HINT_MS, HINT_SHARE * this.#costMs))
  }

  /** A scan begins. */
  begin(nowMs: number): void {
    this.#lastMs = nowMs
    this.#nextMs = Number.POSITIVE_INFINITY
  }

  /** It is over; `isAll`: no file had to wait for another one. */
  end(nowMs: number, isAll: boolean): void {
    this.#costMs = Math.max(0, nowMs - this.#lastMs)
    const restMs = isAll ? Math.max(this.#scanMs, SCAN_SHARE * this.#costMs) : HINT_MS
    this.#nextMs = Math.min(this.#nextMs, nowMs + restMs)
  }

  /** The clock was set back: a scan is due. */
  startOver(nowMs: number): void {
    this.#nextMs = this.#lastMs = nowMs
  }
}
