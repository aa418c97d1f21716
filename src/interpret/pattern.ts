import { type TimeLayout, timeLayout } from './time-layout.ts'

/** Numbers, since the scan of a head branches on them for every field. */
export const FieldKind = { time: 0, level: 1, component: 2, skip: 3, message: 4 } as const
type FieldName = keyof typeof FieldKind

/** One `{field}` and the literal bytes after it, in which a space stands for one or more. */
export type Field = {
  readonly kind: (typeof FieldKind)[FieldName]
  readonly layout: TimeLayout | undefined
  readonly after: Uint8Array
}

/** A pattern as byte scanners: literal bytes, then each field with the literal bytes after it. */
export type Pattern = {
  readonly kind: 'pattern'
  readonly before: Uint8Array
  readonly fields: readonly Field[]
  /** The number of fields, up to the time (without one: the first two), that identify the start of a record. */
  readonly headFields: number
  readonly hasTime: boolean
  readonly hasMessage: boolean
  /** 1 for each byte with which a record of this pattern may begin. */
  readonly firstBytes: Uint8Array
}

/** What is wrong with a pattern, and at which character (from 0). */
export type PatternFault = { readonly kind: 'fault'; readonly at: number; readonly message: string }

const TAB = 9
const SPACE = 32
const FIELD = /\{(time|level|component|skip|message)(?::([^{}]*))?\}/y
const FIELD_NAMES = '{time:LAYOUT}, {level}, {component}, {skip} or {message}'

/** Compiles a pattern of the format language; never throws. */
export function compilePattern(text: string): Pattern | PatternFault {
  const runs: string[] = ['']
  const fields: { name: FieldName; layout: TimeLayout | undefined; at: number }[] = []
  for (let at = 0; at < text.length; ) {
    const char = text.charAt(at)
    if (char !== '{' && char !== '}') {
      if (char < ' ') return fault(at, 'a control character')
      runs.push(`${runs.pop()}${char}`)
      at++
      continue
    }
    FIELD.lastIndex = at
    const [whole = '', name, layout] = FIELD.exec(text) ?? []
    if (whole === '') return fault(at, `not a field; a field is ${FIELD_NAMES}`)
    const compiled = layout === undefined ? undefined : timeLayout(layout)
    const wrong = wrongField(name as FieldName, layout, compiled)
    if (wrong !== undefined) return fault(at, wrong)
    fields.push({ name: name as FieldName, layout: compiled, at })
    runs.push('')
    at += whole.length
  }
  return misplaced(fields, runs) ?? assemble(fields, runs)
}

function fault(at: number, message: string): PatternFault {
  return { kind: 'fault', at, message }
}

function wrongField(name: FieldName, layout: string | undefined, compiled: unknown): string | undefined {
  if (name !== 'time') return layout === undefined ? undefined : `{${name}} takes no layout`
  if (layout === undefined) return '{time} needs a layout, such as {time:YYYY-MM-DD hh:mm:ss}'
  if (compiled !== undefined) return undefined
  return `"${layout}" is not the layout of a time: it needs a month, a day, hh, mm and ss, or is epoch or uptime`
}

type PlacedField = { readonly name: FieldName; readonly layout: TimeLayout | undefined; readonly at: number }

/** Faults that show only in the whole pattern. */
function misplaced(fields: readonly PlacedField[], runs: readonly string[]): PatternFault | undefined {
  if (fields.length === 0) return fault(0, `no field; a field is ${FIELD_NAMES}`)
  for (const [i, { name, at }] of fields.entries()) {
    if (name !== 'skip' && fields.findIndex((other) => other.name === name) < i) {
      return fault(at, `a second {${name}}`)
    }
    if (name === 'message' && i < fields.length - 1) return fault(at, '{message} must be the last field')
    if ((name === 'skip' || name === 'component') && runs[i + 1] === '') {
      return fault(at, `{${name}} must be followed by the literal characters that end it`)
    }
  }
  return undefined
}

function assemble(placed: readonly PlacedField[], runs: readonly string[]): Pattern {
  const fields = placed.map(({ name, layout }, i) => ({
    kind: FieldKind[name],
    layout,
    after: name === 'message' ? new Uint8Array(Buffer.from(runs[i + 1] ?? '')) : runBytes(runs[i + 1]),
  }))
  const time = placed.findIndex(({ name }) => name === 'time')
  const before = runBytes(runs[0])
  return {
    kind: 'pattern',
    before,
    fields,
    headFields: time < 0 ? Math.min(2, fields.length) : time + 1,
    hasTime: time >= 0,
    hasMessage: placed.at(-1)?.name === 'message',
    firstBytes: firstBytes(before, fields[0]),
  }
}

/** Several spaces mean the same as one. */
function runBytes(run: string | undefined): Uint8Array {
  return new Uint8Array(Buffer.from((run ?? '').replace(/ +/g, ' ')))
}

function firstBytes(before: Uint8Array, field: Field | undefined): Uint8Array {
  const allowed = before.length > 0 ? before.subarray(0, 1) : field?.layout?.firstBytes
  if (allowed === undefined) return new Uint8Array(256).fill(1)
  const set = new Uint8Array(256)
  for (const byte of allowed) set[byte] = 1
  if (set[SPACE] === 1 && before.length > 0) set[TAB] = 1
  return set
}
