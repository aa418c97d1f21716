import { bytesText } from '../../../bytes-text.ts'
import type { LedgerRow } from '../../../store/ledger-query.ts'
import type { Items } from '../answers.ts'
import { lossText } from '../loss-text.ts'
import { changeQuery, go, usePlace } from '../router.ts'
import { fileName, shortFolder } from '../short-path.ts'
import { sourceTitle } from '../source-titles.ts'
import { sessionPath, writeQuery } from '../url-state.ts'
import { useAnswer } from '../use-answer.ts'
import { counted } from '../words.ts'
import { AnswerState, Empty } from './answer-state.tsx'
import { Card } from './card.tsx'
import { Name } from './name.tsx'
import { type Column, RowTable } from './row-table.tsx'
import { TextFilter } from './text-filter.tsx'

/** At most this many files are listed; `dcvlens ledger` shows all. */
const MOST = 20_000

/** What is stored of each file, and what is missing, with the reason. */
export function LedgerTable() {
  const { query } = usePlace()
  const isAll = query['files'] === 'all'
  const found = useAnswer<Items<LedgerRow>>('ledger', { all: isAll, limit: MOST }, { everyMs: 30_000 })
  const words = (query['q'] ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const rows = (found.data?.items ?? []).filter(({ file, host }) => {
    const text = `${file} ${host}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  return (
    <Card title="Ledger of the files" aside={<WhichFiles isAll={isAll} />}>
      {isAll && (
        <search class="filters">
          <TextFilter name="q" label="Filter files" placeholder="Filter by path or host…" />
          <span class="dim filters-count" role="status">
            {found.data !== undefined && counted(rows.length, 'file')}
          </span>
        </search>
      )}
      <AnswerState answer={found} rows={3}>
        {({ next }) =>
          rows.length === 0 ? (
            <Empty
              title={
                isAll ? 'No file matches' : 'Nothing was lost: every byte of every file is accounted for'
              }
            />
          ) : (
            <>
              <FileTable rows={rows} />
              {next !== undefined && <p class="dim">The first {MOST}; `dcvlens ledger` tells all.</p>}
            </>
          )
        }
      </AnswerState>
    </Card>
  )
}

function WhichFiles({ isAll }: { readonly isAll: boolean }) {
  return (
    <fieldset class="segmented" aria-label="which files">
      <button type="button" aria-pressed={!isAll} onClick={() => changeQuery({ files: undefined })}>
        With losses
      </button>
      <button type="button" aria-pressed={isAll} onClick={() => changeQuery({ files: 'all' })}>
        All
      </button>
    </fieldset>
  )
}

function FileTable({ rows }: { readonly rows: readonly LedgerRow[] }) {
  const { query } = usePlace()
  return (
    <RowTable
      rows={rows}
      columns={rows.some(({ loss_count }) => loss_count > 0) ? COLUMNS : WHOLE_COLUMNS}
      label="stored files"
      keyOf={({ file_id, generation }) => `${file_id}:${generation}`}
      order={query['order'] ?? ''}
      onOrder={(order) => changeQuery({ order }, { replace: true })}
      onOpen={(row) => go(linesOf(row))}
    />
  )
}

/** The link to the lines of a file: those of its desktop, otherwise those of its source on its host. */
function linesOf({ owner, session, host, source }: LedgerRow): string {
  if (owner !== '' && session !== '') return `${sessionPath(`${owner}/${session}`)}${writeQuery({ source })}`
  return `/search${writeQuery({ host, source, from: '30d' })}`
}

const COLUMNS: readonly Column<LedgerRow>[] = [
  {
    key: 'file',
    title: 'File',
    cell: (row) => (
      <>
        <a href={linesOf(row)} class="path-link" title={row.file}>
          <code>
            <Name of={fileName(row.file)} />
          </code>
        </a>
        <code class="path-folder" title={row.file}>
          <Name of={shortFolder(row.file, row.owner)} />
        </code>
        <span class="only-narrow dim sub">
          {[row.file.includes(row.host) ? '' : row.host, row.loss_count > 0 ? lossText(row) : '']
            .filter(Boolean)
            .join(' · ')}
        </span>
      </>
    ),
    sort: ({ file }) => file,
  },
  {
    key: 'host',
    title: 'Host',
    cell: ({ host }) => <Name of={host} />,
    sort: ({ host }) => host,
    isWide: true,
  },
  {
    key: 'source',
    title: 'Kind of log',
    cell: ({ source }) => sourceTitle(source),
    sort: ({ source }) => sourceTitle(source),
    isWide: true,
  },
  {
    key: 'count',
    title: 'Lines',
    cell: ({ rows }) => rows.toLocaleString('en'),
    sort: ({ rows }) => rows,
    isNumber: true,
    isWide: true,
  },
  {
    key: 'stored',
    title: 'Stored',
    cell: ({ bytes }) => bytesText(bytes),
    sort: ({ bytes }) => bytes,
    isNumber: true,
    isWide: true,
  },
  {
    key: 'losses',
    title: 'Not stored, or altered',
    cell: (row) => <span class={row.loss_count === 0 ? 'dim' : ''}>{lossText(row)}</span>,
    sort: ({ lost_bytes, loss_count }) => lost_bytes * 1e6 + loss_count,
    isWide: true,
  },
]

/** If nothing was lost, that column is left out. */
const WHOLE_COLUMNS = COLUMNS.filter(({ key }) => key !== 'losses')
