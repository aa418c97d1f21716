import type { EventKind, Layer, Phase, Severity } from './model.ts'

/** An event as commands and API show it; what is unknown is left out. */
export type EventJson = {
  readonly event_id: string
  readonly ts: string
  readonly ts_quality: string
  readonly profile?: string | undefined
  readonly cluster?: string | undefined
  readonly owner?: string | undefined
  readonly session?: string | undefined
  readonly session_uuid?: string | undefined
  readonly host?: string | undefined
  readonly source?: string | undefined
  readonly file: string
  readonly file_id: string
  readonly generation: number
  readonly offset: number
  readonly length: number
  /** The number of its line in its file, from 1; only where the file was read to count lines. */
  readonly line?: number | undefined
  readonly continued?: number | undefined
  readonly level?: string | undefined
  readonly component?: string | undefined
  readonly message: string
  readonly kind: EventKind | 'line'
  readonly rule_id?: string | undefined
  readonly rule_version?: number | undefined
  readonly severity?: Severity | undefined
  readonly phase?: Phase | undefined
  readonly layer?: Layer | undefined
  readonly template_id?: string | undefined
  readonly captures?: Readonly<Record<string, string>> | undefined
  /** The event of which this is a copy in another file. */
  readonly duplicate_of?: string | undefined
  /** Of a condition: when it was over. */
  readonly cleared_at?: string | undefined
  /** Only of an event that a rule made of several others: their ids; of many, the last ones. */
  readonly because?: readonly string[] | undefined
  /** Where else it is written. */
  readonly copies?: readonly EventPlace[] | undefined
}

/** A place where an event is written besides. */
export type EventPlace = Pick<EventJson, 'file' | 'offset' | 'length' | 'line'>

/** Keys that are always there, whatever their value. */
const ALWAYS = new Set([
  'event_id',
  'ts',
  'ts_quality',
  'file',
  'file_id',
  'generation',
  'offset',
  'length',
  'message',
  'kind',
])

/** Leaves out what is unknown: empty texts, empty captures, and a `continued` or `rule_version` of 0. */
export function withoutUnknown(event: Readonly<Record<string, unknown>>): EventJson {
  const known: Record<string, unknown> = {}
  for (const key of Object.keys(event)) {
    if (!isUnknown(event[key]) || ALWAYS.has(key)) known[key] = event[key]
  }
  return known as EventJson
}

function isUnknown(value: unknown): boolean {
  if (value === '' || value === 0 || value === null || value === undefined) return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

/** Microseconds since the epoch as ISO 8601 with six digits, in UTC. */
export function isoMicros(micros: number): string {
  const whole = Math.floor(micros / 1000)
  const rest = String(micros - whole * 1000).padStart(3, '0')
  return `${new Date(whole).toISOString().slice(0, -1)}${rest}Z`
}

/** Orders events as pages do: by time, file, generation and offset; then by rule. */
export function compareEvents(a: EventJson, b: EventJson): number {
  return comparePlaces(a, b) || compareText(a.rule_id ?? '', b.rule_id ?? '')
}

/** Orders events by time, file, generation and offset. */
export function comparePlaces(a: EventJson, b: EventJson): number {
  return (
    compareText(a.ts, b.ts) ||
    compareText(a.file_id, b.file_id) ||
    a.generation - b.generation ||
    a.offset - b.offset
  )
}

/** Orders texts by their code units. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
