import type { PortalSession } from '../../portal/portal-session.ts'

/** What the portal says about an attempt, and where that contradicts its logs. */
export type PortalJson = {
  /** Only `false`: its database has no row of it, so the other values are empty. */
  readonly known?: false
  readonly state: string
  readonly is_active: boolean
  readonly created_at: string
  readonly deactivated_at: string
  readonly instance: string
  readonly instance_type: string
  readonly disagreement?: string
}

/** What the portal says about a desktop, from its row. */
export function portalJson({
  state,
  isActive,
  createdAt,
  deactivatedAt,
  instance,
  instanceType,
}: PortalSession): PortalJson {
  return {
    ...{ state, is_active: isActive, created_at: createdAt, deactivated_at: deactivatedAt },
    ...{ instance, instance_type: instanceType },
  }
}

/** What is said of a desktop of which the portal's database has no row. */
export const NOT_KNOWN: PortalJson = {
  ...{ known: false, state: '', is_active: false, created_at: '', deactivated_at: '' },
  ...{ instance: '', instance_type: '' },
  disagreement:
    'The portal does not know it: its database has no row of this desktop, not even a deleted one. Was it restored from a backup, or changed by hand? Without a row nobody can log in to the desktop from the portal, and nothing stops it.',
}
