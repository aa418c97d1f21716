import type { Followers } from '../collect/followers.ts'
import { roughDurationText } from '../duration.ts'

/** Something that has waited longer to be read or stored is history by the time it is. */
const LATE_MS = 60_000

/** Who reads, and who stores. */
type ReadAndStored = {
  readonly followers: Pick<Followers, 'open' | 'unfinished'>
  readonly inserter: { readonly waitingSinceMs: number | undefined }
}

/**
 * Why rules about several events store nothing now; empty if nothing holds them up. What is missing may be in what is unread,
 * and what seems to begin may have begun before: a folder that does not answer holds up all, since nobody knows what is in it.
 */
export function heldUp({ followers, inserter }: ReadAndStored, nowMs: number): string[] {
  const since = (ms: number) => `for ${roughDurationText(nowMs - ms)}`
  const isLate = (ms: number) => nowMs - ms >= LATE_MS
  const [worst] = followers.open.behind
  const waiting = inserter.waitingSinceMs
  return [
    ...followers.unfinished.map((where) => `not everything that was in ${where} is read yet`),
    ...(worst !== undefined && isLate(worst.sinceMs)
      ? [`${worst.path} has not been read to its end ${since(worst.sinceMs)}`]
      : []),
    ...(waiting !== undefined && isLate(waiting)
      ? [`the store has not taken a batch ${since(waiting)}`]
      : []),
  ]
}
