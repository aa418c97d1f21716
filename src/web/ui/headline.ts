import type { Overview } from './answers.ts'
import { counted } from './words.ts'

/** The most important sentence about the cluster; for a selected part of the past, it says so. */
export function headline(overview: Pick<Overview, 'sessions' | 'pending'>, isPast = false): string {
  const { sessions, pending = 0 } = overview
  const all = Object.values(sessions).reduce((sum, count) => sum + count, 0)
  if (all === 0 && pending > 0) return `${counted(pending, 'desktop')} are looked at`
  const bad = (sessions.failed ?? 0) + (sessions.stalled ?? 0)
  if (pending > 0 && all > 0) return wordsForTheFirst(all, bad)
  if (all === 0)
    return isPast ? 'No desktop wrote anything in this range' : 'No desktop has written anything yet'
  if (bad === 0 && isPast) return `All ${counted(all, 'desktop')} were well in this range`
  if (bad === 0) return all === 1 ? 'The desktop is well' : `All ${all} desktops are well`
  if (isPast) return `${bad} of ${counted(all, 'desktop')} did not work in this range`
  return `${bad} of ${all} ${all === 1 ? 'desktop does' : 'desktops do'} not work`
}

/** While others are not diagnosed yet; as short as the sentence that follows, so that the page does not jump. */
function wordsForTheFirst(all: number, bad: number): string {
  if (bad === 0) return all === 1 ? 'The first desktop is well' : `The first ${all} desktops are well`
  return `${bad} of the first ${all} ${all === 1 ? 'does' : 'do'} not work`
}

/** What is said where no desktop is listed as failing; `well` only if there are desktops and all were looked at. */
export function noneFailing(
  counts: Overview['sessions'],
  isPartial: boolean,
): { readonly title: string; readonly is: 'well' | 'open' | 'unknown' } {
  if (isPartial) return { title: 'None so far', is: 'open' }
  if (Object.values(counts).some((count) => count > 0))
    return { title: 'Every desktop works or is on its way', is: 'well' }
  return { title: 'No desktop is known here', is: 'unknown' }
}
