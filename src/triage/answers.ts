import { z } from 'zod'
import { type EventJson, withoutUnknown } from '../event-json.ts'
import type { RuleSet } from '../interpret/load-rules.ts'
import { SEVERITIES } from '../model.ts'
import type { Generations } from '../product-versions.ts'
import type { Store } from '../store/client.ts'
import { type CoverageRow, selectCoverage } from '../store/coverage-query.ts'
import { type EventCursor, type EventRowJson, selectLines, selectVerdicts } from '../store/event-query.ts'
import { selectTrends } from '../store/trend-query.ts'
import { askDiagnosis, knowingOf } from './diagnosis/ask-diagnosis.ts'
import type { DiagnosisJson } from './diagnosis/diagnose.ts'
import type { PhaseModel } from './diagnosis/phase-model.ts'
import { STATUSES } from './diagnosis/status.ts'
import { askSignatures, SIGNATURES, type SignatureJson } from './novelty/ask-signatures.ts'
import { flag, limit, NOT_OURS, rowCursor, text, time } from './parameters.ts'
import { askSessions, type SessionJson } from './sessions.ts'
import { answerStored, isStoredQuestion, STORED_QUESTIONS, type StoredItem } from './stored-questions.ts'
import { timelineOf } from './timeline.ts'

/** Answers come in pages: `next` is the cursor of the following one. */
export type Page<Item> = { readonly items: readonly Item[]; readonly next?: string }

export type TrendJson = {
  readonly bucket: string
  readonly rule_id: string
  readonly title: string
  readonly severity: string
  readonly count: number
  readonly sessions: number
  readonly hosts: number
}

const session = text.regex(/^[^/]+\/.+$/, 'must be owner/name')
/** Place of the last row of a page: its time, file, generation and offset. */
const placeSchema = z.tuple([
  z.iso.datetime({ precision: 6 }),
  z.string(),
  z.int().min(0).max(0xffff_ffff),
  z.int().min(0),
])
const eventCursor = text.transform((value, context): EventCursor => {
  const place = placeSchema.safeParse(parsedCursor(value))
  if (!place.success) {
    context.addIssue(NOT_OURS)
    return z.NEVER
  }
  const [ts, fileId, generation, offset] = place.data
  return { micros: microsOf(ts), fileId, generation, offset: String(offset) }
})

/** Parameters of each question: the same for the command line and the API. */
export const QUESTIONS = {
  sessions: z.strictObject({
    owner: text.optional(),
    from: time.optional(),
    to: time.optional(),
    limit: limit.default(1000),
    cursor: rowCursor.optional(),
  }),
  timeline: z.strictObject({
    session,
    from: time.optional(),
    to: time.optional(),
    all: flag.default(false),
    source: text.optional(),
    severity: z.enum(SEVERITIES, `must be one of ${SEVERITIES.join(', ')}`).optional(),
    limit: limit.default(1000),
    cursor: eventCursor.optional(),
  }),
  trends: z.strictObject({
    bucket: z.enum(['5m', '15m', '1h', '1d'], 'must be 5m, 15m, 1h or 1d').default('1h'),
    from: time.optional(),
    to: time.optional(),
    rule: text.optional(),
    session: session.optional(),
    milestones: flag.default(false),
  }),
  search: z.strictObject({
    text,
    session: session.optional(),
    host: text.optional(),
    source: text.optional(),
    from: time.optional(),
    to: time.optional(),
    limit: limit.default(100),
    cursor: eventCursor.optional(),
  }),
  diagnose: z.strictObject({
    session: session.optional(),
    status: z.enum(STATUSES, `must be one of ${STATUSES.join(', ')}`).optional(),
    from: time.optional(),
  }),
  signatures: SIGNATURES,
  coverage: z.strictObject({ from: time.optional(), to: time.optional() }),
  ...STORED_QUESTIONS,
} as const

export type Question = keyof typeof QUESTIONS
export type AnswerItem =
  | SessionJson
  | EventJson
  | TrendJson
  | CoverageRow
  | DiagnosisJson
  | SignatureJson
  | StoredItem

const BUCKET_MINUTES = { '5m': 5, '15m': 15, '1h': 60, '1d': 1440 } as const

/** What answering needs. */
export type Library = {
  readonly store: Store
  readonly rules: RuleSet
  readonly phases: () => readonly PhaseModel[]
  readonly generations: Generations
  readonly nowMs: number
}

/** Answers a question whose parameters have the shape that QUESTIONS says; the objects are those of `--json`. */
export async function answer(
  question: Question,
  params: Readonly<Record<string, unknown>>,
  library: Library,
): Promise<Page<AnswerItem>> {
  if (isStoredQuestion(question)) return answerStored(question, params, library.store)
  switch (question) {
    case 'sessions':
      return askSessions(QUESTIONS.sessions.parse(params), library)
    case 'timeline':
      return askTimeline(QUESTIONS.timeline.parse(params), library)
    case 'trends':
      return askTrends(QUESTIONS.trends.parse(params), library)
    case 'search':
      return askSearch(QUESTIONS.search.parse(params), library)
    case 'diagnose':
      return {
        items: await askDiagnosis(QUESTIONS.diagnose.parse(params), library.store, knowingOf(library)),
      }
    case 'signatures':
      return askSignatures(QUESTIONS.signatures.parse(params), library)
    case 'coverage':
      return { items: await selectCoverage(library.store, QUESTIONS.coverage.parse(params)) }
  }
}

