/** Times for people: local, with UTC beside. Pure; the zone is that of the browser unless another is given. */

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long ago, in short: `just now`, `42 s`, `5 min`, `3 h`, `2 d`. */
export function ageText(ms: number): string {
  if (ms < 5000) return 'just now'
  if (ms < MINUTE) return `${Math.floor(ms / 1000)} s ago`
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min ago`
  if (ms < 2 * DAY) return `${Math.floor(ms / HOUR)} h ago`
  return `${Math.floor(ms / DAY)} d ago`
}

/** `45 s`, `13 min`, `2 h 5 min`, `3 d 4 h`. */
export function durationText(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 90) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return hours % 24 === 0 ? `${hours / 24} d` : `${Math.floor(hours / 24)} d ${hours % 24} h`
}

/** `10:03:12` on the same day, otherwise `26 Nov 10:03:12`, with the year if it is another one. */
export function localText(iso: string, nowMs: number, timeZone?: string): string {
  const at = partsOf(Date.parse(iso), timeZone)
  const now = partsOf(nowMs, timeZone)
  const clock = `${at['hour']}:${at['minute']}:${at['second']}`
  if (at['year'] !== now['year']) return `${at['day']} ${at['month']} ${at['year']} ${clock}`
  if (at['day'] !== now['day'] || at['month'] !== now['month']) return `${at['day']} ${at['month']} ${clock}`
  return clock
}

/** `26 Nov 2026 10:03:12`, however recent. */
export function fullText(iso: string, timeZone?: string): string {
  const at = partsOf(Date.parse(iso), timeZone)
  return `${at['day']} ${at['month']} ${at['year']} ${at['hour']}:${at['minute']}:${at['second']}`
}

/** `2026-11-26 08:01:10.559 UTC`. */
export function utcText(iso: string): string {
  return `${iso.slice(0, 10)} ${iso.slice(11, 23)} UTC`
}

const formats = new Map<string, Intl.DateTimeFormat>()

function partsOf(ms: number, timeZone: string | undefined): Readonly<Record<string, string>> {
  const key = timeZone ?? ''
  const format =
    formats.get(key) ??
    new Intl.DateTimeFormat('en-GB', {
      ...(timeZone === undefined ? {} : { timeZone }),
      year: 'numeric',
      month: 'short',
      day: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    })
  formats.set(key, format)
  if (Number.isNaN(ms)) return {}
  return Object.fromEntries(format.formatToParts(ms).map(({ type, value }) => [type, value]))
}
