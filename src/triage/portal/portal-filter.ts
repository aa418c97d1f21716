import { z } from 'zod'
import { flag, text } from '../parameters.ts'
import { isOffOn, type PortalSession, WEEKDAYS } from './portal-session.ts'

/** Parameters that only the portal's database can answer. */
export const PORTAL_PARAMETERS = {
  active: flag.optional().describe('only those that are active in the portal'),
  inactive: flag.optional().describe('only those that were deleted from the portal'),
  uuid: text.optional().describe('only the one with this id'),
  off: z
    .enum(WEEKDAYS, `must be one of ${WEEKDAYS.join(', ')}`)
    .optional()
    .describe('only those whose schedule keeps them off on this day'),
}

export type PortalAsk = z.infer<z.ZodObject<typeof PORTAL_PARAMETERS>>

/** Does the question need the portal? */
export function asksPortal({ active, inactive, uuid, off }: PortalAsk): boolean {
  return active === true || inactive === true || uuid !== undefined || off !== undefined
}

/** The rows of the portal that a question asks for. */
export function portalSessionsOf(sessions: readonly PortalSession[], ask: PortalAsk): PortalSession[] {
  return sessions.filter(
    (row) =>
      (ask.active !== true || row.isActive) &&
      (ask.inactive !== true || !row.isActive) &&
      (ask.uuid === undefined || row.uuid === ask.uuid || row.sessionId === ask.uuid) &&
      (ask.off === undefined || (row.isActive && isOffOn(row, ask.off))),
  )
}
