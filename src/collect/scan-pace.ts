/** A hint hurries the next scan, but no more often than this. */
const HINT_MS = 300
/**
 * A scan of very many files takes long: so many times as long at least nothing is scanned then. Where notices tell of changes,
 * scans find only what was not noticed, and may take 1 % of the time; without them 9 %, and 17 % after a notice.
 */
const REST = { noticed: 100, unnoticed: 10, hint: 5 } as const
/** Nothing that was not noticed waits longer. */
const LONGEST_MS = 120_000
/** A scan that was slow once, on a busy machine, says nothing. */
const COSTS_KEPT = 3

/** When to scan next: every `scanMs`, sooner after a hint, and less often where a scan takes long. */
export class ScanPace {
  readonly #scanMs: number
  #nextMs = 0
  #lastMs = 0
  #costsMs: readonly number[] = []
  #hasNotices: boolean

  constructor(scanMs: number, hasNotices: boolean) {
    this.#scanMs = scanMs
    this.#hasNotices = hasNotices
  }

  /** Some changes raise no notice from now on. */
  missesNotices(): void {
    this.#hasNotices = false
  }

  /** When the next scan is due, ms since the epoch. */
  get nextMs(): number {
    return this.#nextMs
  }

  /** What a scan takes where nothing else holds it up. */
  get #costMs(): number {
    return this.#costsMs.length === 0 ? 0 : Math.min(...this.#costsMs)
  }

  /** Something may have changed: the next scan is soon. */
  hint(): void {
    this.#nextMs = Math.min(this.#nextMs, this.#lastMs + Math.max(HINT_MS, REST.hint * this.#costMs))
  }

  /** A scan begins. */
  begin(nowMs: number): void {
    this.#lastMs = nowMs
    this.#nextMs = Number.POSITIVE_INFINITY
  }

  /** It is over; `isAll`: no file had to wait for another one. */
  end(nowMs: number, isAll: boolean): void {
    this.#costsMs = [...this.#costsMs, Math.max(0, nowMs - this.#lastMs)].slice(-COSTS_KEPT)
    const share = this.#hasNotices ? REST.noticed : REST.unnoticed
    const restMs = isAll ? Math.max(this.#scanMs, Math.min(LONGEST_MS, share * this.#costMs)) : HINT_MS
    this.#nextMs = Math.min(this.#nextMs, nowMs + restMs)
  }

  /** The clock was set back: a scan is due. */
  startOver(nowMs: number): void {
    this.#nextMs = this.#lastMs = nowMs
  }
}
