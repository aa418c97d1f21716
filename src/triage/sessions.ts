import { z } from 'zod'
import { type SessionRow, selectSessions } from '../store/session-query.ts'
import type { Library, Page } from './answers.ts'
import type { DiagnosisJson } from './diagnosis/diagnose.ts'
import type { Status } from './diagnosis/status.ts'
import { nameOf } from './diagnosis/story.ts'
import type { WaitJson } from './diagnosis/waiting.ts'
import { machineRows, withMachine } from './machine-rows.ts'
import { limit, status, text, time } from './parameters.ts'
import { cursorText, cursorTo, microsOf, SessionPlace } from './place.ts'
import { portalRows, silentDesktops, withPortalState } from './portal/portal-desktops.ts'
import { asksPortal, PORTAL_PARAMETERS } from './portal/portal-filter.ts'
import { requestedDesktops } from './requested.ts'
import { type AskStandings, Standings } from './standings.ts'

export type SessionJson = {
  readonly session: string
  readonly cluster: string
  readonly owner: string
  readonly name: string
  readonly attempts: number
  readonly host: string
  readonly profile: string
  readonly os: 'linux' | 'windows'
  readonly status: Status
  readonly phase: string
  readonly first_seen: string
  readonly last_seen: string
  readonly failures: number
  readonly last_rule_id: string
  /** What is wrong, if something is. */
  readonly verdict_title?: string
  /** Of one that is stalled: what it waits for. */
  readonly waits_for?: WaitJson
  /** The portal's own word, or `inactive`. */
  readonly portal_state?: string
}

/** Parameters of sessions. */
export const SESSIONS = z.strictObject({
  owner: text.optional().describe('only desktops of this user'),
  status: status.optional(),
  q: text.optional().describe('part of the desktop, its host, its phase or what is wrong with it'),
  ...PORTAL_PARAMETERS,
  from: time.optional(),
  to: time.optional(),
  limit: limit.default(1000),
  cursor: cursorTo(SessionPlace).optional(),
})

export type SessionAsk = z.infer<typeof SESSIONS>

/** How a desktop stands is not stored: to find some by that, so many are looked at. */
const LOOKED_AT = 100_000

/**
 * Desktops, and hosts of which no desktop is known, the one with the newest line first; how they stand is what a diagnosis
 * says of their last attempt.
 */
export async function askSessions(ask: SessionAsk, library: Library): Promise<Page<SessionJson>> {
  return (await askStandings(ask, library)).page
}

/** A page of desktops, and what gives the diagnosis of the last attempt of each. */
export async function askStandings(
  ask: SessionAsk,
  given: Library,
): Promise<{ readonly page: Page<SessionJson>; readonly lastOf: LastOf }> {
  const portal = await portalRows(ask, given)
  // What one part of the answer has found out another need not.
  const library = { ...given, standings: given.standings ?? new Standings() }
  const isSifted = ask.status !== undefined || ask.q !== undefined || asksPortal(ask)
  const rows = await selectSessions(library.store, {
    ...{ owner: ask.owner, from: ask.from, to: ask.to, after: afterOf(ask.cursor) },
    limit: isSifted ? LOOKED_AT : ask.limit + 1,
  })
  const looked = isSifted ? rows : rows.slice(0, ask.limit)
  const isEnd = looked.length === rows.length
  const span: Span = { after: ask.cursor, last: isEnd ? undefined : looked.at(-1) }
  const machines = await machineRows(ask, library)
  const allRequested = (await requestedDesktops(ask, library)).map((row) =>
    withMachine(row, machines.get(nameOf(row))),
  )
  const requested = new Set(allRequested.map(nameOf))
  const alone = [...machines].filter(([name]) => !requested.has(name)).map(([, row]) => row)
  const others = [...allRequested, ...alone].filter(
    (row) => isWithin(row, span) && (ask.owner === undefined || row.owner === ask.owner),
  )
  const lastOf = await lastsOf([...looked, ...others], library)
  const diagnosisOf = (row: SessionRow) => lastOf({ session: nameOf(row), cluster: row.cluster })
  // What was read as a name may be none.
  const isNone = (row: SessionRow) => isWithin(row, span) && diagnosisOf(row) === undefined
  const known = [...looked, ...others.filter((row) => !isNone(row))]
    .map((row) => sessionJson(row, diagnosisOf(row)))
    .map((one) => withPortalState(one, portal))
  const named = new Set([...allRequested, ...alone].filter((row) => !isNone(row)).map(nameOf))
  const silent = (await silentDesktops(portal, ask, library)).filter(
    (one) => !named.has(one.session) && isWithin(one, span),
  )
  const found = [...known, ...silent]
    .filter((one) => isAskedFor(one, ask) && (!asksPortal(ask) || one.portal_state !== undefined))
    .sort((a, b) => comparePlaces(placeOf(a), placeOf(b)))
  const items = found.slice(0, ask.limit)
  const last = items.at(-1)
  const isMore = found.length > ask.limit || !isEnd
  if (!isMore || last === undefined) return { page: { items }, lastOf }
  return { page: { items, next: cursorText(placeOf(last)) }, lastOf }
}

