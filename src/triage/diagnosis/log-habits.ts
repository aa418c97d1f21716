/** DCV created a session: the event names the session and its owner. */
export const SESSION_MADE = 'milestone-dcv-session-made'

const HOST_WIDE = new Set(['messages', 'dmesg', 'boot', 'secure'])
const OF_SESSION = new Set(['dcv-xsession', 'xdcv'])
/**
 * The output of the Windows user data is written only when it is over, first its output, then its errors. The reason why a
 * stack failed is written late, too.
 */
const WRITTEN_AT_END = new Set(['win-userdata', 'state-watcher'])

/** Do all programs of a host write to this kind of log? */
export function isHostWide(source = ''): boolean {
  return HOST_WIDE.has(source)
}

/**
 * Is this kind of log written as a whole after the work that it reports? Then the order of its lines among those of other
 * logs proves nothing.
 */
export function isWrittenAtEnd(source = ''): boolean {
  return WRITTEN_AT_END.has(source)
}

/** Does DCV itself write this kind of log? */
export function isOfDcv(source = ''): boolean {
  return source.startsWith('dcv-')
}

/** Does this kind of log belong to a single session of DCV? */
export function isOfSession(source = ''): boolean {
  return OF_SESSION.has(source)
}

/** Does the script that runs a session write this kind of log? */
export function isOfSessionScript(source = ''): boolean {
  return source === 'dcv-xsession'
}

/** Does the server of DCV write this kind of log? It meets users only when they log in. */
export function isOfDcvServer(source = ''): boolean {
  return source === 'dcv-server'
}

/** Does the X server of a host write this kind of log? It starts for a session, with or without a GPU. */
export function isOfX(source = ''): boolean {
  return source === 'xorg'
}
