const NEWLINE = 10
const RETURN = 13
const TAB = 9
const SPACE = 32

/**
 * Matches the literal bytes between two fields of a pattern; returns where they end, or -1. A space matches one or more blanks,
 * and may be missing at the end of the run if the line ends there.
 */
export function takeRun(run: Uint8Array, bytes: Uint8Array, begin: number, end: number): number {
  let at = begin
  for (let i = 0; i < run.length; i++) {
    const byte = run[i] as number
    if (byte !== SPACE) {
      if (at >= end || bytes[at] !== byte) return -1
      at++
      continue
    }
    const stop = skipBlanks(bytes, at, end)
    if (stop === at && (i < run.length - 1 || !isLineEnd(bytes, at, end))) return -1
    at = stop
  }
  return at
}

/** The first byte from `begin` on that is neither a space nor a tab. */
export function skipBlanks(bytes: Uint8Array, begin: number, end: number): number {
  let at = begin
  while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++
  return at
}

function isLineEnd(bytes: Uint8Array, at: number, end: number): boolean {
  return at >= end || bytes[at] === NEWLINE || bytes[at] === RETURN
}
