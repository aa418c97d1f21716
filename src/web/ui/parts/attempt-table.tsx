import type { DiagnosisJson } from '../../../triage/diagnosis/diagnosis-json.ts'
import { attemptFacts } from '../attempt-facts.ts'
import { changeQuery } from '../router.ts'
import { durationText } from '../time-text.ts'
import { TRAIT_TITLES } from '../trait-titles.ts'
import { PHASE_TITLES, STATUS_WORDS, wordOf } from '../words.ts'
import { Card } from './card.tsx'
import { Moment } from './moment.tsx'
import { Name } from './name.tsx'
import { WordTag } from './word-tag.tsx'

/** The attempts of a desktop side by side; the last one is shown unless another is selected. */
export function AttemptTable({
  attempts,
  chosen,
}: {
  readonly attempts: readonly DiagnosisJson[]
  readonly chosen: DiagnosisJson
}) {
  if (attempts.length < 2) return null
  return (
    <Card
      title={`${attempts.length} attempts`}
      aside={<span class="dim">shown: attempt {chosen.attempt}</span>}
    >
      <section class="attempts" aria-label="attempts">
        <table class="plain-table attempt-table">
          <thead>
            <tr>
              <th scope="col">Attempt</th>
              <th scope="col">State</th>
              <th scope="col">Start</th>
              <th scope="col">Took</th>
              <th scope="col">Phase</th>
              <th scope="col">Verdict</th>
              <th scope="col">Host</th>
              <th scope="col">Versions</th>
            </tr>
          </thead>
          <tbody>
            {attempts.map((diagnosis) => (
              <Row
                key={diagnosis.attempt}
                one={diagnosis}
                isChosen={diagnosis === chosen}
                isLast={diagnosis === attempts.at(-1)}
              />
            ))}
          </tbody>
        </table>
      </section>
    </Card>
  )
}

function Row({
  one,
  isChosen,
  isLast,
}: {
  readonly one: DiagnosisJson
  readonly isChosen: boolean
  readonly isLast: boolean
}) {
  const { start, duration_s, phase } = attemptFacts(one)
  const versions = Object.entries(one.traits)
  const show = () =>
    changeQuery({
      attempt: isLast ? undefined : String(one.attempt),
      ...{ event: undefined, from: undefined, to: undefined },
    })
  return (
    <tr class={isChosen ? 'is-chosen' : ''}>
      <td>
        <button type="button" class="button button-small attempt-pick" aria-pressed={isChosen} onClick={show}>
          Attempt {one.attempt}
        </button>
      </td>
      <td>
        <WordTag word={wordOf(STATUS_WORDS, one.status)} isBare />
      </td>
      <td>{start === undefined ? '–' : <Moment iso={start} />}</td>
      <td>{duration_s === undefined ? '–' : durationText(duration_s)}</td>
      <td>{PHASE_TITLES[phase] ?? phase}</td>
      <td class="attempt-verdict">{one.verdict?.title ?? '–'}</td>
      <td>
        <Name of={one.host || '–'} />
      </td>
      <td class="attempt-versions">
        {versions.map(([name, value]) => (
          <span key={name}>
            <span class="dim">{TRAIT_TITLES[name] ?? name}</span> {value}
          </span>
        ))}
      </td>
    </tr>
  )
}
