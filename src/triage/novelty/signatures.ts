import { type AnyRule, rulesById } from '../../interpret/all-rules.ts'
import { tellingLine } from '../../interpret/template/telling-line.ts'
import { worstFirst } from '../../severity.ts'
import { selectDesktops } from '../../store/session-query.ts'
import {
  type SeenRow,
  type StartRow,
  selectHours,
  selectSeen,
  selectStarts,
  selectUnnamed,
} from '../../store/signature-query.ts'
import { type StateRow, selectStates } from '../../store/signature-state.ts'
import type { Library } from '../answers.ts'
import { DiagnosisCache } from '../sessions/diagnosis-cache.ts'
import { desktopsOf } from '../sessions/machine-desktops.ts'
import { type ExplainingRule, explaining } from './explained.ts'
import { keyOf, summed, trendsOf } from './hour-trends.ts'
import { mergedTemplates } from './merged-templates.ts'
import { isNovel, NOVELTY, type Seen, type SignatureState, step } from './state.ts'
import { newestState, stateOf } from './stored-decision.ts'

/** A known failure (a rule) or an unknown one (a template), with what is stored about it. */
export type Signature = {
  readonly id: string
  /** Other ids of the same template. */
  readonly ids: readonly string[]
  readonly title: string
  readonly severity: string
  readonly firstSeen: string
  readonly lastSeen: string
  readonly example: string
  readonly examples: readonly string[]
  readonly hosts: number
  readonly profiles: readonly string[]
  readonly desktops: readonly string[]
  /** The rule that explains it. */
  readonly ruleId?: string
  readonly seen: Seen
  readonly state: SignatureState
  /** The newest stored decision about it. */
  readonly stored?: StateRow
  readonly novel: boolean
  /** Share of its desktops that failed, lowered if there are few: from 0 up to 1. */
  readonly rank: number
}

export type SignatureFilter = { readonly from?: string | undefined; readonly to?: string | undefined }

/** If no start time is given, desktops of this many days are looked at. */
const DESKTOP_DAYS = 7
const DAY_MS = 86_400_000

/** All signatures with their current states; writes nothing. */
export async function signaturesNow(filter: SignatureFilter, library: Library): Promise<Signature[]> {
  const { store, nowMs, learnMs } = library
  const to = filter.to ?? new Date(nowMs).toISOString()
  const [rows, hours, starts, states, failed, ofMachines] = await Promise.all([
    selectSeen(store, filter),
    selectHours(store, to),
    selectStarts(store),
    selectStates(store),
    failedDesktops(filter, library),
    desktopsOfMachines(filter, library),
  ])
  const rules = rulesById(library.rules)
  const general = new Set(library.rules.rules.flatMap((rule) => (rule.general ? rule.id : [])))
  const trends = trendsOf(hours)
  const context: Context = {
    rules,
    explaining: explaining(library.rules.rules),
    trends,
    starts,
    states: new Map(states.map((row) => [row.id, row])),
    failed,
    ofMachines,
    nowMs,
    learnMs,
  }
  const isTemplate = (row: SeenRow) => row.template_id !== ''
  const ofRules = rows.filter((row) => !isTemplate(row) && row.rule_id !== '' && !general.has(row.rule_id))
  const templates = mergedTemplates(rows.filter(isTemplate))
  return [
    ...ofRules.map((row) => {
      const title = rules.get(row.rule_id)?.title ?? row.rule_id
      return signatureOf({ kind: 'rule', id: row.rule_id, ids: [row.rule_id], title, rows: [row] }, context)
    }),
    ...templates.map(({ template, ...rest }) =>
      signatureOf({ kind: 'template', title: template, ...rest }, context),
    ),
  ]
}

type Context = {
  readonly rules: ReadonlyMap<string, AnyRule>
  readonly explaining: ExplainingRule
  readonly trends: ReadonlyMap<string, readonly number[]>
  readonly starts: readonly StartRow[]
  readonly states: ReadonlyMap<string, StateRow>
  readonly failed: ReadonlySet<string>
  /** By rule and template: the desktops in whose machines' logs they occur. */
  readonly ofMachines: ReadonlyMap<string, ReadonlySet<string>>
  readonly nowMs: number
  readonly learnMs: number
}

