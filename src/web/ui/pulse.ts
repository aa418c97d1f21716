import type { Collector } from './answers.ts'
import { durationText } from './time-text.ts'
import type { Tone } from './words.ts'

/** After this long without an answer, the service counts as hanging, and an older good answer no longer counts. */
const NO_ANSWER_MS = 12_000
/** After this long without a line, something may be wrong, since a cluster of desktops always writes something. */
const QUIET_MS = 5 * 60_000

export type PulseAsk = {
  readonly isDown: boolean
  /** How long the current question has been waiting. */
  readonly silentMs: number
  readonly status: Pick<Collector, 'store' | 'last_batch_at'> | undefined
  readonly nowMs: number
}

export type PulseWord = { readonly tone: Tone; readonly text: string; readonly showsAge: boolean }

/** The state of the service in a word or two; undefined until something is known. */
export function pulseOf({ isDown, silentMs, status, nowMs }: PulseAsk): PulseWord | undefined {
  if (isDown) return { tone: 'bad', text: 'no connection', showsAge: true }
  if (silentMs >= NO_ANSWER_MS)
    return { tone: 'bad', text: `no answer for ${durationText(silentMs / 1000)}`, showsAge: false }
  if (status === undefined) return undefined
  if (status.store !== 'storing') return { tone: 'bad', text: `store ${status.store}`, showsAge: true }
  const quietMs = status.last_batch_at === undefined ? 0 : nowMs - Date.parse(status.last_batch_at)
  if (quietMs < QUIET_MS) return { tone: 'good', text: 'watching', showsAge: true }
  return { tone: 'warn', text: `no new line for ${durationText(quietMs / 1000)}`, showsAge: false }
}
