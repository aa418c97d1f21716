/** A page of what is newest first: where the span ends, and where the page before it ended. */
type Asked = {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly cursor?: readonly [ts: string, ...rest: unknown[]] | undefined
}

/**
 * The begin (ISO 8601) of the last `recentMs` of what a page is looked for in: what is frequent fills the page from there, and
 * nothing older is read. Undefined if that is no shorter than what is asked for.
 */
export function recentOf({ from, to, cursor }: Asked, nowMs: number, recentMs: number): string | undefined {
  const endMs = Math.min(...[cursor?.[0], to].map((end) => (end === undefined ? nowMs : Date.parse(end))))
  const beginMs = Math.max(0, endMs - recentMs)
  return from !== undefined && Date.parse(from) >= beginMs ? undefined : new Date(beginMs).toISOString()
}
