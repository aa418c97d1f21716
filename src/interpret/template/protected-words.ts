/**
 * Words that indicate failure or its opposite. A template that hid them would put a success and a failure, or two kinds of
 * failure, into one group. They are never masked and never become a wildcard.
 */
const PROTECTED = new Set(
  [
    'abort aborted aborting absent alert allowed bad blocked bounced broken cancelled canceled cannot conflict corrupt corrupted corruption',
    'crash crashed critical dead deadlock deferred degraded denied deny died disabled disallowed disconnect disconnected down dropped',
    'emergency enabled err error errors exceeded exceeds exception exceptions exhausted exited expired fail failed failing fails failure failures',
    'fatal fault faulty forbidden freed full hang hung illegal incomplete incompatible insufficient interrupted invalid',
    'killed leak locked lost malformed mismatch missing not nonzero offline ok okay online overflow panic permitted problem',
    'refused reject rejected rejecting reset retry retries retrying revoked segfault severe shutdown slow stale',
    'stuck succeeded success successful successfully suspended terminated terminating throttled throttling timed timeout timeouts',
    'traceback unable unauthorized unavailable undefined unexpected unhandled unhealthy unknown unreachable unrecognized',
    'unresolved unresponsive unsupported untrusted up violation warn warning warnings wrong healthy valid ready',
  ].flatMap((line) => line.split(' ')),
)

/** Those that tell of no failure. */
const GOOD = new Set(
  'alert allowed critical disabled disconnect disconnected enabled freed healthy ok okay online permitted ready reset success successful successfully succeeded up valid'.split(
    ' ',
  ),
)

const LONGEST = Math.max(...[...PROTECTED].map((word) => word.length))

/** Is this word, in any case, one that must stay in a template? */
export function isProtected(word: string): boolean {
  return word.length <= LONGEST && PROTECTED.has(word.toLowerCase())
}

/** Is this word, in any case, one that tells of a failure? */
export function tellsFailure(word: string): boolean {
  return isProtected(word) && !GOOD.has(word.toLowerCase())
}

/** Does a line tell of a failure? */
export function failureIn(line: string): boolean {
  return (line.match(/[A-Za-z]+/g) ?? []).some(tellsFailure)
}
