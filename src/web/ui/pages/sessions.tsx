import { useMemo } from 'preact/hooks'
import type { Items, SessionItem } from '../answers.ts'
import { AnswerState, Empty } from '../parts/answer-state.tsx'
import { Icon } from '../parts/icon.tsx'
import { Age } from '../parts/moment.tsx'
import { Name } from '../parts/name.tsx'
import { PageHead } from '../parts/page-head.tsx'
import { RangePicker } from '../parts/range-picker.tsx'
import { type Column, RowTable } from '../parts/row-table.tsx'
import { SessionFilters } from '../parts/session-filters.tsx'
import { WordTag } from '../parts/word-tag.tsx'
import { changeQuery, go, usePlace } from '../router.ts'
import { filteredSessions } from '../session-filter.ts'
import { sessionPath } from '../url-state.ts'
import { useAnswer } from '../use-answer.ts'
import { verdictOf } from '../verdict-text.ts'
import { PHASE_TITLES, PROFILE_TITLES, STATUS_ORDER, STATUS_WORDS, wordOf } from '../words.ts'

/** The newest are there sooner: after a start each desktop is diagnosed when it is first asked for. */
const NEWEST = 100
const MOST = 10_000

/** All desktops, one per row; typing filters at once. */
export function SessionsPage() {
  const { query } = usePlace()
  const { from = '7d', to, q, status, owner, phase, rule } = query
  const newest = useAnswer<Items<SessionItem>>('sessions', { from, to, limit: NEWEST }, { everyMs: 0 })
  const whole = useAnswer<Items<SessionItem>>('sessions', { from, to, limit: MOST })
  const found = { ...whole, data: whole.data ?? newest.data }
  const all = found.data?.items
  const rows = useMemo(
    () => filteredSessions(all ?? [], { q, status, owner, phase, rule }),
    [all, q, status, owner, phase, rule],
  )
  return (
    <>
      <PageHead title="Sessions" lead="State and cause of every desktop.">
        <RangePicker defaultAge="7d" />
      </PageHead>
      <SessionFilters
        all={all}
        shown={rows.length}
        isCut={found.data?.next !== undefined}
        range={{ from, to }}
      />
      {(found.data?.not_read?.length ?? 0) > 0 && (
        <div class="note">
          <Icon name="warning" />
          <p>
            A portal database was not read, so desktops that wrote no log may be missing. See{' '}
            <a href="/status">Status</a>.
          </p>
        </div>
      )}
      <AnswerState answer={rows.length === 0 ? whole : found} rows={10}>
        {() =>
          rows.length === 0 ? (
            <NoSessions isFiltered={(all?.length ?? 0) > 0} />
          ) : (
            <SessionTable rows={rows} />
          )
        }
      </AnswerState>
    </>
  )
}

function NoSessions({ isFiltered }: { readonly isFiltered: boolean }) {
  if (!isFiltered)
    return (
      <Empty title="No desktop has written anything in this time" icon="sessions">
        <p>
          Choose a longer range, or see on <a href="/status">Status</a> what is read and what is not.
        </p>
      </Empty>
    )
  return (
    <Empty title="No desktop matches the filter" icon="search">
      <button
        type="button"
        class="button"
        onClick={() =>
          changeQuery({
            q: undefined,
            status: undefined,
            owner: undefined,
            phase: undefined,
            rule: undefined,
          })
        }
      >
        Clear the filter
      </button>
    </Empty>
  )
}

function SessionTable({ rows }: { readonly rows: readonly SessionItem[] }) {
  const { query } = usePlace()
  return (
    <RowTable
      rows={rows}
      columns={COLUMNS}
      label="desktops"
      keyOf={({ cluster, session }) => `${cluster}:${session}`}
      order={query['order'] ?? 'status'}
      onOrder={(order) => changeQuery({ order: order === 'status' ? undefined : order }, { replace: true })}
      onOpen={({ session }) => go(sessionPath(session))}
    />
  )
}

/** `ip-10-1-2-3 · SOCA 2.x`; a desktop known only to the portal has no host. */
function placeOf({ session, host, profile, os }: SessionItem): string {
  const product = `${PROFILE_TITLES[profile] ?? profile}${os === 'windows' ? ', Windows' : ''}`
  return [host === session ? '' : host, product].filter(Boolean).join(' · ')
}

const COLUMNS: readonly Column<SessionItem>[] = [
  {
    key: 'status',
    title: 'State',
    cell: ({ status }) => <WordTag word={wordOf(STATUS_WORDS, status)} isBare />,
    sort: ({ status, last_seen }) => `${STATUS_ORDER.indexOf(status)} ${9e15 - Date.parse(last_seen)}`,
  },
  {
    key: 'session',
    title: 'Desktop',
    cell: (row) => (
      <>
        <a href={sessionPath(row.session)} class="strong">
          <Name of={row.session} />
        </a>
        <span class="wide-only dim sub">
          <Name of={placeOf(row)} />
        </span>
        <span class="only-narrow dim sub">{verdictOf(row)}</span>
      </>
    ),
    sort: ({ session }) => session.toLowerCase(),
  },
  {
    key: 'verdict',
    title: 'Verdict',
    cell: (row) => (
      <span class={row.status === 'failed' || row.status === 'stalled' ? '' : 'dim'}>{verdictOf(row)}</span>
    ),
    sort: (row) => verdictOf(row).toLowerCase(),
    isWide: true,
  },
  {
    key: 'phase',
    title: 'Phase',
    cell: ({ phase }) => PHASE_TITLES[phase] ?? phase,
    sort: ({ phase }) => Object.keys(PHASE_TITLES).indexOf(phase),
    isWide: true,
  },
  {
    key: 'attempts',
    title: 'Attempts',
    cell: ({ attempts }) => attempts,
    sort: ({ attempts }) => attempts,
    isNumber: true,
    isWide: true,
  },
  {
    key: 'age',
    title: 'Last line',
    cell: ({ last_seen }) => <Age iso={last_seen} />,
    sort: ({ last_seen }) => -Date.parse(last_seen),
    isNumber: true,
  },
]
