import type { Layer, Severity } from '../../../model.ts'
import type { DiagnosisJson } from '../../../triage/diagnosis/diagnosis-json.ts'
import { isPortal } from '../../../triage/diagnosis/shown/witnesses.ts'
import { usePlace } from '../router.ts'
import { sourceTitle } from '../source-titles.ts'
import { withChange, writeQuery } from '../url-state.ts'
import { withoutVerdict } from '../verdict-text.ts'
import {
  CONFIDENCE_TITLES,
  counted,
  LAYER_TITLES,
  PHASE_TITLES,
  SEVERITY_WORDS,
  STATUS_WORDS,
  wordOf,
} from '../words.ts'
import { Evidence } from './evidence.tsx'
import { Icon } from './icon.tsx'
import { Moment } from './moment.tsx'
import { Prose, Steps } from './steps.tsx'
import { Witnesses } from './witnesses.tsx'
import { WordTag } from './word-tag.tsx'

type Verdict = NonNullable<DiagnosisJson['verdict']>

/** What is wrong with a desktop, why, and what to do; or that nothing is wrong. */
export function VerdictCard({
  diagnosis,
  errors,
}: {
  readonly diagnosis: DiagnosisJson
  /** The number of its lines that are errors. */
  readonly errors: number
}) {
  const { verdict, status } = diagnosis
  const word = wordOf(STATUS_WORDS, status)
  return (
    <section class={`verdict tone-${word.tone}`} aria-labelledby="verdict-title">
      <div class="verdict-mark">
        <Icon name={word.icon} size={20} />
      </div>
      <div class="verdict-body">
        {verdict === undefined ? (
          <NoVerdict diagnosis={diagnosis} errors={errors} />
        ) : (
          <VerdictText verdict={verdict} />
        )}
        <Wait diagnosis={diagnosis} />
        <Evidence diagnosis={diagnosis} />
        <Witnesses diagnosis={diagnosis} />
        <Findings diagnosis={diagnosis} />
        <Caveats diagnosis={diagnosis} />
      </div>
    </section>
  )
}

function VerdictText({ verdict }: { readonly verdict: Verdict }) {
  const layer = LAYER_TITLES[verdict.layer as Layer]
  return (
    <>
      <h2 id="verdict-title">{verdict.title}</h2>
      <p class="verdict-tags">
        <WordTag word={wordOf(SEVERITY_WORDS, verdict.severity as Severity)} />
        <span class="tag">phase {PHASE_TITLES[verdict.phase] ?? verdict.phase}</span>
        {layer !== undefined && <span class="tag">cause: {layer}</span>}
        <span class="tag">{CONFIDENCE_TITLES[verdict.confidence]}</span>
        {verdict.rule_id !== '' && (
          <a class="tag tag-link" href={`/rules/${encodeURIComponent(verdict.rule_id)}`}>
            {verdict.rule_id}
          </a>
        )}
      </p>
      <p class="verdict-why">
        <Prose text={verdict.explain} />
      </p>
      {verdict.remedy.length > 0 && (
        <>
          <h3>What to do</h3>
          <Steps steps={verdict.remedy} />
        </>
      )}
    </>
  )
}

/** What a stalled desktop waits for. */
function Wait({ diagnosis: { waits_for } }: { readonly diagnosis: DiagnosisJson }) {
  if (waits_for === undefined || waits_for.for.length === 0) return null
  return (
    <p class="dim">
      It waits{waits_for.after !== '' && ` after “${waits_for.after}”`} for: {waits_for.for.join('; or ')}.
    </p>
  )
}

function NoVerdict({
  diagnosis: { status },
  errors,
}: {
  readonly diagnosis: DiagnosisJson
  readonly errors: number
}) {
  const { query } = usePlace()
  const [title, text] = withoutVerdict(status, errors)
  return (
    <>
      <h2 id="verdict-title">{title}</h2>
      <p class="verdict-why">
        {text}
        {errors > 0 && (
          <>
            {' '}
            <a
              href={writeQuery(withChange(query, { severity: 'error' }))}
              onClick={() => document.getElementById('story')?.scrollIntoView()}
            >
              {errors === 1 ? 'Show the error' : `Show the ${errors} errors`}
            </a>
          </>
        )}
      </p>
    </>
  )
}

/** Conclusions from several events, and conditions with their end. */
function Findings({ diagnosis: { findings } }: { readonly diagnosis: DiagnosisJson }) {
  if (findings.length === 0) return null
  return (
    <details class="folded">
      <summary>{counted(findings.length, 'thing')} seen in several lines together</summary>
      <ul>
        {findings.map(({ rule_id, title, per, count, first_seen, last_seen, cleared_at, times }) => (
          <li key={`${rule_id}${first_seen}`}>
            {per === 'cluster' && 'Its cluster: '}
            <a href={`/rules/${encodeURIComponent(rule_id)}`}>{title}</a> <span class="dim">× {count}, </span>
            <Moment iso={first_seen} quality="parsed" /> <span class="dim">to</span>{' '}
            <Moment iso={last_seen} quality="parsed" />
            {cleared_at !== undefined && (
              <>
                <span class="dim">
                  {times === undefined
                    ? ', over at'
                    : `, came and went ${times} times, the last time over at`}
                </span>{' '}
                <Moment iso={cleared_at} quality="parsed" />
              </>
            )}
          </li>
        ))}
      </ul>
    </details>
  )
}

/** The limits of the verdict: what it could not take into account. */
function Caveats({ diagnosis }: { readonly diagnosis: DiagnosisJson }) {
  const { evidence_incomplete } = diagnosis
  const unjudged = diagnosis.not_checked.filter((one) => !isPortal(one))
  if (unjudged.length === 0 && !evidence_incomplete) return null
  return (
    <details class="folded">
      <summary>
        {evidence_incomplete
          ? 'Some of its logs have gaps'
          : `${counted(unjudged.length, 'thing')} not checked`}
      </summary>
      <ul>
        {evidence_incomplete && (
          <li>
            Lines of its logs were lost or could not be read; see the <a href="/status">loss ledger</a>.
          </li>
        )}
        {unjudged.map(({ source, reason }) => (
          <li key={`${source}${reason}`}>
            {source.split(', ').map(sourceTitle).join(', ')}: {reason}
          </li>
        ))}
      </ul>
    </details>
  )
}
