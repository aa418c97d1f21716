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

/** What answers are based on, as of now. */
type ServiceKnowledge = AnswerKnowledge & {
  /** Interprets lines that people ask about. */
  readonly asking: Interpret
  /** The format of each source. */
  readonly formats: ReadonlyMap<string, string>
  /** The product generations of its layouts. */
  readonly profiles: ReadonlySet<string>
}

/** The state of the write path. */
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
    /** How long the file that is furthest behind has had unread bytes. */
    readonly lag_seconds: number
    readonly behind: readonly { readonly path: string; readonly bytes: number; readonly seconds: number }[]
  }
  /** The disk of the data directory. */
  readonly disk: Disk
  /** Why rules about several events store nothing now. */
  readonly held_up: readonly string[]
  readonly not_read: {
    readonly count: number
    readonly items: readonly { readonly path: string; readonly reason: string; readonly detail: string }[]
  }
}

/** The rules in force: their number, and why changed files are refused, one fault each. */
export type SetStatus = {
  readonly rules: { readonly faults: readonly string[] }
  readonly alerts: { readonly rules: number; readonly receivers: number; readonly faults: readonly string[] }
}

/** Work with rules on stored lines; both functions end early when the signal aborts. */
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
  /** The version of the program. */
  readonly version: string
  /** A connection for questions only. */
  readonly store: Store
  /** The store of the write path, to which decisions about signatures are written. */
  readonly states: Store
  readonly knowledge: () => ServiceKnowledge
  readonly status: () => WriteStatus
  readonly sets: () => SetStatus
  readonly alerts: AlertDesk
  readonly history: RuleHistory
  /** The batches that were just stored. */
  readonly feed: LiveFeed
  /** Adds line numbers to events in files on the local disks of this machine. */
  readonly numbered: (events: readonly EventJson[]) => EventJson[]
  readonly clock: Clock
  readonly log: Log
  /** Diagnoses of desktops from earlier questions. */
  readonly diagnosisCache?: DiagnosisCache
}

/** What answering a question needs, as of now. */
export function libraryOf({ store, knowledge, clock, diagnosisCache }: Service): Library {
  return { store, ...knowledge(), nowMs: clock.nowMs(), diagnosisCache }
}
