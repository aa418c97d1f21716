import type { DiagnosisJson } from '../../../triage/diagnosis/diagnosis-json.ts'
import type { Comparison, Items, SessionItem } from '../answers.ts'
import { comparablesFor, comparedName } from '../healthy.ts'
import { changeQuery, usePlace } from '../router.ts'
import { useAnswer } from '../use-answer.ts'
import { STATUS_CLAUSES } from '../words.ts'
import { AnswerState } from './answer-state.tsx'
import { Card } from './card.tsx'
import { CompareChoice } from './compare-choice.tsx'
import { CompareTables } from './compare-tables.tsx'
import { Icon } from './icon.tsx'
import { Name } from './name.tsx'

/** How an attempt differs from another one: from a working one, unless the reader selects another. */
export function CompareCard({
  diagnosis,
  attempts,
}: {
  readonly diagnosis: DiagnosisJson
  readonly attempts: readonly DiagnosisJson[]
}) {
  const { query } = usePlace()
  const wanted = query['compare']
  const known = useAnswer<Items<SessionItem>>('sessions', { limit: 1000 }, { everyMs: 0 })
  const choices = comparablesFor(diagnosis, attempts, known.data?.items ?? [])
  const [first] = choices
  if (wanted === undefined) {
    // Its own attempts are known sooner than other desktops, but are less useful.
    // Its room is kept until then, so that nothing below moves.
    if (known.data === undefined && known.error === undefined)
      return <div class="compare-room" aria-hidden="true" />
    if (first === undefined) return null
    return (
      <button type="button" class="button compare-open" onClick={() => changeQuery({ compare: first.name })}>
        <Icon name="compare" size={14} />
        <span>
          Compare with <Name of={first.name} />, {STATUS_CLAUSES[first.status]}
        </span>
      </button>
    )
  }
  return <Compared diagnosis={diagnosis} wanted={wanted} choices={choices} />
}

function Compared({
  diagnosis: { session, attempt },
  wanted,
  choices,
}: {
  readonly diagnosis: DiagnosisJson
  readonly wanted: string
  readonly choices: ReturnType<typeof comparablesFor>
}) {
  const other = comparedName(wanted)
  const found = useAnswer<Comparison>(
    'compare',
    { a: session, a_attempt: attempt, b: other.session, b_attempt: other.attempt },
    { everyMs: 60_000 },
  )
  const status = found.data === undefined || found.error !== undefined ? undefined : found.data.b.status
  return (
    <Card
      title={
        <>
          Compared with <Name of={wanted} />
          {status !== undefined && `, ${STATUS_CLAUSES[status]}`}
        </>
      }
      class="compare"
      aside={
        <button type="button" class="button button-small" onClick={() => changeQuery({ compare: undefined })}>
          Close
        </button>
      }
    >
      <CompareChoice choices={choices} wanted={wanted} />
      {found.error?.status === 404 ? (
        <p role="alert">
          {found.error.message}.{' '}
          <span class="dim">
            Take one of the list, written as owner/name; <a href="/sessions">Sessions</a> has all.
          </span>
        </p>
      ) : (
        <AnswerState answer={found} rows={6}>
          {(comparison) => <CompareTables comparison={comparison} />}
        </AnswerState>
      )}
    </Card>
  )
}
