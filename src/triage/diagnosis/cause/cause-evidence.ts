import type { EventJson } from '../../../event-json.ts'
import type { Attempt } from '../story.ts'
import type { RootCause } from './root-cause.ts'

/** How many of the events behind a finding are shown. */
const MOST_PARTS = 5

/** The root cause, with the events behind it, or with its repetitions. */
export function evidenceOf({ root, consequences }: RootCause, { events }: Attempt): EventJson[] {
  const { because } = root.event
  if (because !== undefined) {
    const parts = events.filter(
      ({ event_id, because: own }) => own === undefined && because.includes(event_id),
    )
    return [root.event, ...parts.slice(-MOST_PARTS)]
  }
  const again = consequences.filter(({ event }) => event.rule_id === root.event.rule_id)
  return [root.event, ...again.slice(0, 2).map(({ event }) => event)]
}
