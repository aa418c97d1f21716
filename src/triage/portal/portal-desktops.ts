import { rulesById } from '../../interpret/all-rules.ts'
import { selectKnownNames } from '../../store/session-query.ts'
import { hasDesktops } from '../../store/story-query.ts'
import type { Library } from '../answers.ts'
import { askContextOf } from '../diagnosis/ask-diagnosis.ts'
import { diagnosisWithoutLogs } from '../diagnosis/outside/silent-desktop.ts'
import { SHARED } from '../diagnosis/story.ts'
import type { SessionJson } from '../sessions/session-json.ts'
import type { SessionAsk } from '../sessions/sessions.ts'
import { checkAnswerable } from './answerable.ts'
import { asksPortal, portalSessionsOf } from './portal-filter.ts'
import type { Portal, PortalSession } from './portal-session.ts'

/** The newest row of each desktop. */
export type PortalRows = ReadonlyMap<string, PortalSession>

/** The rows of the portal that a question asks for, newest of each desktop; throws if only a database could answer and none was read. */
export function portalRows(ask: SessionAsk, portal: Portal): PortalRows {
  if (asksPortal(ask)) checkAnswerable(portal)
  const { sessions } = portal
  const rows = portalSessionsOf(sessions, ask).filter(
    ({ owner }) => ask.owner === undefined || owner === ask.owner,
  )
  const inOrder = rows.toSorted(
    (a, b) => Number(a.isActive) - Number(b.isActive) || (a.createdAt < b.createdAt ? -1 : 1),
  )
  return new Map(inOrder.map((row) => [`${row.owner}/${row.name}`, row]))
}

/** Adds the portal's state of a desktop. */
export function withPortalState(session: SessionJson, rows: PortalRows): SessionJson {
  const row = rows.get(session.session)
  return row === undefined ? session : { ...session, portal_state: stateOf(row) }
}

function stateOf({ isActive, state }: PortalSession): string {
  return isActive ? state : 'inactive'
}

/** Desktops that only the portal knows, newest first; deleted ones only on request. */
export async function silentDesktops(
  rows: PortalRows,
  ask: SessionAsk,
  library: Library,
): Promise<SessionJson[]> {
  const candidates = [...rows].filter(
    ([, { isActive, createdAt }]) =>
      (isActive || asksPortal(ask)) &&
      createdAt >= (ask.from ?? '') &&
      (ask.to === undefined || createdAt < ask.to),
  )
  if (candidates.length === 0) return []
  const known = new Set(
    await selectKnownNames(
      library.store,
      candidates.map(([session]) => session),
    ),
  )
  const readsDesktops = await hasDesktops(library.store, [...SHARED])
  return candidates
    .filter(([session]) => !known.has(session))
    .map(([, row]) => sessionOf(row, library, readsDesktops))
    .sort((a, b) => (a.first_seen < b.first_seen ? 1 : -1))
}

function sessionOf(row: PortalSession, library: Library, readsDesktops: boolean): SessionJson {
  const { session, cluster, host, profile, os, status, verdict } = diagnosisWithoutLogs(row, 1, {
    ...askContextOf(library),
    ...{ ruleById: rulesById(library.rules), readsDesktops },
  })
  const at = row.createdAt.replace('Z', '000Z')
  return {
    ...{ session, cluster, owner: row.owner, name: row.name, attempts: 1, host, profile, os },
    status: row.isActive ? status : 'stopped',
    phase: verdict?.phase ?? (status === 'in_progress' ? 'launch' : ''),
    ...{ first_seen: at, last_seen: at, failures: 0, last_rule_id: verdict?.rule_id ?? '' },
    ...(verdict === undefined ? {} : { verdict_title: verdict.title }),
    portal_state: stateOf(row),
  }
}
