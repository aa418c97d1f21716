import type { EventJson } from '../event-json.ts'
import { cutText } from '../triage/cut-text.ts'
import { isShared } from '../triage/diagnosis/story.ts'
import type { Io } from './io.ts'
import { paint, severityStyle } from './paint.ts'
import { printable } from './printable.ts'
import { shortPlace } from './short-place.ts'
import { timeText } from './time-text.ts'

/** Silences of at least this length are shown. */
const GAP_MS = 10 * 60_000
const LANE = 18
/** More of a message is not shown, characters. */
const MOST_SHOWN = 2000

/**
 * The story of a desktop as text: one event per line with its time and source, a heading for each phase, and the silences.
 * Repetitions are shown once and counted. A mark shows times that are not from the log.
 */
export function timelineText(events: readonly EventJson[], utc: boolean, io: Io): string {
  const lines: string[] = []
  let phase = ''
  let before: EventJson | undefined
  let shown = new Set<string>()
  let last = ''
  let repeated: string[] = []
  const tellRepeats = () => {
    if (repeated.length === 0) return
    const until = before === undefined ? '' : ` until ${timeText(before.ts, utc)}`
    lines.push(paint(io, 'dim', `   … ${repeatsText(repeated, last)}${until}`))
    repeated = []
    shown = new Set()
  }
  for (const event of events) {
    const key = `${event.file} ${event.rule_id ?? ''} ${event.message.replace(/\d+/g, '0')}`
    if (shown.has(key) && mayFold(event, key === (repeated.at(-1) ?? last))) repeated.push(key)
    else {
      tellRepeats()
      last = key
      if (before !== undefined) lines.push(...gapBetween(before, event, io))
      if (event.phase !== undefined && event.phase !== phase && event.kind === 'milestone') {
        phase = event.phase
        lines.push(paint(io, 'bold', `── ${phase}`))
      }
      lines.push(textOf(event, utc, io))
      shown.add(key)
    }
    before = event
  }
  tellRepeats()
  return `${lines.join('\n')}\n`
}

/** Is it told once if it comes again? A step of the desktop's own that is done again is a new beginning. */
function mayFold({ rule_id, kind, source }: EventJson, isSameAgain: boolean): boolean {
  return rule_id !== undefined && (kind !== 'milestone' || isShared(source) || isSameAgain)
}

function repeatsText(repeated: readonly string[], last: string): string {
  const count = repeated.length
  if (repeated.every((key) => key === last)) return `the same ${count} more ${count === 1 ? 'time' : 'times'}`
  return `${count} more ${count === 1 ? 'line' : 'lines'} like those above`
}

function textOf(event: EventJson, utc: boolean, io: Io): string {
  const { ts, ts_quality, source = '', rule_id, kind, severity, message } = event
  const time = timeText(ts, utc) + (ts_quality === 'parsed' ? ' ' : '~')
  const what = rule_id ?? (kind === 'unknown' ? 'unexplained' : '')
  const mark = what === '' ? '' : `${paint(io, severityStyle(severity ?? ''), what)}  `
  const place = paint(io, 'dim', [event, ...(event.copies ?? [])].map(shortPlace).join('; also '))
  const end = event.cleared_at === undefined ? '' : `  (over at ${timeText(event.cleared_at, utc)})`
  return `${time} ${paint(io, 'dim', source.padEnd(LANE))} ${mark}${printable(cutText(message, MOST_SHOWN, 'all of it: --json'), '    ')}${end}  ${place}`
}

/** Only times from the logs themselves prove a silence. */
function gapBetween(a: EventJson, b: EventJson, io: Io): string[] {
  if (a.ts_quality !== 'parsed' || b.ts_quality !== 'parsed') return []
  const silentMs = Date.parse(b.ts) - Date.parse(a.ts)
  return silentMs < GAP_MS
    ? []
    : [paint(io, 'dim', `   … ${Math.round(silentMs / 60_000)} min without an event`)]
}
