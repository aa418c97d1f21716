import { selectLoneMachines, selectNamingEvents } from '../../store/host-query.ts'
import type { MachineLog, SessionRows } from '../../store/session-rows.ts'
import { type Desktop, selectFiles } from '../../store/story-query.ts'
import type { Library } from '../answers.ts'
import { isNamed } from '../diagnosis/ask-diagnosis.ts'
import { attemptsOf } from '../diagnosis/attempts/attempts.ts'
import { NAMING } from '../diagnosis/attempts/own-names.ts'
import { haveAllWritten } from '../diagnosis/shared-logs/shared-events.ts'
import { machinesNamed, storyOf } from '../diagnosis/stored-story.ts'
import { isShared, nameOf, SHARED, type Story } from '../diagnosis/story.ts'
import { sessionParts } from '../parameters.ts'

/** How the rows of a session are selected: those of a desktop, or of a host without one. */
type Wanted = { readonly desktop?: SessionRows; readonly host?: string }

/**
 * What a session covers, for every question about its lines: its own folder and the logs of its machines, by the assignment
 * that the diagnosis makes. What other machines say about it is not part of it.
 */
export async function rowsOf(session: string | undefined, library: Library): Promise<Wanted> {
  const { owner, session: name, host } = sessionParts(session)
  if (session === undefined || owner === undefined || name === undefined)
    return host === undefined ? {} : { host }
  const desktop = { owner, session: name }
  const story = await assigning(desktop, library)
  const attempts = attemptsOf(story).attempts.filter((attempt) =>
    isNamed({ session: nameOf(attempt), host: attempt.host }, session),
  )
  const given = attempts.flatMap(({ files }) => files)
  // As the store has them: the diagnosis finds the host of some logs whose paths do not name it. The times are those of the
  // part that belongs to the desktop.
  const logs = story.files.flatMap((log) => {
    if (isShared(log.source) || (log.owner === owner && log.session === name)) return []
    const parts = given.filter(
      (file) => file.file === log.file && (log.host === '' || file.host === log.host),
    )
    return parts.map(({ first_ts, last_ts }) => placeOf({ ...log, first_ts, last_ts }))
  })
  const own = story.files.filter((log) => log.owner === owner && log.session === name)
  const [first_ts] = [...own, ...logs].map((log) => log.first_ts).sort()
  return { desktop: { ...desktop, logs, first_ts } }
}

/**
 * What decides which logs belong to a desktop: the files around it and the few events that name machines. If it has written
 * nothing itself, or if there are logs whose paths name no machine, anything may.
 */
async function assigning(desktop: Desktop, { store, rules, portal: readPortal }: Library): Promise<Story> {
  const filter = { desktops: [desktop], shared: [...SHARED] }
  const [own, { hosts: lone, nameless }, portal] = await Promise.all([
    selectFiles(store, filter),
    selectLoneMachines(store, filter.shared),
    readPortal(),
  ])
  if (nameless || !haveAllWritten(filter.desktops, own))
    return storyOf({ session: `${desktop.owner}/${desktop.session}`, portal }, store, rules)
  const hosts = await machinesNamed(filter.desktops, { files: own, shared: [], portal, lone }, store)
  const [files, events] = await Promise.all([
    hosts.length === 0 ? own : selectFiles(store, { ...filter, hosts }),
    selectNamingEvents(store, { hosts, nameless: false, rules: NAMING }),
  ])
  return { files, events, damaged: new Set(), portal }
}

function placeOf({ owner, session, host, file, first_ts, last_ts }: MachineLog): MachineLog {
  return { owner, session, host, file, first_ts, last_ts }
}
