import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { EventJson } from '../../event-json.ts'
import type { Items } from './answers.ts'
import { type ApiError, ask } from './api.ts'
import { every } from './clock.ts'
import { storyRows } from './story-rows.ts'
import { POLL_MS, useAnswer } from './use-answer.ts'

/** The number of lines per request, and the most that are shown. */
const PAGE = 10_000
export const MOST_LINES = 100_000
/** A longer story is not refreshed by itself. */
const POLLED_LINES = 20_000

export type Story = {
  /** In time order; undefined until the first answer. */
  readonly rows: readonly EventJson[] | undefined
  readonly error: ApiError | undefined
  /** There is more than is shown. */
  readonly isCut: boolean
  /** Has every page been read? Only then does a missing row mean that there is no such line. */
  readonly isRead: boolean
}

/** What happened to a desktop: what all machines say about it and, with `isWhole`, each line of its own. */
export function useStory(session: string, isWhole: boolean): Story {
  const events = useAnswer<Items<EventJson>>('timeline', { session, limit: 20_000 })
  const { lines, isCut, isRead } = useLines(session, isWhole)
  const told = events.data?.items
  const rows = useMemo(
    () => (told === undefined ? undefined : storyRows(told, isWhole ? lines : [])),
    [told, lines, isWhole],
  )
  return { rows, error: events.error, isCut, isRead: rows !== undefined && (isRead || !isWhole) }
}

type Lines = Pick<Story, 'isCut' | 'isRead'> & {
  readonly session: string
  readonly lines: readonly EventJson[]
}

const NONE: readonly EventJson[] = []

/** Every line of a desktop, page by page; short stories are refreshed now and then. */
function useLines(session: string, isWanted: boolean): Omit<Lines, 'session'> {
  const [known, setKnown] = useState<Lines>({ session: '', lines: NONE, isCut: false, isRead: false })
  const count = useRef(0)
  useEffect(() => {
    if (!isWanted) return
    const stop = new AbortController()
    const read = async () => {
      const lines: EventJson[] = []
      let cursor: string | undefined
      let shown = 0
      do {
        const page: Items<EventJson> = await ask(
          'timeline',
          { session, all: true, limit: PAGE, cursor },
          stop.signal,
        )
        lines.push(...page.items)
        cursor = page.next
        if (count.current === 0 && lines.length >= 2 * shown) {
          shown = lines.length
          setKnown({ session, lines: [...lines], isCut: false, isRead: false })
        }
      } while (cursor !== undefined && lines.length < MOST_LINES)
      count.current = lines.length
      setKnown({ session, lines, isCut: cursor !== undefined, isRead: true })
    }
    let isReading = false
    const tryRead = () => {
      if (document.hidden || isReading || count.current >= POLLED_LINES) return
      isReading = true
      read()
        .catch(() => {})
        .finally(() => {
          isReading = false
        })
    }
    count.current = 0
    tryRead()
    const end = every(POLL_MS, tryRead)
    return () => {
      stop.abort()
      end()
    }
  }, [session, isWanted])
  return known.session === session ? known : { lines: NONE, isCut: false, isRead: false }
}
