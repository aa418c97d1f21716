/** A layout of times as steps over the bytes: values below 256 are literal bytes, others are tokens. */
export type TimeLayout = {
  readonly steps: Int16Array
  /** Does it have a year? */
  readonly dated: boolean
  /** Bytes with which a time in this layout may begin. */
  readonly firstBytes: readonly number[]
}

/** Parts of a time as read, by `Part`; reused from line to line. */
export type TimeParts = Int32Array

/** `days` (since the epoch) is set only by epoch times, `offset` (minutes) only if a zone was written. */
export const Part = {
  year: 0,
  month: 1,
  day: 2,
  hour: 3,
  minute: 4,
  second: 5,
  micros: 6,
  offset: 7,
  kind: 8,
  days: 9,
} as const

/** What a time lacks, by its code in `Part.kind`: nothing, its year, its date as parts, or any day at all. */
export const TimeKind = { dated: 0, yearless: 1, epoch: 2, uptime: 3 } as const

export const Token = {
  month: 256,
  weekday: 257,
  paddedDay: 258,
  zone: 259,
  maybeZone: 260,
  maybeFraction: 261,
  tee: 262,
  epoch: 263,
  uptime: 264,
  clock: 265,
  paddedClock: 266,
  /** From the year to the second, the commonest shape: plus the byte between the date's parts, plus an `After`. */
  moment: 512,
  /** A run of digits: plus its part * 16 + its length. */
  digits: 1024,
} as const

/** What is between the date and the clock of a `Token.moment`. */
export const After = { space: 0, tee: 128, any: 256 } as const

type Word = {
  readonly text: string
  readonly token: number
  /** What such a time may begin with; empty if the word may match nothing. */
  readonly first: string
  readonly gives: string
}

const DIGITS = '0123456789'
const DATE_AND_CLOCK = 'year month day clock'

/** The words of layouts; if one begins another, the longer first. */
const WORDS: readonly Word[] = [
  { text: 'epoch', token: Token.epoch, first: DIGITS, gives: 'all' },
  { text: 'uptime', token: Token.uptime, first: ` ${DIGITS}`, gives: 'all' },
  { text: 'YYYY-MM-DD hh:mm:ss', token: Token.moment + 45, first: '12', gives: DATE_AND_CLOCK },
  { text: 'YYYY-MM-DDThh:mm:ss', token: Token.moment + 45 + After.tee, first: '12', gives: DATE_AND_CLOCK },
  { text: 'YYYY-MM-DDthh:mm:ss', token: Token.moment + 45 + After.any, first: '12', gives: DATE_AND_CLOCK },
  { text: 'YYYY/MM/DD hh:mm:ss', token: Token.moment + 47, first: '12', gives: DATE_AND_CLOCK },
  { text: 'YYYY', token: digits(Part.year, 4), first: '12', gives: 'year' },
  { text: 'MMM', token: Token.month, first: 'ADFJMNOSadfjmnos', gives: 'month' },
  { text: 'MM', token: digits(Part.month, 2), first: '01', gives: 'month' },
  { text: 'DDD', token: Token.weekday, first: 'FMSTWfmstw', gives: '' },
  { text: 'DD', token: digits(Part.day, 2), first: '0123', gives: 'day' },
  { text: 'D', token: Token.paddedDay, first: ` ${DIGITS}`, gives: 'day' },
  { text: 'hh:mm:ss', token: Token.clock, first: '012', gives: 'clock' },
  { text: 'h:mm:ss', token: Token.paddedClock, first: ' 012', gives: 'clock' },
  { text: 'hh', token: digits(Part.hour, 2), first: '012', gives: 'hour' },
  { text: 'mm', token: digits(Part.minute, 2), first: '012345', gives: 'minute' },
  { text: 'ss', token: digits(Part.second, 2), first: '0123456', gives: 'second' },
  { text: 'ffffff', token: digits(Part.micros, 6), first: DIGITS, gives: '' },
  { text: 'fff', token: digits(Part.micros, 3), first: DIGITS, gives: '' },
  { text: 'F', token: Token.maybeFraction, first: '', gives: '' },
  { text: 'Z', token: Token.zone, first: 'Z+-', gives: '' },
  { text: 'z', token: Token.maybeZone, first: '', gives: '' },
  { text: 't', token: Token.tee, first: 'T ', gives: '' },
]

const compiled = new Map<string, TimeLayout | undefined>()

/**
 * The steps of a layout, the same object for the same text; undefined if it lacks a part that every time has. Besides words
 * with the obvious meaning: `D` and `h` are padded with a space, `F` is an optional fraction after a comma or dot, `Z` a
 * zone, `z` an optional one, `t` a `T` or a space.
 */
export function timeLayout(text: string): TimeLayout | undefined {
  const known = compiled.get(text)
  if (known !== undefined) return known
  const layout = compileLayout(text)
  compiled.set(text, layout)
  return layout
}

/** Makes room for the parts of one time; it is overwritten by each time that is read into it. */
export function timeParts(): TimeParts {
  return new Int32Array(10)
}

function compileLayout(layout: string): TimeLayout | undefined {
  const steps: number[] = []
  const given = new Set<string>()
  let first: Buffer | undefined
  for (let at = 0; at < layout.length; ) {
    const word = WORDS.find(({ text }) => layout.startsWith(text, at))
    const literal = String.fromCodePoint(layout.codePointAt(at) ?? 0)
    first ??= word === undefined ? Buffer.from(literal).subarray(0, 1) : Buffer.from(word.first)
    if (word === undefined) steps.push(...Buffer.from(literal))
    else steps.push(word.token)
    for (const part of word?.gives.split(' ') ?? []) given.add(part)
    at += (word?.text ?? literal).length
  }
  const has = (...parts: string[]): boolean => parts.every((part) => given.has(part))
  const clock = has('clock') || has('hour', 'minute', 'second')
  const whole = (has('all') && steps.length === 1) || (!has('all') && clock && has('month', 'day'))
  if (!whole || first === undefined || first.length === 0) return undefined
  return { steps: Int16Array.from(steps), dated: has('year'), firstBytes: [...first] }
}

function digits(part: number, count: number): number {
  return Token.digits + (part << 4) + count
}
