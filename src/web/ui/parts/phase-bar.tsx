import type { PhaseJson } from '../../../triage/diagnosis/course/phase-states.ts'
import { shownState } from '../shown-phase.ts'
import { durationText } from '../time-text.ts'
import { PHASE_STATE_WORDS, PHASE_TITLES, wordOf } from '../words.ts'
import { Icon } from './icon.tsx'

/** This many times the usual duration is worth a look. */
const SLOW = 2

/** The phases of a desktop's life in order: state, duration, and usual duration. */
export function PhaseBar({
  phases,
  label,
  onPick,
}: {
  readonly phases: readonly PhaseJson[]
  readonly label: string
  onPick?(phase: PhaseJson): void
}) {
  return (
    <div>
      <ol class="phases" aria-label={label}>
        {phases.map((phase) => (
          <PhaseStep key={phase.phase} phase={phase} onPick={onPick} />
        ))}
      </ol>
      <PhaseLegend phases={phases} />
    </div>
  )
}

/** The meaning of the icons in use. */
function PhaseLegend({ phases }: { readonly phases: readonly PhaseJson[] }) {
  const states = new Set(phases.map(shownState))
  return (
    <p class="lanes-legend phase-legend">
      {Object.entries(PHASE_STATE_WORDS)
        .filter(([state]) => states.has(state))
        .map(([state, word]) => (
          <span key={state} class={`tone-${word.tone}`}>
            <Icon name={word.icon} size={12} /> {word.title}
          </span>
        ))}
    </p>
  )
}

function PhaseStep({
  phase,
  onPick,
}: {
  readonly phase: PhaseJson
  readonly onPick?: ((phase: PhaseJson) => void) | undefined
}) {
  const { state, duration_s, usual_s } = phase
  const word = wordOf(PHASE_STATE_WORDS, shownState(phase))
  const isSlow = duration_s !== undefined && duration_s > SLOW * usual_s
  const hasRange = phase.start !== undefined && onPick !== undefined
  const inside = (
    <>
      <span class="phase-head">
        <Icon name={word.icon} size={13} />
        <span class="phase-title">{PHASE_TITLES[phase.phase] ?? phase.phase}</span>
      </span>
      <span class="phase-state">
        {duration_s === undefined || duration_s === 0 ? word.title : durationText(duration_s)}
        {isSlow && <span class="phase-slow"> slow</span>}
      </span>
      {duration_s !== undefined && duration_s > 0 && (
        <UsualMeter took={duration_s} usual={usual_s} isSlow={isSlow} />
      )}
      {duration_s !== undefined && duration_s > 0 && (
        <span class="phase-usual">usual {durationText(usual_s)}</span>
      )}
    </>
  )
  return (
    <li
      class={`phase tone-${word.tone} state-${state}`}
      title={`${word.title}; usually ${durationText(usual_s)}`}
    >
      {hasRange ? (
        <button type="button" class="phase-button" onClick={() => onPick(phase)}>
          {inside}
        </button>
      ) : (
        <span class="phase-button">{inside}</span>
      )}
    </li>
  )
}

/** The duration against the usual one, which a mark shows. */
function UsualMeter({
  took,
  usual,
  isSlow,
}: {
  readonly took: number
  readonly usual: number
  readonly isSlow: boolean
}) {
  const whole = Math.max(took, usual)
  return (
    <span class={`meter ${isSlow ? 'is-slow' : ''}`} aria-hidden="true">
      <span class="meter-fill" style={{ width: `${(took / whole) * 100}%` }} />
      <span class="meter-mark" style={{ left: `${(usual / whole) * 100}%` }} />
    </span>
  )
}
