import type { App, Request } from './app.ts'
import { type Gate, namedIn } from './gate.ts'
import { refusal } from './problem.ts'

/** Only content from this server runs or is shown, and no other page may frame it. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
  // A cache must not give compressed answers to clients that did not ask for them.
  vary: 'accept-encoding',
}

export type SecurityOptions = {
  /** Names to which a request may be sent; undefined for any, which is safe only behind a gate. */
  readonly hosts: ReadonlySet<string> | undefined
  /** Who may ask; undefined for everybody who can reach the address. */
  readonly gate: Gate | undefined
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS'])

/** The names by which this machine reaches itself. */
export const LOOPBACK_HOSTS: readonly string[] = ['localhost', '127.0.0.1', '[::1]']

/** Is this an address that only this machine can reach? */
export function isLoopback(host: string): boolean {
  return LOOPBACK_HOSTS.includes(host) || host === '::1'
}

/** Checks each request before anything else handles it. */
export function secure(app: App, { hosts, gate }: SecurityOptions): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS)
    checkHost(request, hosts)
    if (gate !== undefined && !(await gate.admits(request.headers.authorization, request.ip))) {
      reply.header('www-authenticate', 'Basic realm="dcvlens", charset="UTF-8"')
      throw refusal(
        'E_AUTH',
        request.headers.authorization === undefined
          ? 'this needs a name and password, or a token'
          : 'this is not a name with its password, nor a token',
        'Programs send Authorization: Bearer TOKEN. A browser asks: any name will do with the token as password.',
      )
    }
    const { name } = gate === undefined ? {} : namedIn(request.headers.authorization)
    if (name !== undefined) users.set(request.raw, name)
    checkOrigin(request)
  })
}

const users = new WeakMap<object, string>()

/** The user, if proven by a password; a token belongs to no name. */
export function userOf({ raw }: Pick<Request, 'raw'>): string | undefined {
  return users.get(raw)
}

/**
 * A page of another site may point its own name at this address (DNS rebinding) and could then read all answers; the name in
 * the Host header reveals it. The port does not matter, since a tunnel may end at another one.
 */
function checkHost({ headers }: Request, hosts: ReadonlySet<string> | undefined): void {
  const name = hostName(headers.host)
  if (hosts === undefined || hosts.has(name)) return
  throw refusal(
    'E_HOST',
    `${name || 'a request without a name'} is not a name of this server`,
    'Ask http://localhost, or name it under publicHosts in the configuration.',
  )
}

/** The name in a Host header, without its port, in lower case. */
function hostName(header: string | undefined): string {
  return /^(\[[^\]]*\]|[^:]*)(?::\d*)?$/.exec(header ?? '')?.[1]?.toLowerCase() ?? ''
}

/** A page of another site can send requests that change something, even though it cannot read the answers. */
function checkOrigin({ method, headers }: Request): void {
  if (SAFE_METHODS.has(method)) return
  const { origin, host } = headers
  const site = headers['sec-fetch-site']
  const isOwn = origin === undefined || originHost(origin) === host?.toLowerCase()
  const isSameSite = site === undefined || site === 'same-origin' || site === 'none'
  if (isOwn && isSameSite) return
  throw refusal(
    'E_CROSS_SITE',
    'a page of another site may not change anything here',
    'Use the page of dcvlens itself.',
  )
}

function originHost(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).host : ''
}
