import { z } from 'zod'
import { type SessionRow, selectSessions } from '../../store/session-query.ts'
import type { Library, Page } from '../answers.ts'
import type { DiagnosisJson } from '../diagnosis/diagnosis-json.ts'
import { nameOf } from '../diagnosis/story.ts'
import { limit, status, text, time } from '../parameters.ts'
import { cursorText, cursorTo, SessionPlace } from '../place.ts'
import { portalRows, silentDesktops, withPortalState } from '../portal/portal-desktops.ts'
import { asksPortal, PORTAL_PARAMETERS } from '../portal/portal-filter.ts'
import { notReadOf } from '../portal/portal-session.ts'
import { DiagnosisCache } from './diagnosis-cache.ts'
import type { DiagnosisLookup } from './diagnosis-lookup.ts'
import { machineRows, withMachine } from './machine-rows.ts'
import { requestedDesktops } from './requested.ts'
import { type SessionJson, sessionJson, withDiagnosis } from './session-json.ts'
import { afterOf, comparePlaces, isWithin, placeOf, type Span } from './session-place.ts'

export const SESSIONS = z
  .strictObject({
    owner: text.optional().describe('only desktops of this user'),
    status: status.optional(),
    q: text.optional().describe('part of the desktop, its host, its phase or what is wrong with it'),
    ...PORTAL_PARAMETERS,
    from: time.optional(),
    to: time.optional(),
    limit: limit.default(1000),
    cursor: cursorTo('sessions', SessionPlace).optional(),
  })
  .refine(({ active, inactive }) => active !== true || inactive !== true, {
    path: ['inactive'],
    message: 'excludes active: give one of them',
  })

export type SessionAsk = z.infer<typeof SESSIONS>

/** The status of a desktop is not stored: to filter by it, up to this many are diagnosed. */
const LOOKED_AT = 100_000

/**
 * Desktops, and hosts without a known desktop, newest line first. Their status is that of the diagnosis of their last attempt.
 */
export async function askSessions(ask: SessionAsk, library: Library): Promise<Page<SessionJson>> {
  return (await sessionsAndDiagnoses(ask, library)).page
}

/** A page of desktops, and a function that returns the diagnosis of the last attempt of each. */
export async function sessionsAndDiagnoses(
  ask: SessionAsk,
  given: Library,
): Promise<{ readonly page: Page<SessionJson>; readonly lastOf: LastOf }> {
  const { rows: portal, notRead } = await portalOf(ask, given)
  // What one part of the answer has found out is remembered for the others.
  const library = { ...given, diagnosisCache: given.diagnosisCache ?? new DiagnosisCache() }
  const stored = await storedRows(ask, library)
  const others = await rowsWithoutLogs(ask, library)
  const isOnPage = (row: SessionRow | SessionJson) => isWithin(row, stored.span)
  const candidates = others.filter(
    (row) => isOnPage(row) && (ask.owner === undefined || row.owner === ask.owner),
  )
  const unlogged = await silentDesktops(portal, ask, library)
  const names = [...[...stored.rows, ...candidates].map(nameOf), ...unlogged.map(({ session }) => session)]
  const lastOf = await lastDiagnoses(names, library)
  const diagnosisOf = (row: SessionRow) => lastOf({ session: nameOf(row), cluster: row.cluster })
  // What was taken for a desktop's name may not be one.
  const isDesktop = (row: SessionRow) => !isOnPage(row) || diagnosisOf(row) !== undefined
  const known = [...stored.rows, ...candidates.filter(isDesktop)]
    .map((row) => sessionJson(row, diagnosisOf(row)))
    .map((session) => withPortalState(session, portal))
  const named = new Set(others.filter(isDesktop).map(nameOf))
  const silent = unlogged
    .filter((session) => !named.has(session.session) && isOnPage(session))
    .map((session) => withDiagnosis(session, lastOf(session)))
  const page = pageOf([...known, ...silent], ask, stored.isEnd)
  return { page: notRead.length === 0 ? page : { ...page, not_read: notRead }, lastOf }
}

async function portalOf(ask: SessionAsk, { portal }: Library) {
  const read = await portal()
  return { rows: portalRows(ask, read), notRead: notReadOf(read) }
}

/** Desktops of which lines are stored; `span` is the part of the list that they cover, `isEnd` if nothing follows it. */
async function storedRows(
  ask: SessionAsk,
  { store }: Library,
): Promise<{ readonly rows: readonly SessionRow[]; readonly span: Span; readonly isEnd: boolean }> {
  const isFiltered = ask.status !== undefined || ask.q !== undefined || asksPortal(ask)
  const found = await selectSessions(store, {
    ...{ owner: ask.owner, from: ask.from, to: ask.to, after: afterOf(ask.cursor) },
    limit: isFiltered ? LOOKED_AT : ask.limit + 1,
  })
  const rows = isFiltered ? found : found.slice(0, ask.limit)
  const isEnd = rows.length === found.length
  return { rows, span: { after: ask.cursor, last: isEnd ? undefined : rows.at(-1) }, isEnd }
}

/** Desktops without logs that were requested, with what their machines wrote since; and machines of no known desktop. */
async function rowsWithoutLogs(
  ask: SessionAsk,
  library: Library & { readonly diagnosisCache: DiagnosisLookup },
): Promise<SessionRow[]> {
  const machines = await machineRows(ask, library)
  const requested = (await requestedDesktops(ask, library)).map((row) =>
    withMachine(row, machines.get(nameOf(row))),
  )
  const names = new Set(requested.map(nameOf))
  return [...requested, ...[...machines].filter(([name]) => !names.has(name)).map(([, row]) => row)]
}

function pageOf(sessions: readonly SessionJson[], ask: SessionAsk, isEnd: boolean): Page<SessionJson> {
  const found = sessions
    .filter((session) => isAskedFor(session, ask) && (!asksPortal(ask) || session.portal_state !== undefined))
    .sort((a, b) => comparePlaces(placeOf(a), placeOf(b)))
  const items = found.slice(0, ask.limit)
  const last = items.at(-1)
  const isMore = found.length > ask.limit || !isEnd
  return !isMore || last === undefined ? { items } : { items, next: cursorText('sessions', placeOf(last)) }
}

function isAskedFor(item: SessionJson, { status: wanted, q }: SessionAsk): boolean {
  if (wanted !== undefined && item.status !== wanted) return false
  if (q === undefined) return true
  const { session, host, phase, last_rule_id, verdict_title = '' } = item
  const part = q.toLowerCase()
  return [session, host, phase, last_rule_id, verdict_title].some((word) => word.toLowerCase().includes(part))
}

/**
 * Finds the diagnosis of a desktop's last attempt; if several clusters have a desktop of this name, that of its own cluster.
 */
export type LastOf = (desktop: {
  readonly session: string
  readonly cluster: string
}) => DiagnosisJson | undefined

async function lastDiagnoses(
  names: readonly string[],
  library: Library & { readonly diagnosisCache: DiagnosisLookup },
): Promise<LastOf> {
  const found = await library.diagnosisCache.of(names, library)
  return ({ session, cluster }) =>
    found
      .get(session)
      ?.findLast((diagnosis) => diagnosis.cluster === cluster || diagnosis.cluster === '' || cluster === '')
}
