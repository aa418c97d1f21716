import { z } from 'zod'
import { type SessionRow, selectSessions } from '../../store/session-query.ts'
import type { Library, Page } from '../answers.ts'
import type { WaitJson } from '../diagnosis/absence/waiting.ts'
import type { DiagnosisJson } from '../diagnosis/diagnose.ts'
import type { Status } from '../diagnosis/status.ts'
import { nameOf } from '../diagnosis/story.ts'
import { limit, status, text, time } from '../parameters.ts'
import { cursorText, cursorTo, microsOf, SessionPlace } from '../place.ts'
import { portalRows, silentDesktops, withPortalState } from '../portal/portal-desktops.ts'
import { asksPortal, PORTAL_PARAMETERS } from '../portal/portal-filter.ts'
import { machineRows, withMachine } from './machine-rows.ts'
import { requestedDesktops } from './requested.ts'
import { Standings } from './standings.ts'

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
  /** What is wrong, if anything. */
  readonly verdict_title?: string
  /** What a stalled desktop is waiting for. */
  readonly waits_for?: WaitJson
  /** The portal's own term, or `inactive`. */
  readonly portal_state?: string
}

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

/** The status of a desktop is not stored: to filter by it, up to this many are diagnosed. */
const LOOKED_AT = 100_000

/**
 * Desktops, and hosts without a known desktop, newest line first. Their status is that of the diagnosis of their last
 * attempt.
 */
export async function askSessions(ask: SessionAsk, library: Library): Promise<Page<SessionJson>> {
  return (await askStandings(ask, library)).page
}

/** A page of desktops, and a function that returns the diagnosis of the last attempt of each. */
export async function askStandings(
  ask: SessionAsk,
  given: Library,
): Promise<{ readonly page: Page<SessionJson>; readonly lastOf: LastOf }> {
  const portal = await portalRows(ask, given)
  // What one part of the answer has found out is remembered for the others.
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
  // What was taken for a desktop's name may not be one.
  const isNone = (row: SessionRow) => isWithin(row, span) && diagnosisOf(row) === undefined
  const known = [...looked, ...others.filter((row) => !isNone(row))]
    .map((row) => sessionJson(row, diagnosisOf(row)))
    .map((session) => withPortalState(session, portal))
  const named = new Set([...allRequested, ...alone].filter((row) => !isNone(row)).map(nameOf))
  const silent = (await silentDesktops(portal, ask, library)).filter(
    (session) => !named.has(session.session) && isWithin(session, span),
  )
  const found = [...known, ...silent]
    .filter((session) => isAskedFor(session, ask) && (!asksPortal(ask) || session.portal_state !== undefined))
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

/** Newest line first, as the store sorts them. */
function comparePlaces([lastA, ...namesA]: Place, [lastB, ...namesB]: Place): number {
  if (lastA !== lastB) return lastA < lastB ? 1 : -1
  for (const [i, name] of namesA.entries()) {
    const other = namesB[i] ?? ''
    if (name !== other) return name < other ? -1 : 1
  }
  return 0
}

/** The range of a page: after the end of the previous page, up to the last desktop that was read. */
type Span = { readonly after: Place | undefined; readonly last: SessionRow | undefined }

function isWithin(row: SessionRow | SessionJson, { after, last }: Span): boolean {
  const place = placeOf(row)
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

/**
 * Finds the diagnosis of a desktop's last attempt; if several clusters have a desktop of this name, that of its own cluster.
 */
export type LastOf = (one: {
  readonly session: string
  readonly cluster: string
}) => DiagnosisJson | undefined

async function lastsOf(
  page: readonly SessionRow[],
  library: Library & { readonly standings: Standings },
): Promise<LastOf> {
  const found = await library.standings.of(page.map(nameOf), library)
  return ({ session, cluster }) =>
    found
      .get(session)
      ?.findLast((diagnosis) => diagnosis.cluster === cluster || diagnosis.cluster === '' || cluster === '')
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

/** Includes what others wrote about a desktop, if it is why the desktop failed. */
function failuresIn(diagnosis: DiagnosisJson | undefined): number {
  if (diagnosis?.status !== 'failed' || diagnosis.evidence.length === 0) return 0
  const { again, consequences, before } = diagnosis
  return [...consequences, ...before].reduce((sum, { count }) => sum + count, again + 1)
}

/** The last phase with any sign of it. */
function reachedIn({ phases }: DiagnosisJson): string | undefined {
  return phases.findLast(({ state }) => state === 'done' || state === 'running' || state === 'failed')?.phase
}
