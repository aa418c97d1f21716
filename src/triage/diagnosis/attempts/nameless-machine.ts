import type { EventJson } from '../../../event-json.ts'
import { accountOf } from '../absence/refusals.ts'
import { SESSION_MADE } from '../log-habits.ts'
import { type FileFacts, logKey } from '../story.ts'
import type { Draft } from './draft.ts'
import { tokensOf } from './tokens.ts'

/**
 * Among `among`, the desktops that the logs of a nameless machine are about: by the ids of the sessions that DCV created
 * there, otherwise by their owners, since all console sessions have the same name; otherwise by the ids of other sessions or
 * the only users that its events name.
 */
export function desktopsNamedIn(
  files: readonly FileFacts[],
  events: readonly EventJson[],
  among: readonly Draft[],
): readonly Draft[] {
  const logs = new Set(files.map(logKey))
  const own = events.filter((event) => logs.has(logKey(event)))
  const made = own.filter(({ rule_id }) => rule_id === SESSION_MADE)
  const byId = withSessionOf(made, among)
  if (byId.length > 0) return byId
  const owners = new Set(made.map(({ captures }) => accountOf(captures?.['owner'] ?? '')))
  const ofOwners = ownedBy(owners, among)
  if (ofOwners.length > 0) return ofOwners
  const ofSessions = withSessionOf(own, among)
  if (ofSessions.length > 0) return ofSessions
  return ownedBy(new Set(own.map(({ captures }) => accountOf(captures?.['user'] ?? ''))), among)
}

/** The desktops whose sessions these events name by their ids. */
function withSessionOf(events: readonly EventJson[], among: readonly Draft[]): readonly Draft[] {
  const ids = new Set(events.flatMap(({ captures }) => tokensOf(captures?.['session'] ?? '')))
  return among.filter(({ tokens }) => [...tokens].some((token) => ids.has(token)))
}

function ownedBy(owners: ReadonlySet<string>, among: readonly Draft[]): readonly Draft[] {
  return among.filter(({ owner }) => owner !== '' && owners.has(accountOf(owner)))
}
