const HEAD = 3
const TAIL = 3

/** The first and last lines of a long record: the end of a traceback says more than its middle. */
export function endsOf(text: string): string {
  const lines = text.split('\n')
  if (lines.length <= HEAD + TAIL + 1) return text
  const left = lines.length - HEAD - TAIL
  return [...lines.slice(0, HEAD), `… ${left} more lines …`, ...lines.slice(-TAIL)].join('\n')
}
