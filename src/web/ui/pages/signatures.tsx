import type { Items, SignatureItem } from '../answers.ts'
import { isGrowing } from '../growing.ts'
import { AnswerState, Empty } from '../parts/answer-state.tsx'
import { ChoiceFilter } from '../parts/choice-filter.tsx'
import { ExportLinks } from '../parts/export-links.tsx'
import { Age } from '../parts/moment.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { RangePicker } from '../parts/range-picker.tsx'
import { type Column, RowTable } from '../parts/row-table.tsx'
import { Sparkline } from '../parts/sparkline.tsx'
import { TemplateText } from '../parts/template-text.tsx'
import { TextFilter } from '../parts/text-filter.tsx'
import { UnknownChoice } from '../parts/unknown-choice.tsx'
import { WordTag } from '../parts/word-tag.tsx'
import { changeQuery, go, usePlace } from '../router.ts'
import { useAnswer } from '../use-answer.ts'
import { counted, SEVERITY_ORDER, SEVERITY_WORDS, SIGNATURE_STATE_WORDS, wordOf } from '../words.ts'

/** Ignored and resolved signatures come last. */
const DONE: readonly string[] = ['ignored', 'resolved']

/** Failures by signature: known to a rule, or grouped by template. */
export function SignaturesPage() {
  const { query } = usePlace()
  const { kind, state, q, from = '7d', to } = query
  const found = useAnswer<Items<SignatureItem>>('signatures', { kind, state, q, from, to, limit: 1000 })
  return (
    <>
      <PageHead title="Signatures" lead="Known and unknown failures.">
        <RangePicker defaultAge="7d" />
      </PageHead>
      <search class="filters">
        <TextFilter name="q" label="Filter signatures" placeholder="Filter signatures…" />
        <ChoiceFilter
          name="kind"
          label="known or not"
          choices={[
            { value: '', title: 'All' },
            { value: 'rule', title: 'Known' },
            { value: 'template', title: 'Unknown' },
          ]}
        />
        <StateSelect />
        <ExportLinks question="signatures" params={{ kind, state, q, from, to }} />
        <span class="dim filters-count" role="status">
          {found.data !== undefined && counted(found.data.items.length, 'signature')}
        </span>
      </search>
      <AnswerState answer={found} rows={10}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty title="No signature matches" icon="signatures">
              <p>Nothing failed in this time, or the filter is too narrow.</p>
            </Empty>
          ) : (
            <RowTable
              rows={items}
              columns={COLUMNS}
              label="signatures"
              keyOf={({ id }) => id}
              order={query['order'] ?? ''}
              onOrder={(order) => changeQuery({ order }, { replace: true })}
              onOpen={({ id }) => go(signaturePath(id))}
            />
          )
        }
      </AnswerState>
    </>
  )
}

function StateSelect() {
  const { query } = usePlace()
  const chosen = query['state'] ?? ''
  return (
    <>
      <label class="field-inline">
        <span class="visually-hidden">State</span>
        <select value={chosen} onChange={({ currentTarget }) => changeQuery({ state: currentTarget.value })}>
          <option value="">any state</option>
          {Object.entries(SIGNATURE_STATE_WORDS).map(([state, { title }]) => (
            <option key={state} value={state}>
              {title.toLowerCase()}
            </option>
          ))}
        </select>
      </label>
      {chosen !== '' && SIGNATURE_STATE_WORDS[chosen] === undefined && (
        <UnknownChoice name="state" value={chosen} />
      )}
    </>
  )
}

function signaturePath(id: string): string {
  return `/signatures/${encodeURIComponent(id)}`
}

const COLUMNS: readonly Column<SignatureItem>[] = [
  {
    key: 'severity',
    title: 'Severity',
    cell: ({ severity }) =>
      severity === undefined ? '' : <WordTag word={wordOf(SEVERITY_WORDS, severity)} isBare />,
    sort: ({ severity, state }) => (DONE.includes(state) ? -1 : SEVERITY_ORDER.indexOf(severity ?? 'info')),
    isWide: true,
  },
  {
    key: 'title',
    title: 'Signature',
    cell: (item) => (
      <>
        <a href={signaturePath(item.id)} class="signature-link">
          <TemplateText item={item} />
        </a>
        <span class="only-narrow dim sub">
          {item.severity !== undefined && `${wordOf(SEVERITY_WORDS, item.severity).title} · `}
          {counted(item.count, 'line')} · <Age iso={item.last_seen} />
        </span>
      </>
    ),
    sort: ({ title }) => title.toLowerCase(),
  },
  {
    key: 'state',
    title: 'State',
    cell: (item) => (
      <>
        <WordTag word={wordOf(SIGNATURE_STATE_WORDS, item.state)} isBare />
        {isGrowing(item) && <span class="growing wide-only"> ↑ growing</span>}
      </>
    ),
    sort: ({ state }) => Object.keys(SIGNATURE_STATE_WORDS).indexOf(state),
  },
  {
    key: 'trend',
    title: 'Last 24 h',
    cell: ({ trend }) =>
      trend === undefined ? (
        ''
      ) : (
        <Sparkline counts={trend} label={`by hour, the last 24 hours: ${trend.join(', ')}`} />
      ),
    isWide: true,
  },
  {
    key: 'count',
    title: 'Lines',
    cell: ({ count }) => count.toLocaleString('en'),
    sort: ({ count }) => count,
    isNumber: true,
    isWide: true,
  },
  {
    key: 'sessions',
    title: 'Desktops',
    cell: ({ sessions }) => sessions.toLocaleString('en'),
    sort: ({ sessions }) => sessions,
    isNumber: true,
    isWide: true,
  },
  {
    key: 'first',
    title: 'First seen',
    cell: ({ first_seen }) => <Age iso={first_seen} />,
    sort: ({ first_seen }) => Date.parse(first_seen),
    isNumber: true,
    isWide: true,
  },
  {
    key: 'last',
    title: 'Last seen',
    cell: ({ last_seen }) => <Age iso={last_seen} />,
    sort: ({ last_seen }) => Date.parse(last_seen),
    isNumber: true,
    isWide: true,
  },
]
