import type { EventJson } from '../../../event-json.ts'
import { logKey } from '../story.ts'
import type { Draft } from './draft.ts'
import type { Given } from './hosted.ts'
import { namedBy, OwnWords } from './shared-host.ts'
import { tokensOf } from './tokens.ts'

/**
 * Gives each event to the desktops that its log was given to. If several share a machine, each gets the events that name it and those that name none of them.
 */
export function giveEvents(events: readonly EventJson[], givenOf: ReadonlyMap<string, Given>): void {
  const given = events.map((event) => ({ event, to: receiversOf(event, givenOf.get(logKey(event))) }))
  const sharing = new Set(given.flatMap(({ to }) => (to.length > 1 ? to : [])))
  const ownWords = new OwnWords(
    given.filter(({ to }) => to.length === 1 && to.some((draft) => sharing.has(draft))),
  )
  for (const { event, to } of given) {
    for (const draft of to.length > 1 ? ownWords.narrowed(event, to) : to) {
      draft.events.push(event)
      for (const token of tokensOf(Object.values(event.captures ?? {}).join(' ')))
        if (token.startsWith('i-')) draft.tokens.add(token)
    }
  }
}

function receiversOf(event: EventJson, { to, turns }: Given = { to: [] }): readonly Draft[] {
  const inTurn = turns?.at(event.ts)
  return inTurn === undefined ? namedBy(event, to) : [inTurn]
}
