/** A hint makes the next scan come sooner, but scans are at least this far apart. */
const HINT_MS = 300
/**
 * A scan of very many files is slow. After it, scanning rests for this many times its duration. If notices report changes,
 * scans find only what was not noticed and may take 0.5 % of the time; without notices 2.5 %, and after a notice 17 %.
 */
const REST = { noticed: 200, unnoticed: 40, hint: 5 } as const
/**
 * No scan rests longer than this: what raised no notice waits for it. Where nothing raises one, that is each line of a quiet
 * file; a scan that itself takes longer waits for the file system, and rests as long.
 */
const LONGEST_MS = { noticed: 120_000, unnoticed: 7000 } as const
/** The fastest of this many scans counts, since a single slow one may be due to a busy machine. */
const COSTS_KEPT = 3

/** When to scan next: every `scanMs`, sooner after a hint, and less often if a scan takes long. */
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

  /** From now on some changes raise no notice. */
  missesNotices(): void {
    this.#hasNotices = false
  }

  /** When the next scan is due, ms since the epoch. */
  get nextMs(): number {
    return this.#nextMs
  }

  /** How long a scan takes when nothing else delays it. */
  get #costMs(): number {
    return this.#costsMs.length === 0 ? 0 : Math.min(...this.#costsMs)
  }

  /** Something may have changed: scan soon. */
  hint(): void {
    this.#nextMs = Math.min(this.#nextMs, this.#lastMs + Math.max(HINT_MS, REST.hint * this.#costMs))
  }

  begin(nowMs: number): void {
    this.#lastMs = nowMs
    this.#nextMs = Number.POSITIVE_INFINITY
  }

  /** A scan ends; what was hinted at since it began has the next one. */
  end(nowMs: number): void {
    this.#costsMs = [...this.#costsMs, Math.max(0, nowMs - this.#lastMs)].slice(-COSTS_KEPT)
    this.#nextMs = Math.min(this.#nextMs, nowMs + this.#restMs)
  }

  get #restMs(): number {
    const kind = this.#hasNotices ? 'noticed' : 'unnoticed'
    const longestMs = Math.max(LONGEST_MS[kind], this.#costMs)
    return Math.max(this.#scanMs, Math.min(longestMs, REST[kind] * this.#costMs))
  }

  /** The clock was set back: a scan is due. */
  startOver(nowMs: number): void {
    this.#nextMs = this.#lastMs = nowMs
  }
}
