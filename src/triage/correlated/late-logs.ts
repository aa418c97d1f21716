import type { EventJson } from '../../event-json.ts'
import { type LateLog, selectLateLogs } from '../../store/late-query.ts'
import type { Library } from '../answers.ts'
import { isShared } from '../diagnosis/story.ts'

/** An agent that catches up writes at least as often; and lines that arrive sooner are not late. */
export const RECENT_MS = 300_000

/**
 * Makes the question whether an event may be different when all is read. What this machine has to read is waited for; but an
 * agent elsewhere may be catching up on logs of the event's host or desktop, or of the machines that serve its cluster.
 */
export async function mayChange(
  { store, nowMs }: Pick<Library, 'store' | 'nowMs'>,
  isReadHere: (fileId: string) => boolean,
): Promise<(event: EventJson) => boolean> {
  const found = await selectLateLogs(store, { sinceMs: nowMs - RECENT_MS, lateMs: RECENT_MS })
  const late = found.filter(({ file_id }) => !isReadHere(file_id))
  return (event) => late.some((log) => isAbout(log, event))
}

function isAbout(log: LateLog, { cluster = '', owner = '', session = '', host = '' }: EventJson): boolean {
  if (isShared(log.source)) return log.cluster === '' || log.cluster === cluster
  if (log.host !== '' && log.host === host) return true
  return log.session !== '' && log.owner === owner && log.session === session
}
