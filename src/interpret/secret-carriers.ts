import { COMMANDS } from './secret-commands.ts'
import { keyValues } from './secret-key.ts'
import { KEYS } from './secret-keys.ts'
import { looksGenerated, mayBePassword } from './secret-looks.ts'
import { isHandedOver, pipedInto, READER_NEEDLES } from './secret-pipe.ts'
import { SHAPES } from './secret-shapes.ts'
import { bare, bareEnd, follows, isHarmless, readQuoted, type Value } from './secret-value.ts'
import type { SecretCommand, SecretKey, SecretShape } from './secrets.ts'

export type Span = { readonly begin: number; readonly end: number; readonly kind: string }

/** Finds the secrets to which the needle at `at` leads. Its time does not grow with the text unless it finds one. */
export type Carrier = (text: string, at: number) => readonly Span[]

/** What each needle may lead to. */
export const CARRIERS: ReadonlyMap<string, readonly Carrier[]> = carriersByNeedle()

/** Needles that indicate secrets in the surrounding lines: commands that read one, and words that announce the lines below. */
export const ACROSS: ReadonlySet<string> = new Set([
  ...READER_NEEDLES,
  ...SHAPES.flatMap(({ across, needles }) => (across ? needles : [])),
])

function carriersByNeedle(): ReadonlyMap<string, readonly Carrier[]> {
  const carriers = new Map<string, Carrier[]>()
  const add = (needle: string, carrier: Carrier): void => {
    carriers.set(needle, [...(carriers.get(needle) ?? []), carrier])
  }
  for (const key of KEYS) for (const needle of key.needles) add(needle, keyCarrier(key, needle))
  for (const shape of SHAPES) for (const needle of shape.needles) add(needle, shapeCarrier(shape))
  for (const command of COMMANDS) for (const needle of command.needles) add(needle, commandCarrier(command))
  for (const needle of READER_NEEDLES) add(needle, pipeCarrier)
  return carriers
}

function keyCarrier({ kind, word, only }: SecretKey, needle: string): Carrier {
  const wordEnd = needle.indexOf(word) + word.length
  return (text, at) =>
    keyValues(text, at + wordEnd, kind)
      .filter(({ begin, end }) => only === undefined || only(text.slice(begin, end)))
      .map(({ begin, end }) => ({ begin, end, kind }))
}

function shapeCarrier(shape: SecretShape): Carrier {
  const { kind, pattern, data = false, lone = false, only } = shape
  return (text, at) => {
    pattern.lastIndex = at
    const match = pattern.exec(text)
    if (match === null) return []
    const value = namedValue(match, pattern.lastIndex) ?? argument(text, pattern.lastIndex)
    if ((lone && !isLoneSecret(text, value, at)) || isHarmless(text, value, data ? 'data' : 'shell'))
      return []
    if (only?.(text.slice(value.begin, value.end)) === false) return []
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

const LINE_ENDS = /[ \t\r]*(?:\]\]|'\]')?[ \t\r]*(?:\n|$)/y

function isLoneSecret(text: string, value: Value, at: number): boolean {
  const shown = text.slice(value.begin, value.end)
  if (/\s/.test(shown) || !mayBePassword(shown)) return false
  if (!value.closed) return value.end === text.length && shown.length >= 6
  if (!follows(LINE_ENDS, text, value.next)) return false
  return looksGenerated(shown, value.quote !== '') || isHandedOver(text, shown, at, value.next)
}

/** `echo jdoe:x | chpasswd`: the name before the colon is kept. */
function pipeCarrier(text: string, at: number): readonly Span[] {
  const value = pipedInto(text, at)
  if (value === undefined) return []
  const user = /^[\w.-]{1,32}:(?=.)/.exec(text.slice(value.begin, value.end))?.[0].length ?? 0
  const secret = { ...value, begin: value.begin + user }
  return isHarmless(text, secret, 'shell') ? [] : [{ begin: secret.begin, end: secret.end, kind: 'password' }]
}

/** A longer argument is masked even if its secret part cannot be determined. */
const LONGEST_ARGUMENT = 512

/** Reads on to the next needle of the same command, which reads the rest of the line. */
function commandCarrier(command: SecretCommand): Carrier {
  const next = new RegExp(
    `\\n|${command.needles.map((needle) => needle.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')).join('|')}`,
    'g',
  )
  return (text, at) => {
    next.lastIndex = at + 1
    const line = text.slice(at, next.exec(text)?.index ?? text.length)
    const spans: Span[] = []
    let read = at
    for (const flag of line.matchAll(command.flag)) {
      const begin = at + flag.index + flag[0].length
      if (begin < read) continue
      const value = argument(text, begin)
      read = value.next
      spans.push(...argumentSpans(text, value, command))
    }
    return line.includes("'-") ? [...spans, ...listedSpans(text, at, line, command)] : spans
  }
}

const LISTED_FLAG = /'(-[^'\s]{1,80})'(?:, (?='))?/g

/** Arguments as Python prints them: `['ldapsearch', '-w', 'x']`, `['mysql', '-px']`. */
function listedSpans(text: string, at: number, line: string, command: SecretCommand): Span[] {
  return [...line.matchAll(LISTED_FLAG)].flatMap((item) => {
    const word = item[1] ?? ''
    const flag = ` ${word} x`.match(command.flag)?.[0]
    if (flag === undefined) return []
    const glued = flag.trim().length < word.length
    const begin = at + item.index + (glued ? flag.trim().length + 1 : item[0].length)
    if (!glued) return item[0].endsWith(' ') ? argumentSpans(text, argument(text, begin), command) : []
    return argumentSpans(text, bare(begin, at + item.index + 1 + word.length), command)
  })
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
