import { statSync } from 'node:fs'
import type { Found } from '../collect/log-names.ts'
import { isoMicros } from '../event-json.ts'
import type { FileFacts } from '../triage/diagnosis/story.ts'

/**
 * The empty logs of desktops of which nothing else was read: they are all that a machine leaves which stopped, or lost its
 * file system, before it wrote a line. Beside logs with lines an empty one says nothing.
 */
export function emptyLogs(found: readonly Found[], read: Iterable<FileFacts>): FileFacts[] {
  const written = new Set([...read].map(desktopKey))
  return found.flatMap(({ path, place }) => {
    const { identity, source, profile } = place.placement
    const { cluster, owner, session, sessionUuid: session_uuid, host } = identity
    const facts = { file: place.path, source, profile, cluster, owner, session, session_uuid, host }
    if (owner === '' || session === '' || written.has(desktopKey(facts))) return []
    const stat = statSync(path, { throwIfNoEntry: false })
    if (stat?.isFile() !== true || stat.size > 0) return []
    const madeAt = isoMicros(stat.mtimeMs * 1000)
    return [{ ...facts, first_ts: madeAt, last_ts: madeAt }]
  })
}

type Desktop = Pick<FileFacts, 'cluster' | 'owner' | 'session' | 'session_uuid' | 'host'>

function desktopKey({ cluster, owner, session, session_uuid, host }: Desktop): string {
  return [cluster, owner, session, session_uuid, host].join('\0')
}
