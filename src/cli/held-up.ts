import type { AllOpen } from '../collect/followers.ts'
import { roughDurationText } from '../duration.ts'

/** Something that has waited longer to be read or stored is history by the time it is. */
const LATE_MS = 60_000

/**
 * Why rules about several events store nothing now; empty if nothing holds them up. What is missing may be in what is unread,
 * and what seems to begin may have begun before: a folder that does not answer holds up all, since nobody knows what is in it.
 * `waitingSinceMs`: since when a batch waits for the store.
 */
export function heldUp(
  { unfinished, behind: [worst] }: Pick<AllOpen, 'unfinished' | 'behind'>,
  waitingSinceMs: number | undefined,
  nowMs: number,
): string[] {
  const late = (sinceMs: number | undefined, what: string) =>
    sinceMs === undefined || nowMs - sinceMs < LATE_MS
      ? []
      : [`${what} for ${roughDurationText(nowMs - sinceMs)}`]
  return [
    ...unfinished.map((where) => `not everything that was in ${where} is read yet`),
    ...late(worst?.sinceMs, `${worst?.path} has not been read to its end`),
    ...late(waitingSinceMs, 'the store has not taken a batch'),
  ]
}
