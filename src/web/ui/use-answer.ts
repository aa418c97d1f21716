import { useEffect, useRef, useState } from 'preact/hooks'
import { type ApiError, addressOf, type Params } from './api.ts'
import { type Outcome, type Poll, startPoll } from './poll.ts'

/** The state of a question: the last answer stays while a newer one is awaited. */
export type Answer<T> = {
  readonly data: T | undefined
  readonly error: ApiError | undefined
  readonly isLoading: boolean
  /** When the answer came, ms since the epoch. */
  readonly atMs: number | undefined
  again(): void
}

type Known = { readonly data: unknown; readonly atMs: number }
type LastAnswer = Partial<Known> & {
  readonly address: string
  readonly path: string
  readonly error?: ApiError
}

const NOTHING: LastAnswer = { address: '', path: '' }
export const POLL_MS = 10_000

/**
 * The answer to a question, asked again every `everyMs` (0: never) while the page is visible. Without a path, nothing is
 * asked. If only the parameters change, the previous answer stays meanwhile.
 */
export function useAnswer<T>(
  path: string | undefined,
  params: Params = {},
  { everyMs = POLL_MS }: { readonly everyMs?: number } = {},
): Answer<T> {
  const address = path === undefined ? '' : addressOf(path, params)
  const asked = path ?? ''
  const [lastAnswer, setLastAnswer] = useState<LastAnswer>(NOTHING)
  const poll = useRef<Poll | undefined>(undefined)

  useEffect(() => {
    if (address === '') return
    poll.current = startPoll(address, everyMs, (outcome) =>
      setLastAnswer((before) => afterOutcome(before, outcome, { address, path: asked })),
    )
    return () => poll.current?.stop()
  }, [address, asked, everyMs])

  const isOurs = lastAnswer.address === address
  const known: Partial<Known> | undefined =
    isOurs && lastAnswer.atMs !== undefined
      ? lastAnswer
      : (kept.get(address) ?? (lastAnswer.path === asked ? lastAnswer : undefined))
  return {
    data: known?.data as T | undefined,
    error: isOurs ? lastAnswer.error : undefined,
    isLoading: address !== '' && !isOurs,
    atMs: known?.atMs,
    again: () => poll.current?.again(),
  }
}

function afterOutcome(
  before: LastAnswer,
  outcome: Outcome,
  of: { address: string; path: string },
): LastAnswer {
  if (outcome.kind === 'answer') {
    keep(of.address, outcome)
    return { ...of, data: outcome.data, atMs: outcome.atMs }
  }
  return before.address === of.address ? { ...before, error: outcome.error } : { ...of, error: outcome.error }
}

/** Answers of earlier views, for the back button. */
const kept = new Map<string, Known>()
const KEPT = 60

function keep(address: string, { data, atMs }: Known): void {
  kept.delete(address)
  kept.set(address, { data, atMs })
  const [oldest] = kept.keys()
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
}
