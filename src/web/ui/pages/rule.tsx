import { visible } from '../../../triage/visible.ts'
import type { RuleDetail } from '../answers.ts'
import { AnswerState } from '../parts/answer-state.tsx'
import { Card } from '../parts/card.tsx'
import { Fact } from '../parts/fact.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { Prose, Steps } from '../parts/steps.tsx'
import { WordTag } from '../parts/word-tag.tsx'
import { sourceTitle } from '../source-titles.ts'
import { useAnswer } from '../use-answer.ts'
import { PHASE_TITLES, SEVERITY_WORDS, wordOf } from '../words.ts'
import { rulePath } from './rules.tsx'

/** One rule: what it means, what to do, and its sample lines. */
export function RulePage({ id }: { readonly id: string }) {
  const found = useAnswer<RuleDetail>(`rules/${encodeURIComponent(id)}`, {}, { everyMs: 0 })
  return (
    <>
      <PageHead title={found.data?.title ?? id} lead={found.data !== undefined && <Tags rule={found.data} />}>
        <a class="button" href={`/search?rule=${encodeURIComponent(id)}`}>
          Its lines
        </a>
      </PageHead>
      <AnswerState answer={found} rows={8}>
        {(rule) => (
          <>
            <Meaning rule={rule} />
            <Samples title="Lines that match" samples={rule.samples?.match ?? []} />
            <Samples title="Similar lines that do not match" samples={rule.samples?.no_match ?? []} />
            <Background rule={rule} />
          </>
        )}
      </AnswerState>
    </>
  )
}

function Tags({ rule }: { readonly rule: RuleDetail }) {
  const parts = [
    rule.phase === undefined || rule.phase === '' ? '' : `phase ${PHASE_TITLES[rule.phase] ?? rule.phase}`,
    rule.layer ?? '',
    `version ${rule.version}`,
    rule.status ?? '',
  ]
  return (
    <span class="about">
      <WordTag word={wordOf(SEVERITY_WORDS, rule.severity)} />
      {parts
        .filter((part) => part !== '')
        .map((part) => (
          <span key={part} class="about-part">
            {part}
          </span>
        ))}
      <code class="dim">{rule.id}</code>
    </span>
  )
}

function Meaning({ rule }: { readonly rule: RuleDetail }) {
  return (
    <Card title="What it means">
      <p class="verdict-why">
        <Prose text={rule.explain} />
      </p>
      {rule.remedy.length > 0 && (
        <>
          <h3 class="spaced">What to do</h3>
          <Steps steps={rule.remedy} />
        </>
      )}
      {rule.reports === true && (
        <p class="dim spaced">It only reports that something failed; the cause is elsewhere.</p>
      )}
      {rule.hangs === true && (
        <p class="dim spaced">
          A desktop that meets it waits: if it then goes silent, it is stalled, not failed.
        </p>
      )}
      {rule.cuts_off === true && (
        <p class="dim spaced">
          While it lasts, desktops of the cluster that nobody has reached yet count as failed.
        </p>
      )}
      {rule.false_positives !== undefined && rule.false_positives !== '' && (
        <p class="dim spaced">
          When it may be wrong: <Prose text={rule.false_positives} />
        </p>
      )}
    </Card>
  )
}

type Sample = NonNullable<RuleDetail['samples']>['match'][number]

function Samples({ title, samples }: { readonly title: string; readonly samples: readonly Sample[] }) {
  if (samples.length === 0) return null
  return (
    <Card title={title}>
      <ul class="samples">
        {samples.map((sample, i) => {
          const { line, captures } = textOf(sample)
          return (
            <li key={i}>
              <pre>
                <bdi>{visible(line)}</bdi>
              </pre>
              {Object.entries(captures).map(([name, value]) => (
                <span key={name} class="tag">
                  {name}: <bdi>{visible(value)}</bdi>
                </span>
              ))}
            </li>
          )
        })}
      </ul>
    </Card>
  )
}

function textOf(sample: Sample): {
  readonly line: string
  readonly captures: Readonly<Record<string, string>>
} {
  if (typeof sample === 'string') return { line: sample, captures: {} }
  return { line: sample.line ?? JSON.stringify(sample, null, 1), captures: sample.captures ?? {} }
}

function Background({ rule }: { readonly rule: RuleDetail }) {
  const { sources = [], caused_by = [], references = [], provenance, file } = rule
  return (
    <Card title="Where it comes from">
      <dl class="facts">
        {sources.length > 0 && <Fact title="Logs">{sources.map(sourceTitle).join(', ')}</Fact>}
        {caused_by.length > 0 && (
          <Fact title="Follows from" class="links">
            {caused_by.map((id) => (
              <a key={id} href={rulePath(id)}>
                {id}
              </a>
            ))}
          </Fact>
        )}
        {provenance !== undefined && <Fact title="Provenance">{provenance}</Fact>}
        {references.length > 0 && (
          <Fact title="References" class="links">
            {references.map((reference) => (
              <Reference key={reference} text={reference} />
            ))}
          </Fact>
        )}
        {file !== undefined && (
          <Fact title="File">
            <code>{file}</code>
          </Fact>
        )}
      </dl>
    </Card>
  )
}

function Reference({ text }: { readonly text: string }) {
  if (!/^https:\/\//.test(text)) return <span>{text}</span>
  return (
    <a href={text} target="_blank" rel="noreferrer noopener">
      {text}
    </a>
  )
}
