/**
 * Words that indicate failure or its opposite. A template that hid them would put a success and a failure, or two kinds of
 * failure, into one group. They are never masked and never become a wildcard.
 */
const PROTECTED = new Set(
  [
    'abort aborted aborting absent alert allowed bad blocked broken cancelled canceled cannot conflict corrupt corrupted corruption',
    'crash crashed critical dead deadlock degraded denied deny died disabled disallowed disconnect disconnected down dropped',
    'emergency enabled err error errors exceeded exception exceptions exhausted expired fail failed failing fails failure failures',
    'fatal fault faulty forbidden freed full hang hung illegal incomplete incompatible insufficient interrupted invalid',
    'killed leak lost malformed mismatch missing not nonzero offline ok okay online overflow panic permitted problem',
    'refused reject rejected rejecting reset retry retries retrying revoked segfault severe shutdown slow stale',
    'stuck succeeded success successful successfully suspended terminated terminating throttled throttling timeout timeouts',
    'traceback unable unauthorized unavailable undefined unexpected unhandled unhealthy unknown unreachable unrecognized',
    'unresolved unresponsive unsupported untrusted up violation warn warning warnings wrong healthy valid ready',
  ].flatMap((line) => line.split(' ')),
)

const LONGEST = Math.max(...[...PROTECTED].map((word) => word.length))

/** Is this word, in any case, one that must stay in a template? */
export function isProtected(word: string): boolean {
  return word.length <= LONGEST && PROTECTED.has(word.toLowerCase())
}
