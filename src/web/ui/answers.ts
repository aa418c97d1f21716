import type { EventJson } from '../../event-json.ts'
import type { Severity } from '../../model.ts'
import type { DiagnosisJson } from '../../triage/diagnosis/diagnosis-json.ts'
import type { Difference } from '../../triage/diagnosis/shown/compare.ts'
import type { Status } from '../../triage/diagnosis/status.ts'
import type { FleetFinding, OverviewJson } from '../../triage/overview.ts'
import type { NotRead as NotReadPortal } from '../../triage/portal/portal-session.ts'
import type { SessionJson } from '../../triage/sessions/session-json.ts'
import type { TrendJson } from '../../triage/trends.ts'

/** Shapes of answers to questions that only the page asks; the others are those of `--json`. */

export type Items<Item> = {
  readonly items: readonly Item[]
  readonly next?: string
  /** What it should contain and could not be read. */
  readonly not_read?: readonly NotReadPortal[]
}

export type SessionItem = SessionJson & { readonly verdict_title?: string }

export type SignatureItem = {
  readonly id: string
  readonly kind: 'rule' | 'template'
  readonly title: string
  readonly severity?: Severity
  readonly first_seen: string
  readonly last_seen: string
  readonly count: number
  readonly sessions: number
  readonly hosts: number
  readonly state: string
  readonly escalating?: boolean
  readonly example?: string
  readonly rank?: number
  readonly trend?: readonly number[]
}

export type SignatureDetail = Omit<SignatureItem, 'sessions'> & {
  /** Some of the desktops that have it, and their total number. */
  readonly sessions: readonly string[]
  readonly session_count: number
  readonly explain?: string
  readonly remedy?: readonly string[]
  readonly examples: readonly EventJson[]
  readonly history: readonly {
    readonly at: string
    readonly action: string
    readonly state: string
    readonly author?: string
    readonly note?: string
  }[]
}

export type AlertItem = {
  readonly fingerprint: string
  readonly rule: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly state: string
  readonly since: string
  readonly ends_at?: string
  readonly value?: number
  readonly silenced_by?: readonly string[]
  readonly inhibited_by?: readonly string[]
  readonly muted_by?: readonly string[]
  readonly held_until?: string
}

export type Matcher = {
  readonly name: string
  readonly value: string
  readonly is_regex: boolean
  readonly is_equal: boolean
}

export type SilenceItem = {
  readonly id: string
  readonly matchers: readonly Matcher[]
  readonly starts_at: string
  readonly ends_at: string
  readonly created_by?: string
  readonly comment?: string
}

export type RuleItem = {
  readonly id: string
  readonly version: number
  readonly status?: string
  readonly title: string
  readonly severity: Severity
  readonly layer?: string
  readonly phase?: string
  readonly component?: string
  readonly general?: boolean
  readonly type?: string
  readonly kind?: string
}

export type RuleDetail = RuleItem & {
  readonly explain: string
  readonly remedy: readonly string[]
  readonly caused_by?: readonly string[]
  readonly references?: readonly string[]
  readonly provenance?: string
  readonly sources?: readonly string[]
  readonly false_positives?: string
  readonly reports?: boolean
  readonly hangs?: boolean
  readonly cuts_off?: boolean
  readonly samples?: { readonly match: readonly Sample[]; readonly no_match: readonly Sample[] }
  readonly file?: string
}

type Sample = string | { readonly line?: string; readonly captures?: Readonly<Record<string, string>> }

/** The answer of `compare`: two attempts, their differences, and what the first one lacks. */
export type Comparison = {
  readonly a: ComparedSide
  readonly b: ComparedSide
  readonly items: readonly (Difference & { readonly title?: string })[]
  readonly missing: readonly { readonly rule_id: string; readonly title: string; readonly phase: string }[]
}

type ComparedSide = Pick<DiagnosisJson, 'session' | 'attempt' | 'host' | 'profile' | 'status' | 'phases'>

export type Overview = {
  readonly sessions: Partial<Readonly<Record<Status, number>>>
  /** The number of desktops that are not diagnosed yet. */
  readonly pending?: number
  readonly failing: readonly SessionItem[]
  readonly trend: readonly TrendJson[]
  readonly new_signatures?: readonly SignatureItem[]
  readonly alerts?: readonly AlertItem[]
  readonly common: OverviewJson['common']
  readonly causes: OverviewJson['causes']
  readonly findings?: readonly FleetFinding[]
  readonly disagreements: OverviewJson['disagreements']
  readonly portal_not_read: readonly NotReadPortal[]
  readonly collector: Collector
}

type NotRead = {
  readonly count: number
  readonly items?: readonly { readonly path: string; readonly reason: string; readonly detail?: string }[]
}

export type Collector = {
  readonly lines: number
  readonly batches: number
  readonly last_batch_at?: string
  readonly store: string
  readonly pending_bytes: number
  readonly not_read: number | NotRead
  readonly losses?: Readonly<Record<string, number>>
}

export type ServiceStatus = Collector & {
  readonly held_up: readonly string[]
  readonly not_read: NotRead
  readonly version?: string
  readonly started_at?: string
  readonly node?: string
  readonly rules?: { readonly version: string; readonly count: number }
  readonly files?: {
    readonly known: number
    readonly hot: number
    readonly backlog: number
    readonly lag_bytes: number
    readonly behind?: readonly { readonly path: string; readonly bytes: number; readonly seconds: number }[]
  }
  readonly portal: {
    readonly clusters: readonly string[]
    readonly desktops: number
    readonly not_read: readonly NotReadPortal[]
  }
  readonly disk?: { readonly path: string; readonly free_bytes: number; readonly total_bytes: number }
  readonly store_size?: {
    readonly kind: 'embedded' | 'server'
    readonly tables: readonly { readonly table: string; readonly rows: number; readonly bytes: number }[]
  }
  readonly store_rows?: { readonly lines: number; readonly events: number }
}
