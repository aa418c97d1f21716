import { statSync } from 'node:fs'
import type { Clock } from '../clock.ts'
import type { Found } from '../collect/log-names.ts'
import { mountOf } from '../collect/mounts.ts'
import type { Config } from '../config.ts'
import { isoMicros } from '../event-json.ts'
import type { FileFacts } from '../triage/diagnosis/story.ts'
import { silentFolders } from './silent-folders.ts'

/**
 * The empty logs of desktops of which nothing else was read: they are all that a machine leaves which stopped, or lost its
 * file system, before it wrote a line. Beside logs with lines an empty one says nothing.
 */
export async function emptyLogs(
  found: readonly Found[],
  read: Iterable<FileFacts>,
  config: Config,
  clock: Clock,
): Promise<FileFacts[]> {
  const written = new Set([...read].map(desktopKey))
  const others = found.filter(({ place: { placement } }) => {
    const { owner, session, sessionUuid, ...identity } = placement.identity
    return (
      owner !== '' &&
      session !== '' &&
      !written.has(desktopKey({ ...identity, owner, session, session_uuid: sessionUuid }))
    )
  })
  if (others.length === 0) return []
  // What could be read when the reading began may be gone by now.
  const paths = others.map(({ path }) => path)
  const silent = await silentFolders(paths, config, clock)
  return others.flatMap((one) => (mountOf(one.path, silent) === undefined ? emptyLog(one) : []))
}

function emptyLog({ path, place }: Found): FileFacts[] {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat?.isFile() !== true || stat.size > 0) return []
  const { identity, source, profile } = place.placement
  const { sessionUuid: session_uuid, ...names } = identity
  const madeAt = isoMicros(stat.mtimeMs * 1000)
  return [{ file: place.path, source, profile, ...names, session_uuid, first_ts: madeAt, last_ts: madeAt }]
}

type Desktop = Pick<FileFacts, 'cluster' | 'owner' | 'session' | 'session_uuid' | 'host'>

function desktopKey({ cluster, owner, session, session_uuid, host }: Desktop): string {
  return [cluster, owner, session, session_uuid, host].join('\0')
}
