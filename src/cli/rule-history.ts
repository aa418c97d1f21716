import type { Clock } from '../clock.ts'
import type { Rule } from '../interpret/rule.ts'
import type { Store } from '../store/client.ts'
import type { Library } from '../triage/answers.ts'
import type { Probes } from '../triage/probe/prober.ts'
import { applyRules } from '../triage/rules/apply.ts'
import { backtestRules, type Period } from '../triage/rules/backtest.ts'
import type { RuleHistory } from '../web/service.ts'
import type { Knowledge } from './knowledge.ts'
import type { WritePath } from './write-path.ts'

/** Tries rules on stored lines and applies the current rules to them, beside a running write path. */
export function liveRuleHistory(path: WritePath, now: () => Knowledge, asked: AskedBy): RuleHistory {
  const { clock } = asked
  return {
    backtest: (drafts, since, signal) => tryRules(drafts, { since, signal }, now(), asked),
    async *apply(since, signal) {
      // A batch that was begun with the previous rules is closed by then.
      const { stages, store } = path
      await clock.sleep(stages.limits.maxAgeMs, signal)
      // Others keep submitting: wait only for what was submitted before.
      const stored = () => stages.inserter.settled()
      await stored()
      yield* applyRules({ ...stages, store, stored }, now(), since, signal)
    },
  }
}

/** What questions need. */
export type AskedBy = { readonly store: Store; readonly probes: Probes; readonly clock: Clock }

/** Tries rules on the lines that a period holds, as if they were among the known ones; nothing is stored. */
export function tryRules(
  drafts: readonly Rule[],
  period: Period,
  knowledge: Knowledge,
  { store, probes, clock }: AskedBy,
): ReturnType<typeof backtestRules> {
  const { layouts, written, interpreting } = knowledge
  const library: Library = {
    ...{ ...knowledge, store, probes },
    ...{ generations: layouts.generations, nowMs: clock.nowMs() },
  }
  return backtestRules(drafts, { interpret: interpreting(drafts), written }, library, period)
}
