import { OpsError } from '../../errors.ts'
import type { NotRead, Portal } from './portal-session.ts'

/** Throws if no database was read at all: "no desktop" would be wrong where nothing is known of any. */
export function checkAnswerable({ sessions, notRead, isWhole }: Portal): void {
  if (sessions.length > 0 || Object.values(isWhole).includes(true)) return
  if (notRead.length > 0) {
    throw new OpsError(
      'E_PORTAL',
      `the portal's database was not read: ${reasonsOf(notRead)}`,
      'Only it can answer this; `dcvlens doctor` shows whether it can be read.',
    )
  }
  throw new OpsError(
    'E_PORTAL',
    "no portal's database is there",
    'Only it can answer this. Ask on the controller, or where /apps is mounted; --root DIR names a copied tree.',
  )
}

function reasonsOf(notRead: readonly NotRead[]): string {
  return notRead.map(({ reason }) => reason).join('; ')
}
