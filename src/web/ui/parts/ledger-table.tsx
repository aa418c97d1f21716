import type { LedgerRow } from '../../../store/ledger-query.ts'
import type { Items } from '../answers.ts'
import { bytesText } from '../bytes-text.ts'
import { changeQuery, usePlace } from '../router.ts'
import { useAnswer } from '../use-answer.ts'
import { AnswerState, Empty } from './answer-state.tsx'
import { Card } from './card.tsx'
import { TextFilter } from './text-filter.tsx'

/** Per file: what is stored of it, and what is not, with the reason. */
export function LedgerTable() {
  const { query } = usePlace()
  const isAll = query['files'] === 'all'
  const found = useAnswer<Items<LedgerRow>>('ledger', { all: isAll, limit: 500 }, { everyMs: 30_000 })
  const text = (query['q'] ?? '').toLowerCase()
  return (
    <Card
      title="Ledger of the files"
      aside={
        <fieldset class="segmented" aria-label="which files">
          <button type="button" aria-pressed={!isAll} onClick={() => changeQuery({ files: undefined })}>
            With losses
          </button>
          <button type="button" aria-pressed={isAll} onClick={() => changeQuery({ files: 'all' })}>
            All
          </button>
        </fieldset>
      }
    >
      {isAll && <TextFilter name="q" label="Filter files" placeholder="Filter files…" />}
      <AnswerState answer={found} rows={3}>
        {({ items, next }) => {
          const rows = items.filter(({ file }) => file.toLowerCase().includes(text))
          if (rows.length === 0)
            return (
              <Empty
                title={isAll ? 'No file fits' : 'Nothing was lost: every byte of every file is accounted for'}
              />
            )
          return (
            <>
              <Rows rows={rows} />
              {next !== undefined && <p class="dim">The first {items.length}; `dcvlens ledger` tells all.</p>}
            </>
          )
        }}
      </AnswerState>
    </Card>
  )
}

function Rows({ rows }: { readonly rows: readonly LedgerRow[] }) {
  return (
    <section class="table-plain" aria-label="files">
      <table class="plain-table">
        <thead>
          <tr>
            <th>File</th>
            <th class="number column-count">Lines</th>
            <th class="number column-count column-stored">Stored</th>
            <th class="column-losses">Not stored, or not whole</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={`${row.file_id}:${row.generation}`}>
              <td class="column-file" title={row.file}>
                <code class="path">
                  <bdi>{row.file}</bdi>
                </code>
              </td>
              <td class="number">{row.rows.toLocaleString('en')}</td>
              <td class="number column-stored">{bytesText(row.bytes)}</td>
              <td class="column-losses">
                {row.loss_count === 0
                  ? '–'
                  : `${bytesText(row.lost_bytes)}: ${[...new Set(row.losses.map(({ reason }) => reason))].join(', ')}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