type Found = Pick<Signature, 'id' | 'ids' | 'title'> & {
  readonly kind: Seen['kind']
  readonly rows: readonly SeenRow[]
}

function signatureOf({ kind, rows, ...named }: Found, context: Context): Signature {
  const newest = rows.reduce((a, b) => (b.last_seen > a.last_seen ? b : a))
  const profiles = unique(rows.flatMap((row) => row.profiles))
  const desktops = desktopsIn(rows, context)
  const firstSeen = rows.map((row) => row.first_seen).sort()[0] ?? ''
  const failedSessions = desktops.filter((desktop) => context.failed.has(desktop)).length
  const message = newest.examples[0] ?? ''
  const { level, source } = newest
  const rule =
    kind === 'template'
      ? context.explaining({ message, level, source, profiles })
      : context.rules.get(named.id)
  // The names of a row are limited, its number is not.
  const sessions = Math.max(rows.length === 1 ? newest.sessions : 0, desktops.length)
  const seen: Seen = {
    kind,
    firstMs: Date.parse(firstSeen),
    lastMs: Date.parse(newest.last_seen),
    count: rows.reduce((total, { count }) => total + count, 0),
    sessions,
    failedSessions,
    explained: rule !== undefined,
    baseline: isBaseline(rows, context),
    hours: summed(rows.map((row) => context.trends.get(keyOf(row)) ?? [])),
  }
  const stored = newestState(named.ids, context.states)
  const state = step(stored && stateOf(stored), seen, context.nowMs, NOVELTY)
  return {
    ...named,
    severity: rows.map((row) => row.severity).sort(worstFirst)[0] ?? '',
    ...{ firstSeen, lastSeen: newest.last_seen, profiles, desktops, seen, state },
    examples: rows.flatMap((row) => row.examples),
    example: tellingLine(message),
    hosts: Math.max(...rows.map((row) => row.hosts)),
    ...(rule === undefined ? {} : { ruleId: rule.id }),
    ...(stored === undefined ? {} : { stored }),
    novel: isNovel(seen, NOVELTY),
    rank: Math.round((100 * failedSessions) / (sessions + 1)) / 100,
  }
}

/** The desktops in whose logs, or in whose machines' logs, any of these rows occurs. */
function desktopsIn(rows: readonly SeenRow[], { ofMachines }: Context): string[] {
  return unique(rows.flatMap((row) => [...row.desktops, ...(ofMachines.get(keyOf(row)) ?? [])]))
}

/** Did it first appear while its kind of file was still being learnt, in a generation with that kind? */
function isBaseline(rows: readonly SeenRow[], { starts, learnMs }: Context): boolean {
  return rows.some((row) => {
    const known = starts.filter(
      ({ source, profile }) => source === row.source && row.profiles.includes(profile),
    )
    return known.some((start) => Date.parse(row.first_seen) - Date.parse(start.first_seen) < learnMs)
  })
}

/** Desktops of the last days with a failed attempt. */
async function failedDesktops({ from }: SignatureFilter, library: Library): Promise<ReadonlySet<string>> {
  const since = from ?? new Date(library.nowMs - DESKTOP_DAYS * DAY_MS).toISOString()
  const rows = await selectDesktops(library.store, since)
  const names = rows.map(({ owner, name }) => `${owner}/${name}`)
  const found = await (library.diagnosisCache ?? new DiagnosisCache()).of(names, library)
  const failed = [...found].filter(([, attempts]) => attempts.some(({ status }) => status === 'failed'))
  return new Set(failed.map(([name]) => name))
}

/** The desktops in whose machines' logs, of which no path names them, each rule and template occurs. */
async function desktopsOfMachines(
  filter: SignatureFilter,
  library: Library,
): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  const rows = await selectUnnamed(library.store, filter)
  const find = await desktopsOf(rows, library)
  const found = new Map<string, Set<string>>()
  for (const row of rows) {
    const known = found.get(keyOf(row)) ?? new Set()
    for (const desktop of find(row)) known.add(desktop)
    found.set(keyOf(row), known)
  }
  return found
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort()
}
