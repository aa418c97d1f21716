import type { Params } from './client.ts'

/**
 * When an event counts: when it was written or, for lines that arrived late, when they arrived, minus half of the usual
 * delay. The other half is for the way into a store that other machines write to. A back-test treats every line as if it had
 * arrived when it was written (`written`).
 */
export type Arrival = { readonly kind: 'written' } | { readonly kind: 'arrived'; readonly delayMs: number }

/** A span of the time at which events count, ms since the epoch: after `fromMs`, up to and with `toMs`. */
export type Span = {
  readonly fromMs: number
  readonly toMs: number
  readonly arrival: Arrival
  /** Other ids of signatures, and the id under which each is counted. */
  readonly aliases?: Readonly<Record<string, string>> | undefined
}

/** Lines that arrived later than this are history and do not count towards a rate. */
const MOST_LATE_MS = 3_600_000

/** SQL of the time at which an event counts, in ms. */
export function timeOf(arrival: Arrival): string {
  const written = 'toUnixTimestamp64Milli(t.ts)'
  if (arrival.kind === 'written') return written
  return `greatest(${written}, toUnixTimestamp64Milli(t.ingested_at) - ${Math.trunc(arrival.delayMs / 2)})`
}

/** For counts within a window: lines that arrived very late are counted at the time when they were written. */
export function boundedLate(span: Span): Span & { readonly bounded: true } {
  return { ...span, bounded: true }
}

/** SQL of the time at which an event counts, and of the condition that it is in a span. */
export function inSpan(span: Span & { readonly bounded?: true }): {
  readonly at: string
  readonly where: string
  readonly params: Params
} {
  const at = timeOf(span.arrival)
  const bounds = `${at} > {from:Int64} AND ${at} <= {to:Int64}`
  const params = { from: span.fromMs, to: span.toMs }
  // The second condition lets the index on times skip rows that cannot be in the span.
  const late = span.bounded === true && span.arrival.kind === 'arrived' ? MOST_LATE_MS : 0
  const isOpen = span.arrival.kind === 'arrived' && span.bounded !== true
  const index = isOpen ? '' : ` AND t.ts > fromUnixTimestamp64Milli({from:Int64} - ${late})`
  return { at, where: `${bounds}${index} AND t.ts <= fromUnixTimestamp64Milli({to:Int64})`, params }
}
