import type { EventJson } from '../../../event-json.ts'
import { accountOf } from '../absence/refusals.ts'
import type { FileFacts } from '../story.ts'
import type { Draft } from './draft.ts'
import { tokensOf } from './tokens.ts'

/** DCV created a session: the event names the session and its owner. */
export const MADE = 'milestone-dcv-session-made'

/**
 * Among `among`, the desktops that the logs of a nameless machine are about: by the ids of the sessions that DCV created
 * there, otherwise by their owners, since all console sessions have the same name; otherwise by the only users that its
 * events name.
 */
export function desktopsNamedIn(
  files: readonly FileFacts[],
  events: readonly EventJson[],
  among: readonly Draft[],
): readonly Draft[] {
  const paths = new Set(files.map(({ file }) => file))
  const made = events.filter(({ rule_id, file }) => rule_id === MADE && paths.has(file))
  const ids = made.flatMap(({ captures }) => tokensOf(captures?.['session'] ?? ''))
  const byId = among.filter(({ tokens }) => ids.some((id) => tokens.has(id)))
  if (byId.length > 0) return byId
  const owners = new Set(made.map(({ captures }) => accountOf(captures?.['owner'] ?? '')))
  const ofOwners = ownedBy(owners, among)
  if (ofOwners.length > 0) return ofOwners
  const own = events.filter(({ file }) => paths.has(file))
  return ownedBy(new Set(own.map(({ captures }) => accountOf(captures?.['user'] ?? ''))), among)
}

function ownedBy(owners: ReadonlySet<string>, among: readonly Draft[]): readonly Draft[] {
  return among.filter(({ owner }) => owner !== '' && owners.has(accountOf(owner)))
}
