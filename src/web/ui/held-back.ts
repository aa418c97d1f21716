import type { AlertItem } from './answers.ts'
import type { Word } from './words.ts'

/** What keeps an alert from being told. */
type Hold = 'silenced' | 'inhibited' | 'muted'

export const HOLD_WORDS: Readonly<Record<Hold, Word>> = {
  silenced: { title: 'Silenced', tone: 'quiet', icon: 'mute' },
  inhibited: { title: 'Inhibited', tone: 'quiet', icon: 'mute' },
  muted: { title: 'Muted', tone: 'quiet', icon: 'mute' },
}

/** All that hold an alert back, in a word each; none for one that people are told of. */
export function holdsOf({ silenced_by = [], inhibited_by = [], muted_by = [] }: AlertItem): Hold[] {
  const by = { silenced: silenced_by, inhibited: inhibited_by, muted: muted_by }
  return (Object.keys(by) as Hold[]).filter((hold) => by[hold].length > 0)
}

/** Is it one that people would be told of, if nothing held it back? */
export function isHeldBack(alert: AlertItem): boolean {
  return alert.state !== 'resolved' && holdsOf(alert).length > 0
}

/** The state under which it is counted and listed: what is held back does not count as firing. */
export function listedState(alert: AlertItem): string {
  return isHeldBack(alert) ? 'held' : alert.state
}
