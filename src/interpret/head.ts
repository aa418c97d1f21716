import { setTime, type TimeContext } from './instant.ts'
import { readLevel } from './level.ts'
import { skipBlanks, takeRun } from './literal-run.ts'
import { type Field, FieldKind, type Pattern } from './pattern.ts'
import { type TimeLayout, timeParts } from './time-layout.ts'
import { impossible, readTime } from './timestamp.ts'

/** What the head of a record says; mutable, reused for every record, and fastest if made by `emptyHead`. */
export type Head = {
  /** µs since the epoch, UTC; NaN if there is none. */
  ts: number
  /** Index into LEVELS. */
  level: number
  componentBegin: number
  componentEnd: number
  textBegin: number
  textEnd: number
}

/** The longest `{skip}` or `{component}`: a bound for hostile lines. */
const MAX_FIELD_BYTES = 256
const NEWLINE = 10
const TAB = 9
const SPACE = 32
const DELETE = 127

const parts = timeParts()
/** The last time that was read, whose parts are in `parts`: most patterns of a format differ only after the time. */
const lastRead = { layout: undefined as TimeLayout | undefined, at: -1, end: -1 }

/** Impossible times, with the right shape: was one met in this record, and are they accepted as times? */
const strange = { isMet: false, isTaken: false }

/** Must be called before the first pattern is tried on a record, since its bytes may be at the addresses of earlier ones. */
export function beginRecord(): void {
  lastRead.layout = undefined
  strange.isMet = false
  strange.isTaken = false
}

/**
 * To be called when no pattern has fitted; true at most once per record. If an impossible time (31 February) kept a pattern
 * from fitting, the patterns may be tried once more, and will accept it as the head of a record without a time.
 */
export function takesStrangeTime(): boolean {
  const isNews = strange.isMet && !strange.isTaken
  strange.isTaken = strange.isMet
  return isNews
}

/**
 * Reads the head of a record with a pattern; `out` is valid only if the result is true. If the pattern has no `{message}`,
 * the text is the whole record.
 */
export function matchPattern(
  pattern: Pattern,
  bytes: Uint8Array,
  at: number,
  end: number,
  context: TimeContext,
  out: Head,
): boolean {
  out.level = 0
  out.componentBegin = at
  out.componentEnd = at
  const textBegin = scan(pattern, pattern.fields.length, bytes, at, end, out)
  if (textBegin < 0) return false
  out.ts = Number.NaN
  if (pattern.hasTime && !strange.isTaken) setTime(parts, context, out)
  out.textBegin = pattern.hasMessage ? textBegin : at
  out.textEnd = pattern.hasMessage ? endOfText(pattern, bytes, textBegin, end) : end
  return true
}

/** Does the line [at, end) begin like a record of this pattern? */
export function startsPattern(
  pattern: Pattern,
  bytes: Uint8Array,
  at: number,
  end: number,
  scratch: Head,
): boolean {
  return scan(pattern, pattern.headFields, bytes, at, end, scratch) >= 0
}

/** Scans `count` fields; returns where the text begins (or where the head ends), or -1 if something does not fit. */
function scan(
  pattern: Pattern,
  count: number,
  bytes: Uint8Array,
  begin: number,
  end: number,
  out: Head,
): number {
  const { before, fields } = pattern
  let at = before.length === 0 ? begin : takeRun(before, bytes, begin, end)
  for (let i = 0; i < count && at >= 0; i++) {
    const field = fields[i] as Field
    switch (field.kind) {
      case FieldKind.time:
        at = takeTime(field.layout as TimeLayout, bytes, at, end)
        if (at < 0 || (i === count - 1 && count < fields.length)) return at
        at = takeRun(field.after, bytes, at, end)
        break
      case FieldKind.level:
        at = takeLevel(field, bytes, at, end, out)
        break
      case FieldKind.component:
        at = takeComponent(field.after, bytes, at, end, out)
        break
      case FieldKind.skip:
        at = takeSkip(field.after, bytes, at, end)
        break
      case FieldKind.message:
        return at
    }
  }
  return at
}

/** Reads the time, unless the pattern before had the same layout at the same place; returns where it ends, or -1. */
function takeTime(layout: TimeLayout, bytes: Uint8Array, at: number, end: number): number {
  if (layout !== lastRead.layout || at !== lastRead.at) {
    lastRead.layout = layout
    lastRead.at = at
    lastRead.end = readTime(layout, bytes, at, end, parts)
  }
  if (lastRead.end >= -1) return lastRead.end
  strange.isMet = true
  return strange.isTaken ? impossible(lastRead.end) : -1
}

/** Some logs pad levels: blanks around a level belong to it. */
function takeLevel(field: Field, bytes: Uint8Array, at: number, end: number, out: Head): number {
  let stop = readLevel(bytes, skipBlanks(bytes, at, end), end, out)
  if (stop < 0) return -1
  if (field.after[0] !== SPACE) stop = skipBlanks(bytes, stop, end)
  return takeRun(field.after, bytes, stop, end)
}

/** A component is one word up to the literal bytes after it, without blanks and control characters. */
function takeComponent(run: Uint8Array, bytes: Uint8Array, begin: number, end: number, out: Head): number {
  const first = run[0] as number
  const stop = Math.min(end, begin + MAX_FIELD_BYTES)
  for (let at = begin; at < stop; at++) {
    const byte = bytes[at] as number
    if (byte === first || byte <= SPACE) {
      const next = at === begin ? -1 : takeRun(run, bytes, at, end)
      if (next >= 0) {
        out.componentBegin = begin
        out.componentEnd = at
        return next
      }
    }
    if (byte <= SPACE || byte === DELETE) return -1
  }
  return -1
}

/** Anything up to the literal bytes after it, within the line. */
function takeSkip(run: Uint8Array, bytes: Uint8Array, begin: number, end: number): number {
  const first = run[0] as number
  const stop = Math.min(end, begin + MAX_FIELD_BYTES)
  for (let at = begin; at < stop; at++) {
    const byte = bytes[at] as number
    if (byte === NEWLINE) return -1
    if (byte !== first && (byte !== TAB || first !== SPACE)) continue
    const next = takeRun(run, bytes, at, end)
    if (next >= 0) return next
    // What does not follow these blanks does not follow the last of them either.
    if (first === SPACE) at = skipBlanks(bytes, at, end) - 1
  }
  return -1
}

/** Where the text ends: before the literal bytes that the pattern has after `{message}`, if the record ends with them. */
function endOfText(pattern: Pattern, bytes: Uint8Array, textBegin: number, end: number): number {
  const suffix = (pattern.fields[pattern.fields.length - 1] as Field).after
  const textEnd = end - suffix.length
  if (textEnd < textBegin) return end
  for (let i = 0; i < suffix.length; i++) if (bytes[textEnd + i] !== suffix[i]) return end
  return textEnd
}
