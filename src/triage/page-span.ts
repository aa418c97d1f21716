import { LAST_MS } from '../store/sql-time.ts'

/** The span in which a page is looked for, and where the page before it ended. */
type Asked = {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly cursor?: readonly [ts: string, ...rest: unknown[]] | undefined
}

/**
 * The begin (ISO 8601) of the last `recentMs` of what a page is looked for in, newest first: what is frequent fills the page from
 * there, and nothing older is read. Undefined if that is no shorter than what is asked for.
 */
export function recentOf({ from, to, cursor }: Asked, nowMs: number, recentMs: number): string | undefined {
  const endMs = Math.min(...[cursor?.[0], to].map((end) => (end === undefined ? nowMs : Date.parse(end))))
  const beginMs = Math.max(0, endMs - recentMs)
  return from !== undefined && Date.parse(from) >= beginMs ? undefined : new Date(beginMs).toISOString()
}

/**
 * The same for a page that is oldest first: the end of the first `earlyMs` of it. Nothing is written before `first`; undefined also
 * if nobody knows where to begin.
 */
export function earlyOf(
  { from, to, cursor }: Asked,
  first: string | undefined,
  earlyMs: number,
): string | undefined {
  const begins = [first, from, cursor?.[0]].flatMap((begin) => (begin === undefined ? [] : Date.parse(begin)))
  if (begins.length === 0) return undefined
  const endMs = Math.max(...begins) + earlyMs
  const lastMs = to === undefined ? LAST_MS : Date.parse(to)
  return lastMs <= endMs ? undefined : new Date(endMs).toISOString()
}
