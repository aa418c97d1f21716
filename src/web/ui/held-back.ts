import type { AlertItem } from './answers.ts'
import type { Word } from './words.ts'

/** What keeps an alert from being sent. */
type Hold = 'silenced' | 'inhibited' | 'muted'

export const HOLD_WORDS: Readonly<Record<Hold, Word>> = {
  silenced: { title: 'Silenced', tone: 'quiet', icon: 'mute' },
  inhibited: { title: 'Inhibited', tone: 'quiet', icon: 'mute' },
  muted: { title: 'Muted', tone: 'quiet', icon: 'mute' },
}

/** It will be told, with others of its group: it counts as firing. */
export const NOT_TOLD_YET: Word = { title: 'Not told yet', tone: 'quiet', icon: 'mute' }

/** Everything that holds an alert back, one word each; empty if people are notified. */
export function holdsOf({ silenced_by = [], inhibited_by = [], muted_by = [] }: AlertItem): Hold[] {
  const by = { silenced: silenced_by, inhibited: inhibited_by, muted: muted_by }
  return (Object.keys(by) as Hold[]).filter((hold) => by[hold].length > 0)
}

/** Would people be notified of it if nothing held it back? */
export function isHeldBack(alert: AlertItem): boolean {
  return alert.state !== 'resolved' && holdsOf(alert).length > 0
}

/** The state under which it is counted and listed: alerts that are held back do not count as firing. */
export function listedState(alert: AlertItem): string {
  return isHeldBack(alert) ? 'held' : alert.state
}
