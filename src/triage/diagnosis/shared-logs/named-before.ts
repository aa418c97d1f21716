import type { EventJson } from '../../../event-json.ts'
import type { Draft } from '../attempts/draft.ts'
import { isAnsweredBy } from './refusal.ts'

/** Desktops, and the event that named them. */
export type Named = { readonly event: EventJson; readonly drafts: readonly Draft[] }

/** Does this log deal with one desktop after the other, without naming it in each line? */
export function isToldInTurn({ source, phase }: EventJson): boolean {
  return (
    source === 'alb-manager' ||
    (source === 'web-ui' && phase === 'connect') ||
    (source === 'state-watcher' && phase === 'launch')
  )
}

/** Of what the portal says of logins, only the check of a desktop's token is about the desktop that was named last. */
const TOKEN_CHECKS = new Set([
  'milestone-login-asked',
  'milestone-login-done',
  'api-auth-denied',
  'api-auth-key-mismatch',
  'api-auth-field-missing',
])

/** The desktops that an event without a name is about, by what its file said before. */
export function meantBy(
  event: EventJson,
  { current, asked }: Readonly<Record<'current' | 'asked', Named | undefined>>,
): readonly Draft[] {
  if (!isToldInTurn(event)) return answered(event, asked)
  const isOfPortal = event.source === 'web-ui' && !TOKEN_CHECKS.has(event.rule_id ?? '')
  return isOfPortal ? [] : inTurn(event, current)
}

/** For this long after a desktop was named, events without a name belong to it. */
export const TURN_MS = 600_000
/** The watchers go from one desktop to the next within a second. */
const LOOK_MS = 1000

function inTurn(event: EventJson, named: Named | undefined): readonly Draft[] {
  if (named === undefined) return []
  const isTimed = event.ts_quality !== 'mtime' && named.event.ts_quality !== 'mtime'
  const turnMs = event.source === 'state-watcher' ? LOOK_MS : TURN_MS
  return isTimed && Date.parse(event.ts) - Date.parse(named.event.ts) > turnMs ? [] : named.drafts
}

/** The desktops whose request this event of a launch answers; a refusal need not repeat which desktop was asked for. */
function answered(event: EventJson, asked: Named | undefined): readonly Draft[] {
  if (asked === undefined || event.phase !== 'launch' || event.kind === 'milestone') return []
  return isAnsweredBy(asked.event, event) ? asked.drafts : []
}
