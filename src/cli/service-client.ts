import type { ServiceAddress } from '../data-dir.ts'
import { Exit, OpsError } from '../errors.ts'
import { throwIfStopped } from './stopped.ts'

/** What a running service answers: what was asked for, or what is wrong with the request. */
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

/** Sends a request to a running service, as one who may read its data directory. */
export function fetchService(
  { url, token }: ServiceAddress,
  path: string,
  request: RequestInit = {},
): Promise<Response> {
  const headers = new Headers(request.headers)
  // On one machine packing takes longer than it saves.
  headers.set('accept-encoding', 'identity')
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  return fetch(url + path, { ...request, headers })
}

/** A question takes the store a minute at most; a service that is stuck never answers. */
const ANSWER_MS = 90_000

/** Does the same and reads the whole answer; throws an error if there is none in time, or when told to stop by `signal`. */
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

/** A request with a body of JSON. */
export function posted(body: unknown): RequestInit {
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
}

/** Reads the body of an answer; one without a body is an empty object. */
export async function bodyOf(response: Response): Promise<Reply['body']> {
  const text = await response.text()
  return text === '' ? {} : (JSON.parse(text) as Reply['body'])
}

const WRONG_INPUT = new Set([400, 404, 409, 422])

/** What a service refuses, as an error. What it finds wrong with the request is wrong input here, too. */
export function refusal({ status, body }: Omit<Reply, 'ok'>): OpsError {
  const { code, detail = `the service answers ${status}`, hint = 'Try again.' } = body
  const exit = code !== undefined && WRONG_INPUT.has(status) ? Exit.usage : Exit.runtime
  return new OpsError(code ?? 'E_SERVICE', detail, hint, { exit })
}
