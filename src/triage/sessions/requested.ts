import type { Store } from '../../store/client.ts'
import { type SessionRow, selectKnownNames, selectKnownUuids } from '../../store/session-query.ts'
import { type LaunchRow, type LaunchSpan, selectLaunches, selectNearby } from '../../store/shared-query.ts'
import type { Library } from '../answers.ts'
import { REQUEST } from '../diagnosis/attempts/found-machines.ts'
import { type PortalWords, portalWords } from '../diagnosis/attempts/tokens.ts'
import { withAskers } from '../diagnosis/shared-logs/askers.ts'
import { LISTED, PLANNED } from '../diagnosis/shared-logs/listing.ts'
import { ANSWER_MS } from '../diagnosis/shared-logs/refusal.ts'
import { compareByPlace, SHARED } from '../diagnosis/story.ts'
import type { SessionAsk } from './sessions.ts'

/** If no start time is given, requests of this many days are looked at: nobody waits longer. */
const DAYS = 7
const DAY_MS = 86_400_000
/** Other events of a launch are repeated whenever somebody looks at their desktops. */
const REQUESTS = [REQUEST, PLANNED, 'milestone-stack-created', 'milestone-stack-under-way']

/**
 * Desktops that were requested but have no stored line: EC2 refused them, their bootstrap never reached the shared file
 * system, or they are Windows desktops of SOCA 2.x, which write nothing there.
 */
export async function requestedDesktops(ask: SessionAsk, { store, nowMs }: Library): Promise<SessionRow[]> {
  const endMs = ask.to === undefined ? nowMs : Date.parse(ask.to)
  const from = ask.from ?? new Date(Math.max(0, endMs - DAYS * DAY_MS)).toISOString()
  const requested = new Map<string, SessionRow>()
  const uuids = new Map<string, string>()
  for (const { launch, words } of await launchesIn(store, { shared: [...SHARED], from, to: ask.to })) {
    const { name, user: owner, uuid } = words
    if (name === undefined || owner === undefined) continue
    const key = `${owner}/${name}`
    if (uuid !== undefined) uuids.set(uuid, key)
    requested.set(key, withLaunch(requested.get(key) ?? rowOf(launch, owner, name), launch))
  }
  const wanted = [...requested].filter(
    ([, { owner, last_seen }]) =>
      (ask.owner === undefined || owner === ask.owner) && (ask.to === undefined || last_seen < ask.to),
  )
  if (wanted.length === 0) return []
  const known = new Set(
    await selectKnownNames(
      store,
      wanted.map(([key]) => key),
    ),
  )
  // The name of a stack leaves out characters that a user name may contain.
  const keys = new Set(wanted.map(([key]) => key))
  const asked = [...uuids].filter(([, key]) => keys.has(key) && !known.has(key)).map(([uuid]) => uuid)
  for (const uuid of await selectKnownUuids(store, asked)) known.add(uuids.get(uuid) ?? '')
  return wanted.flatMap(([key, row]) => (known.has(key) ? [] : [row]))
}

type Launch = { readonly launch: LaunchRow; readonly words: PortalWords }

/** Events of launches. If a request does not name its user, the events around it do. */
async function launchesIn(store: Store, span: LaunchSpan): Promise<Launch[]> {
  const launches = (await selectLaunches(store, span, REQUESTS)).map(
    (launch): Launch => ({ launch, words: portalWords(launch) }),
  )
  if (launches.every(({ words }) => words.name === undefined || words.user !== undefined)) return launches
  const around = await selectNearby(store, span, { wanted: REQUEST, beside: LISTED, withinMs: ANSWER_MS })
  const asked = withAskers(around.toSorted(compareByPlace)).map(({ event, words }): Launch => {
    const { cluster = '', profile = '', message, ts } = event
    return { launch: { cluster, profile, message, first_seen: ts, last_seen: ts }, words }
  })
  return [...launches, ...asked]
}

function rowOf(
  { cluster, profile, first_seen, last_seen }: LaunchRow,
  owner: string,
  name: string,
): SessionRow {
  return {
    ...{ cluster, owner, name, profile, first_seen, last_seen },
    ...{ attempts: 1, host: '', windows: 0, failures: 0, phase: 'launch', last_rule_id: '' },
  }
}

function withLaunch(row: SessionRow, { first_seen, last_seen }: LaunchRow): SessionRow {
  return {
    ...row,
    first_seen: row.first_seen < first_seen ? row.first_seen : first_seen,
    last_seen: row.last_seen > last_seen ? row.last_seen : last_seen,
  }
}
