import type { EventJson } from '../../../event-json.ts'
import { type Draft, emptyDraft } from '../attempts/draft.ts'
import type { PortalWords } from '../attempts/tokens.ts'
import { NOBODY_NAMED } from './askers.ts'
import type { Known } from './listing.ts'
import { atTheTime, isNear } from './reused-names.ts'

/** The desktops that an event is about by the names that the portal uses; one that only the portal knows is created here. */
export function draftsByName(event: EventJson, words: PortalWords, { drafts, index }: Known): Draft[] {
  const { name, user, uuid } = words
  if (name === undefined) return []
  const found = index.named(name).filter((draft) => isMeant(draft, event, words))
  if (found.length > 0) {
    const meant = atTheTime(found, event, index)
    if (uuid !== undefined)
      for (const draft of meant) if (draft.files.length === 0) index.addToken(draft, uuid)
    return meant
  }
  if (user === undefined || event.source === 'alb-manager') return []
  const { cluster = '', profile = '' } = event
  const made = Object.assign(emptyDraft(), { cluster, profile, owner: user, name })
  if (uuid !== undefined) made.tokens.add(uuid)
  drafts.set(`portal\0${user}\0${name}`, made)
  index.add(made)
  return [made]
}

/** Is an event about this desktop of the name that it contains? */
function isMeant(draft: Draft, event: EventJson, { user, uuid }: PortalWords): boolean {
  if (user === undefined) return isNear(draft, event)
  if (draft.owner === user || user !== NOBODY_NAMED) return draft.owner === user
  // Others may ask for a desktop of the same name: it is the one with logs, unless those are of another session.
  const isOther = uuid !== undefined && draft.uuid !== '' && !draft.tokens.has(uuid)
  return draft.files.length > 0 && !isOther && isNear(draft, event)
}
