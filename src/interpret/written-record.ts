import type { Level } from '../model.ts'

/** What the store keeps of the head of a record. */
export type HeadFacts = {
  /** ISO 8601 with microseconds, UTC; '' if the record has no time of its own. */
  readonly ts: string
  readonly level: Level | ''
  readonly component: string
  /** The machine that wrote it; '' if unknown. */
  readonly host: string
}

type Words = Readonly<Record<Level, string>>
const WORDS: Words = { debug: 'DEBUG', info: 'INFO', warn: 'WARNING', error: 'ERROR', fatal: 'FATAL' }
/** Levels in round brackets: sssd's before a colon, otherwise the X server's. */
const SSSD: Words = { debug: '0x0400', info: '0x3f7c0', warn: '0x0080', error: '0x0020', fatal: '0x0010' }
const XORG: Words = { debug: 'DB', info: 'II', warn: 'WW', error: 'EE', fatal: 'EE' }
/** The words of time layouts, longest first; a run of `f` is that many digits of the fraction. */
const TOKEN = /epoch|uptime|YYYY|MMM|DDD|MM|DD|D|hh|h|mm|ss|f+|F|z|Z|t/g
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const DAYS = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ')

/**
 * Reconstructs a record in its format from what is stored: its head has the same content, but not the same bytes (the
 * spelling of a level, numbers that are not stored). Only its message if it had no head. Of several heads that the record may
 * have had, the one that makes it as long as it was (`bytes`, without the newline) counts: a program is written with its
 * process id or without.
 */
export function writtenRecord(
  patterns: readonly string[],
  facts: HeadFacts,
  message: string,
  bytes?: number,
): string {
  const has = (pattern: string, field: RegExp) => field.test(pattern)
  if (facts.ts === '' && facts.level === '') return message
  const fitting = patterns.filter(
    (pattern) =>
      has(pattern, /\{time:(?!uptime)/) === (facts.ts !== '') &&
      has(pattern, /\{level/) === (facts.level !== '') &&
      has(pattern, /\{component/) === (facts.component !== '') &&
      has(pattern, /\{message/),
  )
  let first: string | undefined
  for (const pattern of fitting) {
    const text = filled(pattern, facts, message)
    if (fitting.length === 1 || Buffer.byteLength(text) === bytes) return text
    first ??= text
  }
  return first ?? message
}

function filled(fitting: string, facts: HeadFacts, message: string): string {
  const words = fitting.includes('({level}):') ? SSSD : fitting.includes('({level})') ? XORG : WORDS
  const withHost =
    facts.host === '' ? fitting : fitting.replace('{skip} {component}', () => `${facts.host} {component}`)
  return withHost.replace(/\{(\w+)(?::([^{}]*))?\}/g, (_, field: string, layout: string | undefined) => {
    if (field === 'time') return writtenTime(layout ?? '', facts.ts)
    if (field === 'level') return facts.level === '' ? '' : words[facts.level]
    if (field === 'component') return facts.component
    return field === 'message' ? message : '0'
  })
}

function writtenTime(layout: string, ts: string): string {
  const date = new Date(ts)
  const two = (n: number) => String(n).padStart(2, '0')
  const parts: Readonly<Record<string, string>> = {
    epoch: String(Math.floor(date.getTime() / 1000)),
    uptime: '0.000000',
    YYYY: ts.slice(0, 4),
    MMM: MONTHS[date.getUTCMonth()] ?? '',
    DDD: DAYS[date.getUTCDay()] ?? '',
    MM: ts.slice(5, 7),
    DD: ts.slice(8, 10),
    D: String(date.getUTCDate()).padStart(2),
    hh: two(date.getUTCHours()),
    h: String(date.getUTCHours()).padStart(2),
    mm: two(date.getUTCMinutes()),
    ss: two(date.getUTCSeconds()),
    F: ts.slice(20, 26) === '000000' ? '' : `,${ts.slice(20, 26)}`,
    z: '',
    Z: 'Z',
    t: ' ',
  }
  return layout.replace(TOKEN, (token) => parts[token] ?? ts.slice(20, 20 + token.length))
}
