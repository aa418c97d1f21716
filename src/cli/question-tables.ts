import type { EventJson } from '../event-json.ts'
import type { SessionJson } from '../triage/sessions/session-json.ts'
import type { TrendJson } from '../triage/trends.ts'
import { grouped } from './counted.ts'
import type { Io } from './io.ts'
import { paint, type Style, severityStyle } from './paint.ts'
import { oneLine, printable } from './printable.ts'
import { shortPlace } from './short-place.ts'
import { tableText } from './table.ts'
import { timeText } from './time-text.ts'

type Shown = { readonly utc?: boolean }

const STATUS: Record<SessionJson['status'], Style> = {
  failed: 'red',
  stalled: 'yellow',
  in_progress: 'cyan',
  ready: 'green',
  stopped: 'dim',
  unknown: 'dim',
}

/** One desktop per line; the columns for cluster and portal appear only if they tell desktops apart. */
export function sessionTable(sessions: readonly SessionJson[], options: Shown, io: Io): string {
  return tableText<SessionJson>(
    [
      {
        head: 'STATUS',
        cell: ({ status }) => status,
        paint: ({ status }, cell) => paint(io, STATUS[status], cell),
      },
      { head: 'SESSION', cell: ({ session }) => session },
      ...(new Set(sessions.map(({ cluster }) => cluster)).size > 1
        ? [{ head: 'CLUSTER', cell: ({ cluster }: SessionJson) => cluster, spare: 5 }]
        : []),
      { head: 'HOST', cell: ({ host }) => host, spare: 3 },
      { head: 'PROFILE', cell: ({ profile }) => profile, spare: 1 },
      ...(sessions.some(({ portal_state }) => portal_state !== undefined)
        ? [{ head: 'PORTAL', cell: ({ portal_state = '' }: SessionJson) => portal_state, spare: 7 }]
        : []),
      { head: 'PHASE', cell: ({ phase }) => phase, spare: 6 },
      { head: 'LAST LINE', cell: ({ last_seen }) => timeText(last_seen, options.utc === true), spare: 4 },
      { head: 'FAILURES', cell: ({ failures }) => String(failures), right: true, spare: 2 },
      { head: 'LAST FAILURE', cell: ({ last_rule_id }) => last_rule_id },
    ],
    sessions,
    io,
  )
}

/** Failures over time, one line per time step and kind. */
export function trendTable(trends: readonly TrendJson[], options: Shown, io: Io): string {
  return tableText<TrendJson>(
    [
      { head: 'FROM', cell: ({ bucket }) => timeText(bucket, options.utc === true) },
      { head: 'COUNT', cell: ({ count }) => grouped(count), right: true },
      { head: 'DESKTOPS', cell: ({ sessions }) => String(sessions), right: true, spare: 2 },
      { head: 'HOSTS', cell: ({ hosts }) => String(hosts), right: true, spare: 1 },
      {
        head: 'SEVERITY',
        cell: ({ severity }) => severity,
        paint: ({ severity }, cell) => paint(io, severityStyle(severity as 'info'), cell),
      },
      {
        head: 'WHAT',
        cell: ({ title, rule_id }) => (rule_id === '' ? title : `${title} (${rule_id})`),
        tail: ({ rule_id }) => (rule_id === '' ? '' : ` (${rule_id})`),
        least: 40,
      },
    ],
    trends,
    io,
  )
}

/**
 * One event per line, with the desktop or host that it is of; a mark shows times that are not from the log itself, and
 * further lines are indented.
 */
export function eventLines(events: readonly EventJson[], options: Shown, io: Io): string {
  const lines = events.map((event) => {
    const time = timeText(event.ts, options.utc === true) + (event.ts_quality === 'parsed' ? ' ' : '~')
    const what = event.rule_id ?? (event.kind === 'unknown' ? 'unexplained' : '')
    const mark = what === '' ? '' : `${paint(io, severityStyle(event.severity ?? ''), what)}  `
    const place = paint(io, 'dim', [...subjectOf(event), shortPlace(event)].join(' '))
    return `${time} ${place}  ${mark}${printable(event.message, '    ')}`
  })
  return `${lines.join('\n')}\n`
}

/** The desktop that an event names, or else its host; nothing if the event names neither. */
function subjectOf({ owner = '', session = '', host = '' }: EventJson): string[] {
  const name = session === '' ? host : [owner, session].filter((part) => part !== '').join('/')
  return name === '' ? [] : [oneLine(name)]
}
