import type { PortalSession, RunTime, Weekday } from './portal-session.ts'
import { WEEKDAYS } from './portal-session.ts'

/** A row with the selected columns. */
export type Row = Readonly<Record<string, unknown>>

/** A table of desktops in the portal's database: which columns are read, and how. */
export type PortalTable = {
  readonly name: string
  /** Columns that must exist, each with our name. */
  readonly needed: Readonly<Record<string, string>>
  /** Columns that only some releases have. */
  readonly more: Readonly<Record<string, string>>
  readonly os: (row: Row) => PortalSession['os']
  /** The profile of a portal that keeps its database at this path. */
  readonly profile: (path: string) => string
}

const SCHEDULE_COLUMNS = Object.fromEntries(
  WEEKDAYS.flatMap((day) =>
    ['start', 'stop'].map((end) => [`${day}_${end}`, `schedule_${day}_${end}`] as const),
  ),
)

/** Up to 25.1 there is one table per operating system. Source: models.py of SOCA 2.6 to 25.1. */
const OLD = {
  profile: (path: string) => (path.includes('/cluster_web_ui/') ? 'soca-2' : 'soca-24'),
  needed: { owner: 'user', name: 'session_name', state: 'session_state', isActive: 'is_active' },
  more: {
    uuid: 'tag_uuid',
    sessionId: 'session_id',
    host: 'session_host_private_dns',
    ip: 'session_host_private_ip',
    instance: 'session_instance_id',
    instanceType: 'session_instance_type',
    createdAt: 'created_on',
    deactivatedAt: 'deactivated_on',
    ...SCHEDULE_COLUMNS,
  },
}

/** The tables of desktops in all releases. Source of the newest: models.py of EDH 26.4. */
export const PORTAL_TABLES: readonly PortalTable[] = [
  { name: 'linux_dcv_sessions', ...OLD, os: () => 'linux' },
  { name: 'windows_dcv_sessions', ...OLD, os: () => 'windows' },
  {
    name: 'virtual_desktop_sessions',
    needed: { owner: 'session_owner', name: 'session_name', state: 'session_state', isActive: 'is_active' },
    more: {
      uuid: 'session_uuid',
      sessionId: 'session_id',
      host: 'instance_private_dns',
      ip: 'instance_private_ip',
      instance: 'instance_id',
      instanceType: 'instance_type',
      family: 'os_family',
      createdAt: 'created_on',
      deactivatedAt: 'deactivated_on',
      schedule: 'schedule',
    },
    profile: (path) => (path.includes('/edh/') ? 'edh-26' : 'soca-25'),
    os: ({ family }) => (String(family).toLowerCase() === 'windows' ? 'windows' : 'linux'),
  },
]

/** Whose database it is. */
export type Origin = Pick<PortalSession, 'cluster' | 'profile'>

/** A desktop, from a row. */
export function portalSession(row: Row, { os }: PortalTable, origin: Origin): PortalSession {
  return {
    ...origin,
    owner: text(row['owner']),
    name: text(row['name']),
    state: text(row['state']).toLowerCase(),
    isActive: Number(row['isActive'] ?? 0) !== 0,
    os: os(row),
    uuid: text(row['uuid']),
    sessionId: text(row['sessionId']),
    host: hostOf(text(row['host'])),
    ip: text(row['ip']),
    instance: /^i-[0-9a-f]+$/.exec(text(row['instance']))?.[0] ?? '',
    instanceType: text(row['instanceType']),
    createdAt: instant(text(row['createdAt'])),
    deactivatedAt: instant(text(row['deactivatedAt'])),
    schedule: scheduleOf(row),
  }
}

function text(value: unknown): string {
  return value === null || value === undefined ? '' : String(value)
}

/** A host name that is not known yet is stored as `0` or `False`. */
function hostOf(dns: string): string {
  const [label = ''] = dns.split('.')
  return label === '0' || label === 'False' ? '' : label
}

/** The database stores UTC without a zone. */
function instant(written: string): string {
  const ms = Date.parse(`${written.slice(0, 19).replace(' ', 'T')}Z`)
  return Number.isNaN(ms) ? '' : new Date(ms).toISOString()
}

function scheduleOf(row: Row): PortalSession['schedule'] {
  const days = jsonOf(row['schedule'])
  const times = WEEKDAYS.flatMap((day): [Weekday, RunTime][] => {
    const written = days?.[day]
    const [start, stop] = isRecord(written)
      ? [written['start'], written['stop']]
      : [row[`${day}_start`], row[`${day}_stop`]]
    return typeof start === 'number' && typeof stop === 'number' ? [[day, { start, stop }]] : []
  })
  return Object.fromEntries(times)
}

function jsonOf(value: unknown): Row | undefined {
  if (typeof value !== 'string' || value === '') return undefined
  try {
    const parsed: unknown = JSON.parse(value)
    return isRecord(parsed) ? parsed : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