function isAskedFor(one: SessionJson, { status: wanted, q }: SessionAsk): boolean {
  if (wanted !== undefined && one.status !== wanted) return false
  if (q === undefined) return true
  const { session, host, phase, last_rule_id, verdict_title = '' } = one
  const part = q.toLowerCase()
  return [session, host, phase, last_rule_id, verdict_title].some((word) => word.toLowerCase().includes(part))
}

type Place = z.infer<typeof SessionPlace>

function placeOf(one: Pick<SessionRow, 'last_seen' | 'cluster' | 'owner' | 'name' | 'host'>): Place {
  const { last_seen, cluster, owner, name, host } = one
  return [last_seen, cluster, owner, owner === '' ? host : name]
}

/** The newest line first, as the store sorts them. */
function comparePlaces([lastA, ...namesA]: Place, [lastB, ...namesB]: Place): number {
  if (lastA !== lastB) return lastA < lastB ? 1 : -1
  for (const [i, name] of namesA.entries()) {
    const other = namesB[i] ?? ''
    if (name !== other) return name < other ? -1 : 1
  }
  return 0
}

/** What a page may hold: what stands behind the end of the page before, and not behind the last desktop that was read. */
type Span = { readonly after: Place | undefined; readonly last: SessionRow | undefined }

function isWithin(one: SessionRow | SessionJson, { after, last }: Span): boolean {
  const place = placeOf(one)
  return (
    (after === undefined || comparePlaces(place, after) > 0) &&
    (last === undefined || comparePlaces(place, placeOf(last)) <= 0)
  )
}

function afterOf(place: SessionAsk['cursor']) {
  if (place === undefined) return undefined
  const [lastSeen, cluster, owner, name] = place
  return { micros: microsOf(lastSeen), cluster, owner, name }
}

/** The diagnosis of the last attempt of a desktop: of its own cluster, where another has one of its name. */
export type LastOf = (one: {
  readonly session: string
  readonly cluster: string
}) => DiagnosisJson | undefined

async function lastsOf(
  page: readonly SessionRow[],
  library: Library & { readonly standings: AskStandings },
): Promise<LastOf> {
  const found = await library.standings.of(page.map(nameOf), library)
  return ({ session, cluster }) =>
    found.get(session)?.findLast((one) => one.cluster === cluster || one.cluster === '' || cluster === '')
}

function sessionJson(row: SessionRow, diagnosis: DiagnosisJson | undefined): SessionJson {
  const { cluster, owner, name, attempts, host, profile, first_seen, last_seen, failures } = row
  const title = diagnosis?.verdict?.title
  const waits_for = diagnosis?.waits_for
  return {
    ...{
      session: nameOf(row),
      cluster,
      owner,
      name,
      attempts: Math.max(attempts, diagnosis?.attempt ?? 0),
      host: diagnosis?.host || host,
      profile,
    },
    os: diagnosis?.os ?? (row.windows > 0 ? 'windows' : 'linux'),
    status: diagnosis?.status ?? 'unknown',
    phase: diagnosis?.verdict?.phase ?? (diagnosis && reachedIn(diagnosis)) ?? row.phase,
    ...{ first_seen, last_seen, failures: Math.max(failures, failuresIn(diagnosis)) },
    last_rule_id: diagnosis?.verdict?.rule_id ?? row.last_rule_id,
    ...(title === undefined ? {} : { verdict_title: title }),
    ...(waits_for === undefined ? {} : { waits_for }),
  }
}

/** What others wrote of a desktop counts, too, where it is why the desktop failed. */
function failuresIn(diagnosis: DiagnosisJson | undefined): number {
  if (diagnosis?.status !== 'failed' || diagnosis.evidence.length === 0) return 0
  const { again, consequences, before } = diagnosis
  return [...consequences, ...before].reduce((sum, { count }) => sum + count, again + 1)
}

/** The last phase of which something was seen. */
function reachedIn({ phases }: DiagnosisJson): string | undefined {
  return phases.findLast(({ state }) => state === 'done' || state === 'running' || state === 'failed')?.phase
}
