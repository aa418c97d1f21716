import type { Rule } from '../../interpret/rule.ts'
import type { Library } from '../answers.ts'
import { askSessions } from '../sessions/sessions.ts'
import type { Classified } from './apply.ts'
import { type ReplayKnowledge, replay } from './replay.ts'

/** What rules would have found: events, the desktops they are of, and how many of those became ready. */
export type Backtested = {
  readonly events: number
  readonly sessions: number
  readonly sessions_ready: number
  /** First lines of some matching records. */
  readonly examples: readonly string[]
}

const EXAMPLES = 5
/** Characters. */
const EXCERPT = 160

/** Lines stored from `since` on (ISO 8601), read until `signal` is aborted. */
export type Period = { readonly since: string; readonly signal: AbortSignal }

/** Tries rules on the lines of a period; ends without a result if it is aborted. */
export async function* backtestRules(
  drafts: readonly Rule[],
  { interpret, written }: Omit<ReplayKnowledge, 'rules'>,
  library: Library,
  { since, signal }: Period,
): AsyncGenerator<Classified | Backtested> {
  const ids = new Set(drafts.map(({ id }) => id))
  const desktops = new Set<string>()
  const examples: string[] = []
  let lines = 0
  let events = 0
  for await (const page of replay(library.store, since, interpret, written)) {
    if (signal.aborted) return
    for (const { row, ruleId } of page.verdicts) {
      const line = page.lines[row]
      if (!ids.has(ruleId) || line === undefined) continue
      events++
      if (line.session !== '') desktops.add(`${line.owner}/${line.session}`)
      if (examples.length < EXAMPLES) examples.push(line.message.split('\n')[0]?.slice(0, EXCERPT) ?? '')
    }
    lines += page.lines.length
    yield { lines }
  }
  const { items } = await askSessions({ limit: 100_000 }, library)
  const ready = items.filter(({ session, status }) => status === 'ready' && desktops.has(session))
  yield { events, sessions: desktops.size, sessions_ready: ready.length, examples }
}
