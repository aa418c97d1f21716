import type { PortalSession } from '../../portal/portal-session.ts'

/** What the portal says about an attempt, and where that contradicts its logs. */
export type PortalJson = {
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
