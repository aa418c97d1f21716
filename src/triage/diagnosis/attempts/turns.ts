import { type FileFacts, lastLineOf } from '../story.ts'
import { add, beginOf, type Draft } from './draft.ts'

/** A machine writes for at most this long before the bootstrap of its desktop begins to. */
const BOOT_MS = 30 * 60_000

/** A desktop, and since when (ms) the machine's address has been its own. */
type Turn = { readonly draft: Draft; readonly sinceMs: number }

/**
 * Desktops that had the address of a machine one after the other. What the machine wrote belongs to the one whose turn it
 * was: from its boot to the boot of the next.
 */
export class Turns {
  readonly #turns: readonly Turn[]

  constructor(drafts: readonly Draft[]) {
    const ordered = drafts.toSorted((a, b) => beginOf(a) - beginOf(b))
    this.#turns = ordered.map((draft, at) => ({ draft, sinceMs: sinceOf(draft, ordered[at - 1]) }))
  }

  /** The desktop whose turn it was at a time (ISO 8601). */
  at(ts: string): Draft | undefined {
    const ms = Date.parse(ts)
    return (this.#turns.findLast(({ sinceMs }) => sinceMs <= ms) ?? this.#turns[0])?.draft
  }

  /** Adds a file of the machine to the desktops in whose turns it was written, to each with the times of its own part. */
  give(file: FileFacts): readonly Draft[] {
    const [firstMs, lastMs] = [Date.parse(file.first_ts), Date.parse(file.last_ts)]
    return this.#turns.flatMap(({ draft, sinceMs }, at) => {
      const untilMs = this.#turns[at + 1]?.sinceMs ?? Number.POSITIVE_INFINITY
      if (lastMs < sinceMs || firstMs >= untilMs) return []
      const first_ts = firstMs >= sinceMs ? file.first_ts : timeOf(sinceMs)
      const last_ts = lastMs < untilMs ? file.last_ts : timeOf(untilMs - 1)
      return [add(draft, { ...file, first_ts, last_ts })]
    })
  }
}

/** A turn begins with the boot, but not before the last line of the desktop before. */
function sinceOf(draft: Draft, before: Draft | undefined): number {
  if (before === undefined) return Number.NEGATIVE_INFINITY
  const begin = beginOf(draft)
  const lastBefore = Date.parse(lastLineOf(before.files))
  return Math.min(begin, Math.max(lastBefore + 1, begin - BOOT_MS))
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString()
}
