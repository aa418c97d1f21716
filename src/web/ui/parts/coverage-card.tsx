import { useMemo } from 'preact/hooks'
import type { CoverageRow } from '../../../store/coverage-query.ts'
import type { Items, RuleItem } from '../answers.ts'
import { type Coverage, coverageOf, type SourceCoverage } from '../coverage.ts'
import { sourceTitle } from '../source-titles.ts'
import { useAnswer } from '../use-answer.ts'
import { AnswerState, Empty } from './answer-state.tsx'
import { Card } from './card.tsx'

const SOURCES = 6

/** How many failures the rules explain, where they do not, and which rules match most often. */
export function CoverageCard({ rules }: { readonly rules: readonly RuleItem[] }) {
  const found = useAnswer<Items<CoverageRow>>('coverage', { from: '7d' }, { everyMs: 60_000 })
  const rows = found.data?.items
  const known = useMemo(() => coverageOf(rows ?? [], rules), [rows, rules])
  return (
    <Card title="Coverage" class="coverage" aside={<span class="dim">last 7 days</span>}>
      <AnswerState answer={found} rows={4}>
        {() =>
          known.explained + known.unexplained === 0 ? (
            <Empty title="Nothing looked like a failure in the last 7 days" />
          ) : (
            <>
              <Sum known={known} />
              <div class="two-columns">
                <section>
                  <h3>Explained, by kind of log</h3>
                  <ul class="coverage-list">
                    {known.sources.slice(0, SOURCES).map((coverage) => (
                      <Source key={coverage.source} one={coverage} />
                    ))}
                  </ul>
                </section>
                <Noisiest rules={known.noisiest} />
              </div>
            </>
          )
        }
      </AnswerState>
    </Card>
  )
}

/** In a sentence: how many failures are explained, how many are not, and how many rules matched nothing. */
function Sum({ known }: { readonly known: Coverage }) {
  const { explained, unexplained, silent, rules } = known
  return (
    <p class="coverage-sum">
      <strong>{shareText(known)}</strong> of {(explained + unexplained).toLocaleString('en')} lines that look
      like a failure are explained by a rule
      {unexplained > 0 && (
        <>
          {'; '}
          <a href="/signatures?kind=template">{unexplained.toLocaleString('en')} are not</a>
        </>
      )}
      .{' '}
      <span class="dim">
        {silent.toLocaleString('en')} of {rules.toLocaleString('en')} rules had no cause to speak.
      </span>
    </p>
  )
}

function Noisiest({ rules }: { readonly rules: Coverage['noisiest'] }) {
  return (
    <section>
      <h3>Rules that matched most</h3>
      <ul class="coverage-list">
        {rules.map(({ id, title, count }) => (
          <li key={id}>
            <a class="coverage-name" href={`/rules/${encodeURIComponent(id)}`}>
              {title}
            </a>
            <span class="number">{count.toLocaleString('en')}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}

function Source({ one }: { readonly one: SourceCoverage }) {
  const { source, explained, unexplained } = one
  return (
    <li>
      <span class="coverage-name" title={source}>
        {sourceTitle(source)}
      </span>
      <span class={`meter ${unexplained > 0 ? 'is-slow' : ''}`} aria-hidden="true">
        <span class="meter-fill" style={{ width: `${(100 * explained) / (explained + unexplained)}%` }} />
      </span>
      <span class="number">{shareText(one)}</span>
    </li>
  )
}

/** The share in percent; never 100 % while something is left. */
function shareText({ explained, unexplained }: Pick<SourceCoverage, 'explained' | 'unexplained'>): string {
  const share = (100 * explained) / (explained + unexplained)
  return unexplained > 0 ? `${Math.min(share, 99.9).toFixed(1)} %` : '100 %'
}
