import { durationText } from '../../../duration.ts'
import { errorCode, errorText } from '../../../errors.ts'
import type { Outcome } from '../outbox.ts'

export type Post = {
  readonly url: string
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/** Errors before there was a connection on which anything could have been sent. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** Status codes that the same request would only get again. */
const REFUSALS = new Set([400, 405, 410, 413, 415, 422])

/** Status codes of a gateway that does not know the fate of the request. */
const BY_GATEWAYS = new Set([502, 504])

/**
 * Posts JSON and returns the outcome. Follows no redirect, does not read the answer's body, and never names the address,
 * which may be a secret.
 */
export async function post({ url, body, headers, timeoutMs, signal }: Post): Promise<Outcome> {
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'user-agent': 'dcvlens', ...headers },
      redirect: 'manual',
      signal: AbortSignal.any([timeout, signal]),
    })
    await response.body?.cancel()
    return outcomeOf(response)
  } catch (error) {
    const reason = timeout.aborted ? `no answer within ${durationText(timeoutMs)}` : whyNot(error)
    return { kind: 'failed', reason, unsure: !NEVER_SENT.has(errorCode((error as Error).cause)) }
  }
}

function outcomeOf({ ok, status, headers }: Response): Outcome {
  if (ok) return { kind: 'delivered' }
  if (status >= 300 && status < 400) {
    return { kind: 'refused', reason: `it answers ${status}: redirects are not followed` }
  }
  if (REFUSALS.has(status)) return { kind: 'refused', reason: `it answers ${status}` }
  const seconds = Number(headers.get('retry-after') ?? '')
  const retryAfterMs = Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined
  return { kind: 'failed', reason: `it answers ${status}`, retryAfterMs, unsure: BY_GATEWAYS.has(status) }
}

/**
 * The cause of a failed connection. The message of `fetch` itself says nothing, or contains the address and headers, which
 * are secret.
 */
function whyNot(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  const code = errorCode(cause)
  if (code !== '') return `it cannot be reached (${code})`
  return cause === undefined ? 'the request could not be made' : `it cannot be reached (${errorText(cause)})`
}
