import { inSpan, type Span } from './alert-span.ts'
import type { Params, Store } from './client.ts'
import { allOf, type Condition, fixed, given } from './conditions.ts'
import { DATABASE } from './database.ts'
import { EVALUATION_LIMITS } from './query-limits.ts'

/** Events of one signature within a span. A signature is a rule, or the template of lines that no specific rule explains. */
export type SignatureSpan = {
  readonly signature: string
  readonly kind: 'rule' | 'template'
  /** The id of the rule; '' if no rule matched. */
  readonly rule: string
  readonly severity: string
  readonly source: string
  readonly profile: string
  readonly phase: string
  readonly first_ms: number
  readonly last_ms: number
  readonly count: number
  /** At most two of them. */
  readonly desktops: readonly string[]
}

/** What a notice contains about a signature. */
export type SignatureDetails = {
  readonly signature: string
  readonly rule: string
  readonly count: number
  readonly sessions: number
  readonly hosts: number
  readonly session_names: readonly string[]
  readonly host_names: readonly string[]
  readonly first_ms: number
  readonly last_ms: number
  readonly clusters: readonly string[]
  /** The number of its events in no known cluster. */
  readonly unplaced: number
  /** The newest record and its place; a long one has its middle left out. */
  readonly example: string
  readonly example_file: string
  readonly event_id: string
  readonly severity: string
  readonly profile: string
  readonly captures: Readonly<Record<string, string>>
}

/** Which events count; an undefined field does not restrict them. */
export type EventSelect = {
  readonly minSeverity: number
  readonly rules?: readonly string[] | undefined
  readonly withoutRules?: readonly string[] | undefined
  readonly sources?: readonly string[] | undefined
  readonly profiles?: readonly string[] | undefined
  readonly phases?: readonly string[] | undefined
}

/** A line that only a general rule explains, or none, is identified by its template. */
const SIGNATURE = "if(t.template_id != '', t.template_id, toString(t.rule_id))"
const SEVERITY = "indexOf(['info', 'warning', 'error', 'critical'], toString(t.severity))"
/** Longer examples keep this much of both ends: a stack trace begins with the place and ends with the reason. */
const PART_CHARS = 1000
const LAST = 'argMax(t.message, t.ts)'
const EXAMPLE = `if(lengthUTF8(${LAST}) <= ${2 * PART_CHARS}, ${LAST},
         concat(substringUTF8(${LAST}, 1, ${PART_CHARS}), '\\n…\\n', substringUTF8(${LAST}, -${PART_CHARS})))`
/** Of more signatures at once, only the number is reported. */
export const MOST_DETAILS = 2000
const FAILURES = "t.kind != 'milestone' AND t.duplicate_of = ''"

/** Failures by signature within a span, to remember when each was seen. The only place where evaluation reads them. */
export function selectSignatures(store: Store, span: Span): Promise<SignatureSpan[]> {
  return selectSlots(store, span, span.toMs - span.fromMs + 1)
}

/** The same by steps of a span, in one query: `slot` 1 is the first step. */
export function selectSlots(
  store: Store,
  span: Span,
  stepMs: number,
): Promise<(SignatureSpan & { readonly slot: number })[]> {
  const { at, where, params } = inSpan(span)
  return store.query(
    `SELECT toUInt32(intDiv(${at} - {from:Int64} - 1, {step:Int64}) + 1) AS slot, ${SIGNATURE} AS signature,
       any(if(t.template_id != '', 'template', 'rule')) AS kind, toString(any(t.rule_id)) AS rule,
       toString(argMax(t.severity, ${SEVERITY})) AS severity, toString(any(t.source)) AS source,
       toString(any(t.profile)) AS profile, toString(any(t.phase)) AS phase,
       toFloat64(min(${at})) AS first_ms, toFloat64(max(${at})) AS last_ms, toFloat64(count()) AS count,
       groupUniqArrayIf(2)(concat(t.owner, '/', t.session), t.session != '') AS desktops
     FROM ${DATABASE}.events AS t WHERE ${FAILURES} AND signature != '' AND ${where}
     GROUP BY slot, signature ORDER BY slot, first_ms, signature LIMIT 1000000 SETTINGS ${EVALUATION_LIMITS}`,
    { ...params, step: Math.max(1, Math.trunc(stepMs)) },
  )
}

