import { keyValues } from './secret-key.ts'
import {
  bare,
  bareEnd,
  follows,
  isHarmless,
  looksGenerated,
  mayBePassword,
  readQuoted,
  type Value,
} from './secret-value.ts'
import { COMMANDS, KEYS, type SecretCommand, type SecretShape, SHAPES } from './secrets.ts'

export type Span = { readonly begin: number; readonly end: number; readonly kind: string }

/** Finds the secrets that the needle at `at` leads to, in time that does not grow with the text unless it finds one. */
export type Carrier = (text: string, at: number) => readonly Span[]

/** What each needle may lead to. */
export const CARRIERS: ReadonlyMap<string, readonly Carrier[]> = carriersByNeedle()

function carriersByNeedle(): ReadonlyMap<string, readonly Carrier[]> {
  const carriers = new Map<string, Carrier[]>()
  const add = (needle: string, carrier: Carrier): void => {
    carriers.set(needle, [...(carriers.get(needle) ?? []), carrier])
  }
  for (const { kind, word, needles } of KEYS) {
    for (const needle of needles) add(needle, keyCarrier(kind, needle.indexOf(word) + word.length))
  }
  for (const shape of SHAPES) for (const needle of shape.needles) add(needle, shapeCarrier(shape))
  for (const command of COMMANDS) for (const needle of command.needles) add(needle, commandCarrier(command))
  return carriers
}

function keyCarrier(kind: string, wordEnd: number): Carrier {
  return (text, at) => keyValues(text, at + wordEnd, kind).map(({ begin, end }) => ({ begin, end, kind }))
}

function shapeCarrier(shape: SecretShape): Carrier {
  const { kind, pattern, data = false, lone = false } = shape
  return (text, at) => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match === null) return []
    const value = namedValue(match, pattern.lastIndex) ?? argument(text, pattern.lastIndex)
    if ((lone && !isLoneSecret(text, value)) || isHarmless(text, value, data ? 'data' : 'shell')) return []
    return [{ begin: value.begin, end: value.end, kind }]
  }
}

function namedValue(match: RegExpExecArray, end: number): Value | undefined {
  const [begin, stop] = match.indices?.groups?.['value'] ?? []
  if (begin !== undefined && stop !== undefined) return bare(begin, stop)
  const value = match.groups?.['value']
  return value === undefined ? undefined : bare(end - value.length, end)
}

function argument(text: string, at: number): Value {
  return readQuoted(text, at) ?? bare(at, bareEnd(text, at))
}

const LINE_ENDS = /[ \t\r]*(?:\n|$)/y
const READS_PASSWORD =
  /\r?\n\++ [^\n]{0,160}?\b(?:realm|kinit|adcli|chpasswd|smbpasswd|passwd --stdin|sudo -S|net ads)\b/y

function isLoneSecret(text: string, value: Value): boolean {
  const shown = text.slice(value.begin, value.end)
  if (/\s/.test(shown) || !mayBePassword(shown)) return false
  if (!value.closed) return value.end === text.length && shown.length >= 6
  if (!follows(LINE_ENDS, text, value.next)) return false
  return looksGenerated(shown, value.quote !== '') || follows(READS_PASSWORD, text, value.next)
}

/** An argument longer than this is masked even where the part that is secret cannot be told. */
const LONGEST_ARGUMENT = 512

/** Reads on to the next needle of the same command, which reads the rest of the line. */
function commandCarrier(command: SecretCommand): Carrier {
  const next = new RegExp(
    `\\n|${command.needles.map((needle) => needle.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|')}`,
    'g',
  )
  return (text, at) => {
    next.lastIndex = at + 1
    const stop = next.exec(text)?.index ?? text.length
    const spans: Span[] = []
    let read = at
    for (const flag of text.slice(at, stop).matchAll(command.flag)) {
      const begin = at + flag.index + flag[0].length
      if (begin < read) continue
      const value = argument(text, begin)
      read = value.next
      spans.push(...argumentSpans(text, value, command))
    }
    return spans
  }
}

function argumentSpans(text: string, whole: Value, { kind, after }: SecretCommand): Span[] {
  const shown = text.slice(whole.begin, whole.end)
  const isLong = shown.length > LONGEST_ARGUMENT
  if (!isLong && whole.quote === '' && /^[-<([{]/.test(shown)) return []
  const skipped = after === undefined ? 0 : shown.indexOf(after) + 1
  if (after !== undefined && !isLong && (skipped === 0 || /^\d+:\d+$/.test(shown))) return []
  const value = { ...whole, begin: whole.begin + skipped }
  return isHarmless(text, value, 'shell') ? [] : [{ begin: value.begin, end: value.end, kind }]
}
