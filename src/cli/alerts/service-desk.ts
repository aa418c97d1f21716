import { OpsError } from '../../errors.ts'
import type { AlertJson, SilenceJson } from '../../triage/alerts/desk.ts'
import type { Desk } from './open-desk.ts'

/** The desk of a running service, over its API. */
export function askAlerts(url: string): Desk {
  return {
    alerts: (state) => items<AlertJson>(url, `alerts${state === undefined ? '' : `?state=${state}`}`),
    silences: () => items<SilenceJson>(url, 'silences'),
    silence: async (body) => (await call(url, 'silences', { method: 'POST', body })) as SilenceJson,
    endSilence: async (id) => {
      await call(url, `silences/${encodeURIComponent(id)}`, { method: 'DELETE' })
    },
  }
}

async function items<Item>(url: string, path: string): Promise<readonly Item[]> {
  return ((await call(url, path, { method: 'GET' })) as { readonly items: readonly Item[] }).items
}

type Request = { readonly method: string; readonly body?: unknown }

async function call(url: string, path: string, { method, body }: Request): Promise<unknown> {
  const response = await reached(url, `${url}/api/v1/${path}`, {
    method,
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  const text = await response.text()
  const answer = (text === '' ? {} : JSON.parse(text)) as { code?: string; detail?: string; hint?: string }
  if (response.ok) return answer
  throw new OpsError(
    answer.code ?? 'E_SERVICE',
    answer.detail ?? `the service answers ${response.status}`,
    answer.hint ?? 'Try again.',
  )
}

async function reached(service: string, url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (cause) {
    throw new OpsError(
      'E_SERVICE',
      `the running service does not answer on ${service}`,
      'Is it stopping just now? Try again when it has ended.',
      { cause },
    )
  }
}
