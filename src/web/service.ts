import type { Clock } from '../clock.ts'
import type { Disk } from '../data-dir.ts'
import type { EventJson } from '../event-json.ts'
import type { Interpret } from '../interpret/interpret.ts'
import type { Rule } from '../interpret/rule.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store/client.ts'
import type { AlertDesk } from '../triage/alerts/desk.ts'
import type { AnswerKnowledge, Library } from '../triage/answers.ts'
import type { Classified, RuleChange } from '../triage/rules/apply.ts'
import type { Backtested } from '../triage/rules/backtest.ts'
import type { DiagnosisCache } from '../triage/sessions/diagnosis-cache.ts'
import type { LiveFeed } from './live-feed.ts'

/** What answers go by, as of now. */
type ServiceKnowledge = AnswerKnowledge & {
  /** Reads lines that people ask about. */
  readonly asking: Interpret
  /** The format of each kind of log. */
  readonly formats: ReadonlyMap<string, string>
  /** The product generations of its layouts. */
  readonly profiles: ReadonlySet<string>
}

/** What the write path tells of itself. */
export type WriteStatus = {
  readonly started_at: string
  readonly lines: number
  readonly batches: number
  readonly last_batch_at?: string
  readonly store: 'storing' | 'retrying'
  readonly pending_bytes: number
  readonly files: {
    readonly known: number
    readonly hot: number
    readonly backlog: number
    readonly lag_bytes: number
    /** For so long the file that is furthest behind was not read to its end. */
    readonly lag_seconds: number
    readonly behind: readonly { readonly path: string; readonly bytes: number; readonly seconds: number }[]
  }
  /** Where the data directory lies. */
  readonly disk: Disk
  readonly not_read: {
    readonly count: number
    readonly items: readonly { readonly path: string; readonly reason: string; readonly detail: string }[]
  }
}

/** What counts of the files of rules: how many there are, and why changed ones are refused, a fault each. */
export type SetStatus = {
  readonly rules: { readonly faults: readonly string[] }
  readonly alerts: { readonly rules: number; readonly receivers: number; readonly faults: readonly string[] }
}

/** Rules on stored lines; both end early when they are aborted. */
export type RuleHistory = {
  readonly backtest: (
    drafts: readonly Rule[],
    since: string,
    signal: AbortSignal,
  ) => AsyncIterable<Classified | Backtested>
  readonly apply: (since: string, signal: AbortSignal) => AsyncIterable<Classified | RuleChange>
}

/** What every route works with. */
export type Service = {
  /** Version of the program. */
  readonly version: string
  /** Asked for nothing but questions. */
  readonly store: Store
  /** The store as the write path has it, where decisions about signatures are written. */
  readonly states: Store
  readonly knowledge: () => ServiceKnowledge
  readonly status: () => WriteStatus
  readonly sets: () => SetStatus
  readonly alerts: AlertDesk
  readonly history: RuleHistory
  /** What has just been stored. */
  readonly feed: LiveFeed
  /** Adds the numbers of their lines to some events, for files on the disks of this machine. */
  readonly numbered: (events: readonly EventJson[]) => EventJson[]
  readonly clock: Clock
  readonly log: Log
  /** How desktops stood when they were asked for last. */
  readonly diagnosisCache?: DiagnosisCache
}

/** What answering a question needs, as of now. */
export function libraryOf({ store, knowledge, clock, diagnosisCache }: Service): Library {
  return { store, ...knowledge(), nowMs: clock.nowMs(), diagnosisCache }
}
