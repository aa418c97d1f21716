import type { Clock } from '../clock.ts'
import type { Rule } from '../interpret/rule.ts'
import type { Store } from '../store/client.ts'
import type { Library } from '../triage/answers.ts'
import type { Probes } from '../triage/probe/prober.ts'
import { applyRules } from '../triage/rules/apply.ts'
import { backtestRules } from '../triage/rules/backtest.ts'
import type { RuleHistory } from '../web/service.ts'
import type { Knowledge } from './knowledge.ts'
import type { WritePath } from './write-path.ts'

/** Rules on stored lines, beside a write path that goes on: they are tried, and those that are in force are applied. */
export function liveRuleHistory(path: WritePath, now: () => Knowledge, asked: AskedBy): RuleHistory {
  const { clock } = asked
  return {
    backtest: (drafts, since, signal) => tried(drafts, since, now(), asked, signal),
    async *apply(since, signal) {
      // A batch that was begun by the rules before is closed at this age.
      const { stages, store } = path
      await clock.sleep(stages.limits.maxAgeMs, signal)
      // Others submit all the time: what is waited for is what was submitted before.
      const stored = () => stages.inserter.settled()
      await stored()
      yield* applyRules({ ...stages, store, stored }, now(), since, signal)
    },
  }
}

/** What questions are asked with. */
export type AskedBy = { readonly store: Store; readonly probes: Probes; readonly clock: Clock }

/** Tries rules on stored lines by what is known. */
export function tried(
  drafts: readonly Rule[],
  since: string,
  knowledge: Knowledge,
  { store, probes, clock }: AskedBy,
  signal: AbortSignal,
): ReturnType<typeof backtestRules> {
  const { layouts, written, interpreting } = knowledge
  const library: Library = {
    ...{ ...knowledge, store, probes },
    ...{ generations: layouts.generations, nowMs: clock.nowMs() },
  }
  return backtestRules(drafts, { interpret: interpreting(drafts), written }, since, library, signal)
}
