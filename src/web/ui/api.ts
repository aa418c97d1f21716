import { nowMs } from './clock.ts'
import { shared } from './shared-state.ts'

/** Can the service be reached? */
export type Connection = { readonly kind: 'up' } | { readonly kind: 'down'; readonly sinceMs: number }

export const connection = shared<Connection>({ kind: 'up' })

/** Parameters of a question; those without a value are not sent. */
export type Params = Readonly<Record<string, string | number | boolean | undefined>>

/** An error answer: what is wrong and what to do, in the service's own words. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly status: number
  readonly code: string
  readonly hint: string

  constructor(status: number, problem: { code?: string; detail?: string; hint?: string }) {
    super(problem.detail ?? `the service answered ${status}`)
    this.status = status
    this.code = problem.code ?? ''
    this.hint = problem.hint ?? ''
  }
}

/** Asks the API for a path below /api/v1; throws ApiError, with status 0 if nobody answers. */
export async function ask<T>(path: string, params: Params = {}, signal?: AbortSignal): Promise<T> {
  return askAddress(addressOf(path, params), signal)
}

/** Asks a whole address, as `addressOf` makes it. */
export async function askAddress<T>(address: string, signal?: AbortSignal): Promise<T> {
  return send(address, { headers: { accept: 'application/json' }, ...(signal && { signal }) })
}

/** Changes something through the API; returns the object as it is now. */
export async function tell<T>(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
  const accept = { accept: 'application/json' }
  if (body === undefined) return send(`/api/v1/${path}`, { method, headers: accept })
  const headers = { ...accept, 'content-type': 'application/json' }
  return send(`/api/v1/${path}`, { method, headers, body: JSON.stringify(body) })
}

/** The address of a question, for links and downloads. */
export function addressOf(path: string, params: Params = {}): string {
  const given = Object.entries(params).filter(([, value]) => value !== undefined && value !== '')
  const query = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString()
  return `/api/v1/${path}${query === '' ? '' : `?${query}`}`
}

async function send<T>(address: string, init: RequestInit): Promise<T> {
  let response: Response
  try {
    response = await fetch(address, init)
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    noteDown()
    throw new ApiError(0, { detail: 'The service does not answer.', hint: 'Is `dcvlens serve` running?' })
  }
  if (response.status === 502 || response.status === 504) noteDown()
  else connection.set(UP)
  if (!response.ok) throw new ApiError(response.status, await problemOf(response))
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T)
}

const UP: Connection = { kind: 'up' }

function noteDown(): void {
  if (connection.get().kind === 'up') connection.set({ kind: 'down', sinceMs: nowMs() })
}

async function problemOf(response: Response): Promise<{ code?: string; detail?: string; hint?: string }> {
  try {
    return (await response.json()) as { code?: string; detail?: string; hint?: string }
  } catch {
    return {}
  }
}