/** Counts, places and an example for each signature within a span, most frequent first. */
export function selectDetails(store: Store, span: Span, select: EventSelect, signatures?: readonly string[]) {
  const { where, params } = inSpan(span)
  const own = signatureOf(span)
  const named = signatures === undefined ? '' : ' AND signature IN {signatures:Array(String)}'
  const chosen = selected(select)
  return store.query<SignatureDetails>(
    `SELECT ${own.sql} AS signature, toString(any(t.rule_id)) AS rule, toFloat64(count()) AS count,
       toFloat64(uniqExactIf((t.owner, t.session), t.session != '')) AS sessions,
       toFloat64(uniqExactIf(t.host, t.host != '')) AS hosts,
       arraySort(groupUniqArrayIf(5)(concat(t.owner, '/', t.session), t.session != '')) AS session_names,
       arraySort(groupUniqArrayIf(5)(toString(t.host), t.host != '')) AS host_names,
       arraySort(groupUniqArrayIf(5)(toString(t.cluster), t.cluster != '')) AS clusters,
       toFloat64(countIf(t.cluster = '')) AS unplaced,
       toFloat64(toUnixTimestamp64Milli(min(t.ts))) AS first_ms, toFloat64(toUnixTimestamp64Milli(max(t.ts))) AS last_ms,
       ${EXAMPLE} AS example, toString(argMax(t.file, t.ts)) AS example_file,
       argMax(t.event_id, t.ts) AS event_id, toString(argMax(t.severity, ${SEVERITY})) AS severity,
       toString(argMax(t.profile, t.ts)) AS profile, argMax(t.captures, t.ts) AS captures
     FROM ${DATABASE}.events AS t WHERE ${FAILURES} AND signature != '' AND ${where} AND ${chosen.sql}${named}
     GROUP BY signature ORDER BY count DESC, signature LIMIT ${MOST_DETAILS} SETTINGS ${EVALUATION_LIMITS}`,
    { ...params, ...own.params, ...chosen.params, ...(signatures === undefined ? {} : { signatures }) },
  )
}

/** A log whose path names no desktop, with events of a signature. */
export type UnnamedDetails = {
  readonly signature: string
  readonly host: string
  readonly file: string
  readonly source: string
}

/** The logs whose paths name no desktop and which have events of these signatures within a span. */
export function selectUnnamedDetails(
  store: Store,
  span: Span,
  select: EventSelect,
  signatures: readonly string[],
): Promise<UnnamedDetails[]> {
  const { where, params } = inSpan(span)
  const own = signatureOf(span)
  const chosen = selected(select)
  return store.query<UnnamedDetails>(
    `SELECT ${own.sql} AS signature, toString(t.host) AS host, toString(t.file) AS file, toString(any(t.source)) AS source
     FROM ${DATABASE}.events AS t
     WHERE t.session = '' AND ${FAILURES} AND signature IN {signatures:Array(String)} AND ${where} AND ${chosen.sql}
     GROUP BY signature, host, file SETTINGS ${EVALUATION_LIMITS}`,
    { ...params, ...own.params, ...chosen.params, signatures },
  )
}

/** Events of each named signature by steps, counted back from the end of a span: 0 is the last step. */
export function selectSteps(
  store: Store,
  span: Span,
  select: EventSelect,
  { signatures, stepMs }: { readonly signatures: readonly string[]; readonly stepMs: number },
) {
  const { at, where, params } = inSpan(span)
  const own = signatureOf(span)
  const chosen = selected(select)
  return store.query<{ readonly signature: string; readonly step: number; readonly count: number }>(
    `SELECT ${own.sql} AS signature, toUInt32(intDiv({to:Int64} - ${at}, {step:Int64})) AS step, toFloat64(count()) AS count
     FROM ${DATABASE}.events AS t
     WHERE ${FAILURES} AND signature IN {signatures:Array(String)} AND ${where} AND ${chosen.sql}
     GROUP BY signature, step SETTINGS ${EVALUATION_LIMITS}`,
    { ...params, ...own.params, ...chosen.params, signatures, step: Math.max(1, Math.trunc(stepMs)) },
  )
}

/** SQL of the id under which an event's signature is counted. */
function signatureOf({ aliases = {} }: Span): { readonly sql: string; readonly params: Params } {
  const others = Object.keys(aliases)
  if (others.length === 0) return { sql: SIGNATURE, params: {} }
  const sql = `transform(toString(${SIGNATURE}), {others:Array(String)}, {owns:Array(String)}, toString(${SIGNATURE}))`
  return { sql, params: { others, owns: Object.values(aliases) } }
}

function selected(select: EventSelect): Condition {
  const { minSeverity, rules, withoutRules, sources, profiles, phases } = select
  return allOf([
    fixed(`${SEVERITY} >= ${Math.trunc(minSeverity) + 1}`),
    ...given('rules', rules, 't.rule_id IN {rules:Array(String)}'),
    ...given('without', withoutRules, 't.rule_id NOT IN {without:Array(String)}'),
    ...given('sources', sources, 't.source IN {sources:Array(String)}'),
    ...given('profiles', profiles, 't.profile IN {profiles:Array(String)}'),
    ...given('phases', phases, 't.phase IN {phases:Array(String)}'),
  ])
}
