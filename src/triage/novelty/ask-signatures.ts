import { z } from 'zod'
import { type AnyRule, rulesById } from '../../interpret/all-rules.ts'
import type { StateRow } from '../../store/signature-state.ts'
import { selectHistory } from '../../store/signature-state.ts'
import type { Library, Page } from '../answers.ts'
import { severitiesFrom } from '../events.ts'
import { limit, severity, text, time } from '../parameters.ts'
import { cursorText, cursorTo } from '../place.ts'
import { findSignature } from './change-state.ts'
import { datedDueRow } from './due-state.ts'
import { type Signature, signaturesNow } from './signatures.ts'
import { STATES, type State } from './state.ts'

/** A signature as commands and the API show it. */
export type SignatureJson = {
  readonly id: string
  readonly kind: 'rule' | 'template'
  readonly title: string
  readonly severity: string
  readonly first_seen: string
  readonly last_seen: string
  readonly count: number
  readonly sessions: number
  readonly hosts: number
  readonly state: State
  readonly escalating: boolean
  /** Is it worth reporting: more than a single event, and not there from the start? */
  readonly novel: boolean
  readonly rank: number
  /** Counts of the last 24 hours, oldest first. */
  readonly trend: readonly number[]
  readonly profiles: readonly string[]
  readonly example: string
  /** The rule that explains the template by now. */
  readonly rule_id?: string
  /** Other ids of the same template, if its events have several. */
  readonly aliases?: readonly string[]
  readonly until?: string
  readonly below?: number
  readonly note?: string
}

/** A signature with everything known about it. */
export type SignatureDetail = SignatureJson & {
  readonly explain?: string
  readonly remedy?: AnyRule['remedy']
  readonly examples: readonly string[]
  readonly desktops: readonly string[]
  readonly history: readonly HistoryJson[]
}

/** One step in the history of a signature. */
export type HistoryJson = {
  readonly at: string
  readonly action: string
  readonly state: string
  readonly author?: string
  readonly note?: string
  readonly until?: string
  readonly below?: number
}

/** The position of a signature in the list: by state, novelty, rank, count and id. */
const SignaturePlace = z.tuple([z.int(), z.int(), z.number(), z.number(), z.string()])
type SignaturePlace = z.infer<typeof SignaturePlace>

export const SIGNATURES = z.strictObject({
  id: text.optional(),
  kind: z.enum(['rule', 'template'], 'must be rule or template').optional(),
  state: z.enum(STATES, `must be one of ${STATES.join(', ')}`).optional(),
  severity: severity
    .optional()
    .describe('at or above it; warning if no id is given, since notes (info) are not failures'),
  q: text.optional(),
  from: time.optional(),
  to: time.optional(),
  limit: limit.default(1000),
  cursor: cursorTo('signatures', SignaturePlace).optional(),
})

const MAX_SHOWN_DESKTOPS = 20

/** Signatures in order of attention: new and regressed ones first, then those of failed desktops, then frequent ones. */
export async function askSignatures(
  ask: z.infer<typeof SIGNATURES>,
  library: Library,
): Promise<Page<SignatureJson>> {
  const all = await signaturesNow({ from: ask.from, to: ask.to }, library)
  const wanted = all.filter((signature) => isWanted(signature, ask)).sort(byAttention)
  const { cursor } = ask
  const rest =
    cursor === undefined ? wanted : wanted.filter((signature) => compared(placeOf(signature), cursor) > 0)
  const shown = rest.slice(0, ask.limit)
  const items = shown.map(signatureJson)
  const last = shown.at(-1)
  return rest.length <= ask.limit || last === undefined
    ? { items }
    : { items, next: cursorText('signatures', placeOf(last)) }
}

/** Everything known about one signature; undefined if there is none of this id. */
export async function signatureDetail(id: string, library: Library): Promise<SignatureDetail | undefined> {
  const signature = findSignature(await signaturesNow({}, library), id)
  if (signature === undefined) return undefined
  const rule = rulesById(library.rules).get(signature.ruleId ?? '')
  const stored = await selectHistory(library.store, [...new Set([signature.id, ...signature.ids])])
  // Its next step is written down within minutes; until then it is shown as if it were.
  const due = await datedDueRow(signature, library)
  const history = due === undefined ? stored : [...stored, due]
  return {
    ...signatureJson(signature),
    ...(rule?.explain === undefined ? {} : { explain: rule.explain }),
    ...(rule === undefined ? {} : { remedy: rule.remedy }),
    examples: signature.examples,
    desktops: signature.desktops.slice(0, MAX_SHOWN_DESKTOPS),
    history: history.map(historyJson),
  }
}

function isWanted(
  signature: Signature,
  { id, kind, state, severity: least, q }: z.infer<typeof SIGNATURES>,
): boolean {
  if (id !== undefined && signature.id !== id && !signature.ids.includes(id)) return false
  if (kind !== undefined && signature.seen.kind !== kind) return false
  if (state !== undefined && signature.state.state !== state) return false
  const counted = severitiesFrom(least ?? (id === undefined ? 'warning' : 'info'))
  if (counted?.every((one) => one !== signature.severity) === true) return false
  const needle = q?.toLowerCase()
  const texts = [signature.id, signature.title, signature.example]
  return needle === undefined || texts.some((shown) => shown.toLowerCase().includes(needle))
}

const URGENCY: readonly State[] = ['regressed', 'new', 'acknowledged', 'known', 'ignored', 'resolved']

function byAttention(a: Signature, b: Signature): number {
  return compared(placeOf(a), placeOf(b))
}

function placeOf({ id, state, novel, rank, seen }: Signature): SignaturePlace {
  return [URGENCY.indexOf(state.state), Number(novel), rank, seen.count, id]
}

function compared(
  [urgencyA, novelA, rankA, countA, idA]: SignaturePlace,
  [urgencyB, novelB, rankB, countB, idB]: SignaturePlace,
): number {
  const byNumbers = urgencyA - urgencyB || novelB - novelA || rankB - rankA || countB - countA
  return byNumbers || (idA < idB ? -1 : idA > idB ? 1 : 0)
}

/** A signature with the keys of the API and of `--json`; times are ISO 8601. What is not known of it is left out. */
export function signatureJson(signature: Signature): SignatureJson {
  const { id, ids, title, severity, seen, state, stored, ruleId } = signature
  return {
    ...{
      id,
      kind: seen.kind,
      title,
      severity,
      first_seen: signature.firstSeen,
      last_seen: signature.lastSeen,
    },
    ...{ count: seen.count, sessions: seen.sessions, hosts: signature.hosts },
    ...{ state: state.state, escalating: state.escalating, novel: signature.novel, rank: signature.rank },
    ...{ trend: seen.hours, profiles: signature.profiles, example: signature.example },
    ...(seen.kind === 'template' && ruleId !== undefined ? { rule_id: ruleId } : {}),
    ...(ids.length > 1 ? { aliases: ids } : {}),
    ...(state.untilMs === undefined ? {} : { until: new Date(state.untilMs).toISOString() }),
    ...(state.below === undefined ? {} : { below: state.below }),
    ...(stored === undefined || stored.note === '' ? {} : { note: stored.note }),
  }
}

function historyJson({ atMs, action, state, author, note, untilMs, below }: StateRow): HistoryJson {
  return {
    ...{ at: new Date(atMs).toISOString(), action, state },
    ...(author === '' ? {} : { author }),
    ...(note === '' ? {} : { note }),
    ...(untilMs === 0 ? {} : { until: new Date(untilMs).toISOString() }),
    ...(below === 0 ? {} : { below }),
  }
}
