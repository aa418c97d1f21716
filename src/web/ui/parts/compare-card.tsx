import type { DiagnosisJson } from '../../../triage/diagnosis/diagnose.ts'
import type { Items, SessionItem } from '../answers.ts'
import { healthyFor } from '../healthy.ts'
import { changeQuery, usePlace } from '../router.ts'
import { sessionPath } from '../url-state.ts'
import { useAnswer } from '../use-answer.ts'
import { Card } from './card.tsx'
import { Icon } from './icon.tsx'
import { PhaseBar } from './phase-bar.tsx'

/** The phases of a desktop that works, of the same product if there is one, below those of one that does not. */
export function CompareCard({ diagnosis }: { readonly diagnosis: DiagnosisJson }) {
  const { query } = usePlace()
  const isOpen = query['compare'] !== undefined
  const isWanted = diagnosis.status !== 'ready'
  const known = useAnswer<Items<SessionItem>>(
    isWanted ? 'sessions' : undefined,
    { limit: 1000 },
    { everyMs: 0 },
  )
  const healthy = healthyFor(diagnosis, known.data?.items ?? [])
  const wanted = isOpen ? (query['compare'] ?? '') : ''
  const other = useAnswer<Items<DiagnosisJson>>(
    isOpen ? 'diagnose' : undefined,
    { session: wanted },
    { everyMs: 0 },
  )
  const last = other.data?.items.at(-1)
  if (!isOpen) {
    if (healthy === undefined) return null
    return (
      <button
        type="button"
        class="button compare-open"
        onClick={() => changeQuery({ compare: healthy.session })}
      >
        <Icon name="compare" size={14} /> Compare with {healthy.session}, which is ready
      </button>
    )
  }
  return (
    <Card
      title="One that works"
      class="compare"
      aside={
        <>
          <a href={sessionPath(wanted)}>
            <bdi>{wanted}</bdi>
          </a>
          <button
            type="button"
            class="button button-small"
            onClick={() => changeQuery({ compare: undefined })}
          >
            Close
          </button>
        </>
      }
    >
      {last !== undefined && <PhaseBar phases={last.phases} label={`phases of ${wanted}`} />}
      {other.data !== undefined && last === undefined && <p class="dim">No desktop of this name is known.</p>}
    </Card>
  )
}
