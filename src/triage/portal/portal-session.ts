/** Minutes after midnight between which a desktop runs on a day; both 0 means not at all. */
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

/** A desktop in the portal's database; columns with secrets are never read. '' if a value is missing. */
export type PortalSession = {
  /** As the path of the database names it. */
  readonly cluster: string
  /** The product generation, by the place of the database and the table. */
  readonly profile: string
  readonly owner: string
  readonly name: string
  /** The portal's own term: pending, running, stopped, error. */
  readonly state: string
  readonly isActive: boolean
  readonly os: 'linux' | 'windows'
  readonly uuid: string
  /** DCV's session id: a uuid, or `console` on Windows. */
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

/** Something that was not read, and why. */
export type NotRead = { readonly source: string; readonly reason: string }

/** A database that was not read, and whose it is; undefined if it may be of any cluster. */
type UnreadPortal = NotRead & { readonly cluster: string | undefined }

/** What the portal says, and which of its files could not be read. */
export type Portal = {
  readonly sessions: readonly PortalSession[]
  readonly notRead: readonly UnreadPortal[]
  /** The clusters whose databases are there: are all their desktops among `sessions`? */
  readonly isWhole: Readonly<Record<string, boolean>>
}

/** What was not read, as answers tell it; only what concerns a cluster, if one is named. */
export function notReadOf({ notRead }: Pick<Portal, 'notRead'>, cluster = ''): NotRead[] {
  return notRead
    .filter((one) => cluster === '' || one.cluster === undefined || one.cluster === cluster)
    .map(({ source, reason }) => ({ source, reason }))
}

export const NO_PORTAL: Portal = { sessions: [], notRead: [], isWhole: {} }

/** Does its schedule keep it off on this day? */
export function isOffOn({ schedule }: PortalSession, day: Weekday): boolean {
  const time = schedule[day]
  // The page writes 0 to 0 for "no run"; the comment in the model says -2.
  return (
    time !== undefined && ((time.start === 0 && time.stop === 0) || time.start === -2 || time.stop === -2)
  )
}
