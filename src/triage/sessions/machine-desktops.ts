import { selectNamingEvents } from '../../store/host-query.ts'
import { selectFiles } from '../../store/story-query.ts'
import type { Library } from '../answers.ts'
import { attemptsOf } from '../diagnosis/attempts/attempts.ts'
import { NAMING } from '../diagnosis/attempts/own-names.ts'
import { isShared, logKey, nameOf, SHARED } from '../diagnosis/story.ts'

/** A log whose path names no desktop. */
export type UnnamedLog = { readonly host: string; readonly file: string; readonly source: string }

/** The desktops (`owner/name`) to which a log of a machine belongs; none if that is not known. */
export type DesktopsOf = (log: Omit<UnnamedLog, 'source'>) => readonly string[]

/** Finds the desktops of logs of machines, by the assignment that the diagnosis makes. Logs of shared machines have none. */
export async function desktopsOf(
  logs: readonly UnnamedLog[],
  { store, portal: readPortal }: Pick<Library, 'store'> & Partial<Pick<Library, 'portal'>>,
): Promise<DesktopsOf> {
  const own = logs.filter(({ source }) => !isShared(source))
  if (own.length === 0) return () => []
  const hosts = [...new Set(own.map(({ host }) => host))].filter((host) => host !== '')
  const nameless = own.some(({ host }) => host === '')
  // Whose the logs of a machine without a name are depends on which desktops there are.
  const around = nameless ? {} : { desktops: [], hosts }
  const [files, portal] = await Promise.all([
    selectFiles(store, { ...around, shared: [...SHARED] }),
    readPortal?.(),
  ])
  const named = new Set(files.flatMap(({ owner, session, host }) => (owner && session ? host : [])))
  // Only a host that no path of a desktop names may be named by its own words.
  const lone = hosts.filter((host) => !named.has(host))
  const events = await selectNamingEvents(store, { hosts: lone, nameless, rules: NAMING })
  const { attempts } = attemptsOf({
    ...{ files, events, damaged: new Set<string>() },
    ...(portal === undefined ? {} : { portal }),
  })
  const found = new Map<string, Set<string>>()
  const hostsOf = new Map<string, Set<string>>()
  for (const { file, host } of files) hostsOf.set(file, (hostsOf.get(file) ?? new Set()).add(host))
  for (const attempt of attempts.filter(({ owner, name }) => owner !== '' && name !== '')) {
    for (const { file, host } of attempt.files) {
      for (const stored of storedHosts(host, hostsOf.get(file))) {
        const key = logKey({ file, host: stored })
        found.set(key, (found.get(key) ?? new Set()).add(nameOf(attempt)))
      }
    }
  }
  return (log) => [...(found.get(logKey(log)) ?? [])]
}

/**
 * The hosts with which the lines are stored that a log has of one host. The diagnosis finds the host of some logs that name none;
 * what a log of one host says before it names it is of that host, too.
 */
function storedHosts(host: string, named: ReadonlySet<string> = new Set()): readonly string[] {
  if (!named.has(host)) return ['']
  return named.has('') && named.size === 2 ? [host, ''] : [host]
}
