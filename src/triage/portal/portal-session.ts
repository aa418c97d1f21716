/** Minutes after midnight between which a desktop runs on a day; both 0: it does not. */
export type RunTime = { readonly start: number; readonly stop: number }

export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const
export type Weekday = (typeof WEEKDAYS)[number]

/** A desktop as the portal's database knows it; what holds a secret there is never read. '' where it says nothing. */
export type PortalSession = {
  /** As the path of the database names it. */
  readonly cluster: string
  readonly owner: string
  readonly name: string
  /** The portal's own word: pending, running, stopped, error. */
  readonly state: string
  readonly isActive: boolean
  readonly os: 'linux' | 'windows'
  readonly uuid: string
  /** What DCV calls it: a uuid, or `console` on Windows. */
  readonly sessionId: string
  /** Short host name. */
  readonly host: string
  readonly ip: string
  readonly instance: string
  readonly instanceType: string
  /** ISO 8601, UTC. */
  readonly createdAt: string
  readonly deactivatedAt: string
  readonly schedule: Readonly<Partial<Record<Weekday, RunTime>>>
}

/** What the portal says, and of which of its files nothing could be had. */
export type Portal = {
  readonly sessions: readonly PortalSession[]
  readonly notRead: readonly { readonly source: string; readonly reason: string }[]
}

export const NO_PORTAL: Portal = { sessions: [], notRead: [] }

/** Is it kept from running on this day by its schedule? */
export function isOffOn({ schedule }: PortalSession, day: Weekday): boolean {
  const time = schedule[day]
  // 0 to 0 is how the page writes "no run"; -2 is what the model's comment says.
  return (
    time !== undefined && ((time.start === 0 && time.stop === 0) || time.start === -2 || time.stop === -2)
  )
}
