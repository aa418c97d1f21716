import type { EventJson } from '../../../event-json.ts'
import { accountOf } from '../absence/refusals.ts'
import type { FileFacts } from '../story.ts'
import type { Draft } from './draft.ts'
import { tokensOf } from './tokens.ts'

/** DCV made a session: the event names it, and its owner. */
const MADE = 'milestone-dcv-session-made'

/**
 * Those of some desktops that the logs of a machine without a name speak of: by the ids of the sessions that DCV made there,
 * else by their owners. Console sessions are all of one name.
 */
export function desktopsToldOf(
  files: readonly FileFacts[],
  events: readonly EventJson[],
  among: readonly Draft[],
): readonly Draft[] {
  const own = new Set(files.map(({ file }) => file))
  const told = events.filter(({ rule_id, file }) => rule_id === MADE && own.has(file))
  const ids = told.flatMap(({ captures }) => tokensOf(captures?.['session'] ?? ''))
  const byId = among.filter(({ tokens }) => ids.some((id) => tokens.has(id)))
  if (byId.length > 0) return byId
  const owners = new Set(told.map(({ captures }) => accountOf(captures?.['owner'] ?? '')))
  return among.filter(({ owner }) => owner !== '' && owners.has(accountOf(owner)))
}
