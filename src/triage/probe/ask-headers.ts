import { request } from 'node:https'
import { errorCode, errorText } from '../../errors.ts'
import type { ProbeAnswer } from './probe.ts'

/** A little longer than a load balancer waits for a target. */
const TIMEOUT_MS = 15_000

/** Sends the request of `curl -k -I`: does not check the certificate, follows no redirect. Never rejects. */
export function askHeaders(url: string, signal: AbortSignal): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const fail = (error: unknown) => resolve({ error: errorCode(error) || errorText(error) })
    const asking = request(
      url,
      { method: 'HEAD', rejectUnauthorized: false, timeout: TIMEOUT_MS, signal },
      (response) => {
        const { server, location } = response.headers
        response.resume()
        resolve({
          status: response.statusCode ?? 0,
          ...(server === undefined ? {} : { server: String(server) }),
          ...(location === undefined ? {} : { location: locationOf(location) }),
        })
      },
    )
    asking.on('timeout', () =>
      asking.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
    )
    asking.on('error', fail)
    asking.end()
  })
}

/** A redirect may carry a token. */
function locationOf(location: string): string {
  return location.split(/[?#]/, 1)[0] ?? ''
}
