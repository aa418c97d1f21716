import type { EventJson } from '../../../event-json.ts'
import type { Items } from '../answers.ts'
import { otherSessions } from '../other-sessions.ts'
import { sessionPath } from '../url-state.ts'
import { useAnswer } from '../use-answer.ts'
import { AnswerState } from './answer-state.tsx'
import { Age } from './moment.tsx'
import { Name } from './name.tsx'

const SHOWN = 8

/** Other desktops with the same failure recently. */
export function Elsewhere({ event }: { readonly event: EventJson }) {
  const found = useAnswer<Items<EventJson>>(
    'events',
    { rule: event.rule_id, from: '30d', limit: 500 },
    { everyMs: 0 },
  )
  return (
    <>
      <h3>The same elsewhere</h3>
      <AnswerState answer={found} rows={2}>
        {({ items }) => {
          const others = otherSessions(items, event)
          if (others.length === 0) return <p class="dim">No other desktop had it in the last 30 days.</p>
          return (
            <ul class="elsewhere">
              {others.slice(0, SHOWN).map(({ session, last, count }) => (
                <li key={session}>
                  <a href={sessionPath(session)}>
                    <Name of={session} />
                  </a>
                  <span class="dim">
                    × {count}, <Age iso={last} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }}
      </AnswerState>
      <p>
        <a href={`/search?rule=${encodeURIComponent(event.rule_id ?? '')}`}>All lines of this rule</a>
      </p>
    </>
  )
}
