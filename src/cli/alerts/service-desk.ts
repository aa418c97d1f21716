import type { ServiceAddress } from '../../data-dir.ts'
import { Exit, OpsError, usageError } from '../../errors.ts'
import type { AlertJson, DeliveryJson, SilenceJson } from '../../triage/alerts/desk.ts'
import type { Desk } from './open-desk.ts'

/** The desk of a running service, over its API. */
export function askAlerts(service: ServiceAddress): Desk {
  return {
    alerts: (state) => items<AlertJson>(service, `alerts${state === undefined ? '' : `?state=${state}`}`),
    delivery: async () =>
      ((await call(service, 'status', { method: 'GET' })) as { readonly notices?: DeliveryJson }).notices,
    silences: () => items<SilenceJson>(service, 'silences'),
    silence: async (body) => (await call(service, 'silences', { method: 'POST', body })) as SilenceJson,
    endSilence: async (id) => {
      try {
        await call(service, `silences/${encodeURIComponent(id)}`, { method: 'DELETE' })
      } catch (error) {
        if (error instanceof OpsError && error.code === 'E_NOT_FOUND') throw noSilence(id)
        throw error
      }
    },
  }
}

/** There is no silence of this id. */
export function noSilence(id: string): OpsError {
  return usageError('E_NOT_FOUND', `there is no silence ${id}`, 'See `dcvlens alerts silences`.')
}

async function items<Item>(service: ServiceAddress, path: string): Promise<readonly Item[]> {
  return ((await call(service, path, { method: 'GET' })) as { readonly items: readonly Item[] }).items
}

const WRONG = new Set([400, 404, 422])

type Request = { readonly method: string; readonly body?: unknown }

async function call(service: ServiceAddress, path: string, { method, body }: Request): Promise<unknown> {
  const response = await reached(service, path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(service.token === undefined ? {} : { authorization: `Bearer ${service.token}` }),
    },
  })
  const text = await response.text()
  const answer = (text === '' ? {} : JSON.parse(text)) as { code?: string; detail?: string; hint?: string }
  if (response.ok) return answer
  const code = answer.code ?? 'E_SERVICE'
  // What the service finds wrong with the request is wrong input here, too.
  const exit = code !== 'E_SERVICE' && WRONG.has(response.status) ? Exit.usage : Exit.runtime
  throw new OpsError(
    code,
    answer.detail ?? `the service answers ${response.status}`,
    answer.hint ?? 'Try again.',
    { exit },
  )
}

async function reached({ url }: ServiceAddress, path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(`${url}/api/v1/${path}`, init)
  } catch (cause) {
    throw new OpsError(
      'E_SERVICE',
      `the running service does not answer on ${url}`,
      'Is it stopping just now? Try again when it has ended.',
      { cause },
    )
  }
}
