import type { ServiceAddress } from '../../data-dir.ts'
import { OpsError, usageError } from '../../errors.ts'
import type { AlertJson, DeliveryJson, SilenceJson } from '../../triage/alerts/desk.ts'
import { callService, posted, refusal } from '../service-client.ts'
import type { Desk } from './open-desk.ts'

/** The desk of a running service, over its API. */
export function askAlerts(service: ServiceAddress, signal: AbortSignal): Desk {
  const call = (path: string, request?: RequestInit) => called(service, path, signal, request)
  const items = async <Item>(path: string) =>
    ((await call(path)) as { readonly items: readonly Item[] }).items
  return {
    alerts: (state) => items<AlertJson>(`alerts${state === undefined ? '' : `?state=${state}`}`),
    delivery: async () => ((await call('status')) as { readonly notices?: DeliveryJson }).notices,
    silences: () => items<SilenceJson>('silences'),
    silence: async (body) => (await call('silences', posted(body))) as SilenceJson,
    endSilence: async (id) => {
      try {
        await call(`silences/${encodeURIComponent(id)}`, { method: 'DELETE' })
      } catch (error) {
        if (error instanceof OpsError && error.code === 'E_NOT_FOUND') throw noSilence(id)
        throw error
      }
    },
  }
}

/** The error for an unknown silence. */
export function noSilence(id: string): OpsError {
  return usageError('E_NOT_FOUND', `there is no silence ${id}`, 'See `dcvlens alerts silences`.')
}

async function called(
  service: ServiceAddress,
  path: string,
  signal: AbortSignal,
  request?: RequestInit,
): Promise<unknown> {
  const reply = await callService(service, `/api/v1/${path}`, signal, request)
  if (reply.ok) return reply.body
  throw refusal(reply)
}
