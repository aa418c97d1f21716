import type { Clock } from '../clock.ts'
import type { Moment } from './step.ts'
import type { Writer } from './writer.ts'

export type Stage = {
  readonly writer: Writer
  readonly clock: Clock
  readonly signal: AbortSignal
  /** Story milliseconds per millisecond of the clock. */
  readonly speed: number
  /** Called when the past is on disk, before the first live step. */
  readonly onHistory: () => void
}

/** The most time between two lines of one step, so that they do not all have the same timestamp. */
const LINE_GAP_MS = 4

/** Plays moments in their order: what lies before 0 at once and dated back, the rest when its time has come. */
export async function play(script: Iterable<Moment>, stage: Stage): Promise<void> {
  const { writer, clock, signal, speed, onHistory } = stage
  const startMs = clock.nowMs()
  let live = false
  for (const moment of script) {
    if (!live && moment.atMs >= 0) {
      await writer.backdate()
      onHistory()
      live = true
    }
    if (live) await until(startMs + moment.atMs / speed, stage)
    if (signal.aborted) return
    const toMs = live ? clock.nowMs() : startMs + Math.floor(moment.atMs)
    await writer.apply(moment.step, { fromMs: toMs - backMs(moment, live ? speed : 1), toMs })
  }
  if (!live) await writer.backdate()
}

async function until(timeMs: number, { clock, signal }: Stage): Promise<void> {
  const restMs = timeMs - clock.nowMs()
  if (restMs > 0) await clock.sleep(restMs, signal)
}

function backMs({ step, pace }: Moment, speed: number): number {
  if (step.kind !== 'write') return 0
  const gapMs = LINE_GAP_MS * Math.min(step.text.split('\n').length - 2, 200)
  return Math.max(step.overMs * pace, gapMs) / speed
}
