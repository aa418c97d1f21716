import type { PortalReader } from '../../triage/portal/read-portal.ts'
import { counted } from '../counted.ts'
import { type Check, notChecked, ok, warn } from './check.ts'

const NAME = 'portal database'

/** Can the databases of the portals be read, so that desktops without logs are found? */
export async function portalCheck(read: PortalReader): Promise<Check> {
  const { sessions, notRead, isWhole } = await read()
  const clusters = Object.keys(isWhole)
  const told = `${counted(sessions.length, 'desktop')} of ${clusters.join(', ')}`
  if (notRead.length > 0) {
    const reasons = notRead.map(({ reason }) => reason).join('; ')
    return warn(
      NAME,
      sessions.length === 0 ? reasons : `${told}; not read: ${reasons}`,
      'Let this user read it, or put it right. Until then, desktops without logs are not found by it, and `sessions --active` and the like cannot be answered from it.',
    )
  }
  if (clusters.length === 0)
    return notChecked(NAME, 'none is there, so desktops are judged by their logs alone')
  return ok(NAME, told)
}
