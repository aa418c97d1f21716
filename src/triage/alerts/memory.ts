import { severityRank } from '../../severity.ts'
import { type SignatureSpan, selectSignatures } from '../../store/alert-query.ts'
import type { Arrival, Span } from '../../store/alert-span.ts'
import type { Store } from '../../store/client.ts'
import { type SeenValue, selectFirstLine, selectInstalled } from '../../store/first-seen-query.ts'
import { NOVELTY } from '../novelty/state.ts'
import { LEAST_AWAY_MS } from './alert-rule.ts'
import { type Unified, unifiedTemplates } from './unified-templates.ts'

/** A signature, as seen so far. Times are ms. */
export type KnownSignature = {
  readonly kind: 'rule' | 'template'
  readonly rule: string
  /** The worst severity so far. */
  readonly severity: string
  readonly source: string
  readonly profile: string
  readonly phase: string
  readonly first: number
  readonly last: number
  /** The number of its events and its desktops, until they are enough for a notice; and when they were. */
  readonly count?: number
  readonly desktops?: readonly string[]
  readonly enough?: number
  /** When it last came back after a long absence, and how long the absence was. */
  readonly returned?: number
  readonly away?: number
}

/** What evaluation remembers so that it reads each event only once, however long history grows. */
export type Memory = {
  /** Everything up to this time is included. */
  readonly toMs: number
  /** The time of the first line in the store; absent if there is none. */
  readonly sinceMs?: number
  readonly signatures: Readonly<Record<string, KnownSignature>>
  /** When each installed thing was first seen, by `kind|cluster|value`. */
  readonly installed: Readonly<Record<string, number>>
} & Partial<Unified>

export const NO_MEMORY: Memory = { toMs: 0, signatures: {}, installed: {} }

/** Reads the events since the end of the memory (or all of them) up to `toMs`. */
export async function learn(
  memory: Memory | undefined,
  store: Store,
  { toMs, arrival }: { readonly toMs: number; readonly arrival: Arrival },
): Promise<Memory> {
  const before = memory ?? NO_MEMORY
  const span: Span = { fromMs: before.toMs, toMs, arrival }
  const signatures = await selectSignatures(store, span)
  const installed = await selectInstalled(store, span)
  const sinceMs = before.sinceMs ?? (await selectFirstLine(store, arrival))
  // Only a template that was not known before can show that other ids are the same.
  const isStrange = signatures.some(
    ({ kind, signature }) => kind === 'template' && !isKnown(before, signature),
  )
  const unified = isStrange ? await unifiedTemplates(store, before.signatures) : undefined
  return remembering(before, { toMs, signatures, installed, sinceMs, unified })
}

function isKnown({ signatures, aliases = {} }: Memory, id: string): boolean {
  return id in signatures || id in aliases
}

/** What was read after the end of a memory. */
export type News = {
  readonly toMs: number
  readonly signatures: readonly SignatureSpan[]
  readonly installed: readonly SeenValue[]
  readonly sinceMs: number | undefined
  /** Absent if there are no templates but known ones. */
  readonly unified?: Unified | undefined
}

/** The memory, extended by what was read since. */
export function remembering(before: Memory, { toMs, signatures, installed, sinceMs, unified }: News): Memory {
  const { aliases = {}, templates = {} } = unified ?? before
  const known = unified === undefined ? before.signatures : joined(before.signatures, aliases)
  return {
    toMs,
    ...(sinceMs === undefined || sinceMs > toMs ? {} : { sinceMs }),
    signatures: withSignatures(known, signatures, aliases),
    installed: withInstalled(before.installed, installed),
    ...{ aliases, templates },
  }
}

function withSignatures(
  known: Memory['signatures'],
  spans: readonly SignatureSpan[],
  aliases: Unified['aliases'],
): Memory['signatures'] {
  if (spans.length === 0) return known
  const all = { ...known }
  for (const span of spans) {
    const id = aliases[span.signature] ?? span.signature
    all[id] = seenAgain(all[id], span)
  }
  return all
}

/** Merges what was known under ids that turned out to be the same template. */
function joined(known: Memory['signatures'], aliases: Unified['aliases']): Memory['signatures'] {
  if (!Object.keys(known).some((id) => id in aliases)) return known
  const all: Record<string, KnownSignature> = {}
  for (const [id, one] of Object.entries(known)) {
    const keptId = aliases[id] ?? id
    const other = all[keptId]
    all[keptId] = other === undefined ? one : other.first <= one.first ? both(other, one) : both(one, other)
  }
  return all
}

function both(elder: KnownSignature, younger: KnownSignature): KnownSignature {
  const count = (elder.count ?? 0) + (younger.count ?? 0)
  const desktops = [...new Set([...(elder.desktops ?? []), ...(younger.desktops ?? [])])]
  const last = Math.max(elder.last, younger.last)
  const enough = Math.min(
    elder.enough ?? Number.POSITIVE_INFINITY,
    younger.enough ?? Number.POSITIVE_INFINITY,
    isEnough(count, desktops) ? last : Number.POSITIVE_INFINITY,
  )
  const severity = isWorse(younger.severity, elder.severity) ? younger.severity : elder.severity
  return { ...elder, last, severity, count, ...(Number.isFinite(enough) ? { enough } : { desktops }) }
}

function isWorse(severity: string, than: string): boolean {
  return severityRank(severity) > severityRank(than)
}

function seenAgain(known: KnownSignature | undefined, span: SignatureSpan): KnownSignature {
  const { kind, rule, severity, source, profile, phase, first_ms, last_ms } = span
  if (known === undefined) {
    const seen = { kind, rule, severity, source, profile, phase, first: first_ms, last: last_ms }
    // What a rule knows is reported at once.
    return kind === 'template' ? { ...seen, ...countedUp(span) } : seen
  }
  const away = first_ms - known.last
  return {
    ...known,
    ...(isWorse(severity, known.severity) ? { severity } : {}),
    first: Math.min(known.first, first_ms),
    last: Math.max(known.last, last_ms),
    ...(known.count === undefined || known.enough !== undefined ? {} : countedUp(span, known)),
    ...(away >= LEAST_AWAY_MS ? { returned: first_ms, away } : {}),
  }
}

/** Counts until the template is more than a single event. */
function countedUp(
  span: SignatureSpan,
  before: Pick<KnownSignature, 'count' | 'desktops'> = {},
): Pick<KnownSignature, 'count' | 'desktops' | 'enough'> {
  const count = (before.count ?? 0) + span.count
  const desktops = [...new Set([...(before.desktops ?? []), ...span.desktops])].slice(0, NOVELTY.minSessions)
  return isEnough(count, desktops) ? { count, enough: span.last_ms } : { count, desktops }
}

function isEnough(count: number, desktops: readonly string[]): boolean {
  return count >= NOVELTY.minCount || desktops.length >= NOVELTY.minSessions
}

/** The parts of an installed thing's key. */
function installedKey({ kind, cluster, value }: Omit<SeenValue, 'first_ms'>): string {
  return [kind, cluster, value].join('|')
}

function withInstalled(known: Memory['installed'], seen: readonly SeenValue[]): Memory['installed'] {
  if (seen.every((value) => installedKey(value) in known)) return known
  const all = { ...known }
  for (const value of seen) all[installedKey(value)] ??= value.first_ms
  return all
}
