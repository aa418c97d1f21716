import type { EventJson } from '../../../event-json.ts'
import type { Query } from '../url-state.ts'
import { usePages } from '../use-pages.ts'
import { counted } from '../words.ts'
import { AnswerState, Empty } from './answer-state.tsx'
import { AskedLines } from './asked-lines.tsx'
import { ExportLinks } from './export-links.tsx'

const PAGE = 1000

type SearchResultsProps = {
  readonly query: Query
  onOpen(event: EventJson): void
  onClose(): void
}

/** Stored lines that match, newest first: any lines if there is a text, otherwise only those with an event. */
export function SearchResults({ query, onOpen, onClose }: SearchResultsProps) {
  const { text, session, host, source, rule, severity, from = '24h', to } = query
  const hasText = text !== undefined
  const place = { session, host, source, from, to }
  const question = hasText ? 'search' : 'events'
  const params = hasText ? { ...place, text } : { ...place, rule, severity }
  const found = usePages<EventJson>(question, { ...params, limit: PAGE })
  const { items, error, more } = found
  return (
    <AnswerState
      answer={{
        data: items,
        error,
        isLoading: found.isLoading,
        atMs: undefined,
        again: () => location.reload(),
      }}
      rows={12}
    >
      {(rows) =>
        rows.length === 0 ? (
          <Empty title={hasText ? `No line has “${text}”` : 'No event matches'} icon="search">
            <p>Choose a longer range, or fewer words. Case does not matter.</p>
          </Empty>
        ) : (
          <>
            <p class="dim results-count">
              <span role="status">
                {more === undefined
                  ? counted(rows.length, 'line')
                  : `the newest ${counted(rows.length, 'line')}`}
                {!hasText &&
                  ' that a rule matches, or that look like a failure; type a text to search every line'}
              </span>
              <ExportLinks question={question} params={params} />
            </p>
            <AskedLines rows={rows} label="lines found" query={query} onOpen={onOpen} onClose={onClose} />
            {more !== undefined && (
              <button type="button" class="button more" onClick={more}>
                Older lines
              </button>
            )}
          </>
        )
      }
    </AnswerState>
  )
}
