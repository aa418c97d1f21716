import type { SignatureDetail } from '../answers.ts'
import { isGrowing } from '../growing.ts'
import { AnswerState } from '../parts/answer-state.tsx'
import { Card } from '../parts/card.tsx'
import { DraftRule } from '../parts/draft-rule.tsx'
import { Figure } from '../parts/figure.tsx'
import { Icon } from '../parts/icon.tsx'
import { Age, Moment } from '../parts/moment.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { SignatureActions } from '../parts/signature-actions.tsx'
import { SignatureExamples } from '../parts/signature-examples.tsx'
import { SignatureSessions } from '../parts/signature-sessions.tsx'
import { Sparkline } from '../parts/sparkline.tsx'
import { Prose, Steps } from '../parts/steps.tsx'
import { WordTag } from '../parts/word-tag.tsx'
import { useAnswer } from '../use-answer.ts'
import { oneLine } from '../visible-text.ts'
import { counted, SEVERITY_WORDS, SIGNATURE_STATE_WORDS, wordOf } from '../words.ts'

/** One signature: what it means, how it spreads, its lines, and the decisions about it. */
export function SignaturePage({ id }: { readonly id: string }) {
  const found = useAnswer<SignatureDetail>(`signatures/${encodeURIComponent(id)}`)
  const one = found.data
  return (
    <>
      <PageHead
        title={one === undefined ? id : oneLine(one.title, 200)}
        lead={one !== undefined && <Tags one={one} />}
      >
        {one !== undefined && <SignatureActions signature={one} onChanged={found.again} />}
      </PageHead>
      <AnswerState answer={found} rows={8}>
        {(signature) => (
          <>
            <Spread signature={signature} />
            <Meaning signature={signature} />
            <SignatureExamples signature={signature} />
            <div class="two-columns">
              <SignatureSessions signature={signature} />
              <History signature={signature} />
            </div>
            {signature.kind === 'template' && (
              <DraftRule line={signature.examples[0]?.message ?? signature.example} />
            )}
          </>
        )}
      </AnswerState>
    </>
  )
}

function Tags({ one }: { readonly one: SignatureDetail }) {
  return (
    <span class="about">
      <WordTag word={wordOf(SIGNATURE_STATE_WORDS, one.state)} />
      {one.severity !== undefined && <WordTag word={wordOf(SEVERITY_WORDS, one.severity)} />}
      {isGrowing(one) && <span class="tag tone-warn">growing</span>}
      <code class="dim">{one.id}</code>
    </span>
  )
}

function Spread({ signature }: { readonly signature: SignatureDetail }) {
  const { first_seen, last_seen, count, hosts, trend, session_count } = signature
  return (
    <div class="figures">
      <Figure title="Lines" value={count.toLocaleString('en')}>
        {counted(session_count, 'desktop')}, {counted(hosts, 'host')}
      </Figure>
      <Figure title="First seen" value={<Age iso={first_seen} />}>
        <Moment iso={first_seen} />
      </Figure>
      <Figure title="Last seen" value={<Age iso={last_seen} />}>
        <Moment iso={last_seen} />
      </Figure>
      {trend !== undefined && (
        <Figure
          title="Last 24 hours"
          value={<Sparkline counts={trend} label={`by hour, the last 24 hours: ${trend.join(', ')}`} />}
        >
          by hour; the last column is now
        </Figure>
      )}
    </div>
  )
}

function Meaning({ signature: { kind, id, explain, remedy = [] } }: { readonly signature: SignatureDetail }) {
  if (explain === undefined || explain === '') return null
  return (
    <Card
      title="What it means"
      aside={
        kind === 'rule' && (
          <a href={`/rules/${encodeURIComponent(id)}`}>
            <Icon name="book" size={13} /> the rule
          </a>
        )
      }
    >
      <p class="verdict-why">
        <Prose text={explain} />
      </p>
      {remedy.length > 0 && (
        <>
          <h3 class="spaced">What to do</h3>
          <Steps steps={remedy} />
        </>
      )}
    </Card>
  )
}

function History({ signature: { history } }: { readonly signature: SignatureDetail }) {
  if (history.length === 0) return null
  return (
    <Card title="Decisions">
      <ul class="side-list">
        {history.map((entry) => (
          <li key={`${entry.at}${entry.state}`}>
            <span>
              <WordTag word={wordOf(SIGNATURE_STATE_WORDS, entry.state)} isBare /> {entry.note}
            </span>
            <span class="dim">
              <Moment iso={entry.at} />
              {entry.author !== undefined && ` by ${entry.author}`}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  )
}
