import { eventsIn, firstIn } from '../../store/stamp-query.ts'
import type { FileRow } from '../../store/story-query.ts'
import type { Library } from '../answers.ts'
import { askContextOf } from '../diagnosis/ask-diagnosis.ts'
import { machineWords } from '../diagnosis/attempts/portal-names.ts'
import { type Diagnosed, diagnosed } from '../diagnosis/diagnose.ts'
import { nameKey } from '../diagnosis/outside/known-to-portal.ts'
import type { SharedHours } from '../diagnosis/shared-logs/shared-hours.ts'
import { filterOf, storyOfDesktops } from '../diagnosis/stored-story.ts'
import { SHARED } from '../diagnosis/story.ts'
import { grouped } from '../grouped.ts'
import type { PortalSession } from '../portal/portal-session.ts'
import type { Round } from './rounds.ts'

/**
 * How many desktops, and events of them, are read together: they are held in memory at once, queried at once, and nothing else is
 * answered while they are judged (about 150 ms).
 */
const AT_ONCE = 100
const EVENTS_AT_ONCE = 10_000

/**
 * What some desktops are diagnosed with; `all` are the files of all desktops, if logs of nameless machines have to be assigned,
 * and `hours` what was read of shared logs for those before them.
 */
export type Context = {
  readonly round: Round
  readonly library: Library
  readonly all: readonly FileRow[] | undefined
  readonly hours: SharedHours
}

/** Diagnoses some desktops (`owner/name`) and hosts from one story; by name, the attempts of each in order. */
export async function diagnosedTogether(
  names: ReadonlySet<string>,
  { round, library, all, hours }: Context,
): Promise<ReadonlyMap<string, readonly Diagnosed[]>> {
  const filter = { ...filterOf([...names]), shared: [...SHARED], nameless: round.nameless }
  const keys = new Set([...names].map(nameKey))
  // A host may be called by anything, while its paths name an instance of the portal.
  const isAsked = (row: PortalSession) =>
    ((filter.hosts ?? []).length > 0 && row.instance !== '') ||
    keys.has(nameKey(`${row.owner}/${row.name}`)) ||
    machineWords(row).some((word) => names.has(word))
  const portal = { ...round.portal, sessions: round.portal.sessions.filter(isAsked) }
  const story = await storyOfDesktops({ ...filter, all, portal }, { ...library, hours })
  const found = diagnosed(story, askContextOf(library))
  const bySession = grouped(found, ({ diagnosis }) => diagnosis.session)
  const byHost = grouped(found, ({ diagnosis }) => diagnosis.host)
  return new Map(
    // A host may be assigned to a desktop by its own logs or by others.
    [...names].map((name) => [name, (name.includes('/') ? bySession : byHost).get(name) ?? []]),
  )
}

/**
 * Cuts the names of desktops into portions that can be read at once; `stamps` say how many events each has, and when it began.
 * The newest come first and together, since less was written around them.
 */
export function portions(names: readonly string[], stamps: ReadonlyMap<string, string>): string[][] {
  const parts: string[][] = []
  let events = 0
  const newestFirst = names.toSorted((a, b) => firstIn(stamps.get(b)) - firstIn(stamps.get(a)))
  for (const name of newestFirst) {
    const last = parts.at(-1)
    events += eventsIn(stamps.get(name))
    if (last !== undefined && last.length < AT_ONCE && events <= EVENTS_AT_ONCE) last.push(name)
    else {
      parts.push([name])
      events = eventsIn(stamps.get(name))
    }
  }
  return parts
}
