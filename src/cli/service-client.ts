import type { ServiceAddress } from '../data-dir.ts'
import { Exit, OpsError } from '../errors.ts'
import { throwIfStopped } from './stopped.ts'

/** The answer of a running service: the result, or what is wrong with the request. */
export type Reply = {
  readonly ok: boolean
  readonly status: number
  readonly body: Readonly<Record<string, unknown>> & {
    readonly code?: string
    readonly detail?: string
    readonly hint?: string
    readonly field?: string
  }
}

/** Sends a request to a running service, with the token from its data directory. */
export function fetchService(
  { url, token }: ServiceAddress,
  path: string,
  request: RequestInit = {},
): Promise<Response> {
  const headers = new Headers(request.headers)
  // On one machine, compressing takes longer than it saves.
  headers.set('accept-encoding', 'identity')
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  return fetch(url + path, { ...request, headers })
}

/** A question takes the store at most a minute; a service that is stuck never answers. */
const ANSWER_MS = 90_000

/** Sends a request and reads the whole answer; throws if none comes in time, or when `signal` aborts. */
export async function callService(
  service: ServiceAddress,
  path: string,
  signal: AbortSignal,
  request: RequestInit = {},
): Promise<Reply> {
  const isOver = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)])
  try {
    const response = await fetchService(service, path, { ...request, signal: isOver })
    return { ok: response.ok, status: response.status, body: await bodyOf(response) }
  } catch (cause) {
    throwIfStopped({ signal }, 'the service answered')
    throw new OpsError(
      'E_SERVICE',
      `the running service does not answer on ${service.url}`,
      'Is it stopping just now? Try again when it has ended.',
      { cause },
    )
  }
}

/** A request with a JSON body. */
export function posted(body: unknown): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
}

/** Reads the body of an answer; an empty object if there is none. */
export async function bodyOf(response: Response): Promise<Reply['body']> {
  const text = await response.text()
  return text === '' ? {} : (JSON.parse(text) as Reply['body'])
}

const WRONG_INPUT = new Set([400, 404, 409, 422])

/** A refusal of the service as an error. A faulty request is a usage error here, too. */
export function refusal({ status, body }: Omit<Reply, 'ok'>): OpsError {
  const { code, detail = `the service answers ${status}`, hint = 'Try again.' } = body
  const exit = code !== undefined && WRONG_INPUT.has(status) ? Exit.usage : Exit.runtime
  return new OpsError(code ?? 'E_SERVICE', detail, hint, { exit })
}