/** What is wrong with a parameter, in the words of who gave it. */
export type ParameterFault = { readonly name: string; readonly text: string }

/** The first fault of parameters that are not what QUESTIONS says; undefined for any other error. */
export function parameterFault(error: unknown): ParameterFault | undefined {
  if (!(error instanceof z.ZodError)) return undefined
  const [issue] = error.issues
  if (issue?.code === 'unrecognized_keys') return { name: issue.keys[0] ?? '', text: 'is not asked for here' }
  return { name: issue?.path.join('.') ?? '', text: issue?.message ?? '' }
}

/** Splits `owner/name`; a name may hold a slash, an owner may not. */
function sessionParts(value: string): { readonly owner: string; readonly session: string } {
  const slash = value.indexOf('/')
  return { owner: value.slice(0, slash), session: value.slice(slash + 1) }
}

async function askTimeline(
  ask: z.infer<typeof QUESTIONS.timeline>,
  { store }: Library,
): Promise<Page<EventJson>> {
  if (!ask.all) {
    const events = await timelineOf(ask, store)
    return pageOf(ask.cursor === undefined ? events : after(events, ask.cursor), ask.limit)
  }
  const filter = { ...sessionParts(ask.session), source: ask.source, from: ask.from, to: ask.to }
  const page = { limit: ask.limit + 1, after: ask.cursor }
  return pageOf(await withVerdicts(store, await selectLines(store, filter, page)), ask.limit)
}

/** The events behind the one that a page ended with. */
function after(events: readonly EventJson[], cursor: EventCursor): EventJson[] {
  const last = events.findLastIndex(
    ({ ts, file_id, generation, offset }) =>
      microsOf(ts) === cursor.micros &&
      file_id === cursor.fileId &&
      generation === cursor.generation &&
      String(offset) === cursor.offset,
  )
  return events.slice(last + 1)
}

async function askSearch(
  ask: z.infer<typeof QUESTIONS.search>,
  { store }: Library,
): Promise<Page<EventJson>> {
  const place = ask.session === undefined ? {} : sessionParts(ask.session)
  const filter = { ...place, host: ask.host, source: ask.source, text: ask.text, from: ask.from, to: ask.to }
  const page = { limit: ask.limit + 1, after: ask.cursor, newestFirst: true }
  return pageOf(await withVerdicts(store, await selectLines(store, filter, page)), ask.limit)
}

async function askTrends(
  ask: z.infer<typeof QUESTIONS.trends>,
  { store, rules }: Library,
): Promise<Page<TrendJson>> {
  const titles = new Map(rules.rules.map((rule) => [rule.id, rule.title]))
  const place = ask.session === undefined ? {} : sessionParts(ask.session)
  const rows = await selectTrends(store, { ...ask, ...place, bucketMinutes: BUCKET_MINUTES[ask.bucket] })
  const items = rows.map(({ bucket, rule_id, kind, severity, count, sessions, hosts }) => ({
    bucket,
    rule_id,
    title: titles.get(rule_id) ?? (kind === 'unknown' ? 'Failures that no rule explains' : rule_id),
    severity,
    count,
    sessions,
    hosts,
  }))
  return { items }
}

/** Lines that a rule speaks of are shown as what they are: one row per rule. */
async function withVerdicts(store: Store, lines: readonly EventRowJson[]): Promise<EventRowJson[]> {
  const verdicts = await selectVerdicts(
    store,
    lines.map((line) => String(line['event_id'])),
  )
  const byId = new Map<unknown, EventRowJson[]>()
  for (const verdict of verdicts)
    byId.set(verdict['event_id'], [...(byId.get(verdict['event_id']) ?? []), verdict])
  return lines.flatMap((line) =>
    (byId.get(line['event_id']) ?? [{}]).map((verdict) => ({ ...line, ...verdict })),
  )
}

function pageOf(rows: readonly EventRowJson[], limit: number): Page<EventJson> {
  const ids = [...new Set(rows.map((row) => `${row['event_id']}`))]
  const lastId = ids[limit - 1]
  if (ids.length <= limit || lastId === undefined) return { items: rows.map(withoutUnknown) }
  const wanted = new Set(ids.slice(0, limit))
  const shown = rows.filter((row) => wanted.has(`${row['event_id']}`))
  return { items: shown.map(withoutUnknown), next: writeCursor(shown.at(-1) ?? {}) }
}

function writeCursor(row: EventRowJson): string {
  const place = [row['ts'], row['file_id'], row['generation'], row['offset']]
  return Buffer.from(JSON.stringify(place)).toString('base64url')
}

/** Undefined for what is no JSON; the schema says what else it must be. */
function parsedCursor(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}

/** Microseconds of `2026-01-02T03:04:05.123456Z`, as text: they do not pass through a double. */
function microsOf(ts: string): string {
  const seconds = Date.parse(`${ts.slice(0, 19)}Z`) / 1000
  return `${BigInt(seconds) * 1_000_000n + BigInt(ts.slice(20, 26))}`
}
