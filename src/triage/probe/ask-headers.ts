import { request } from 'node:https'
import { errorCode, errorText } from '../../errors.ts'
import { answerOf, errorAnswer, type ProbeAnswer } from './answer.ts'

/** A little longer than a load balancer waits for a target. */
const TIMEOUT_MS = 15_000

/** Sends the request of `curl -k -I`: does not check the certificate, follows no redirect. Never rejects. */
export function askHeaders(url: string, signal: AbortSignal): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const fail = (error: unknown) => resolve(errorAnswer(errorCode(error) || errorText(error)))
    const asking = request(
      url,
      { method: 'HEAD', rejectUnauthorized: false, timeout: TIMEOUT_MS, signal },
      (response) => {
        const { server, location } = response.headers
        response.resume()
        resolve(
          answerOf({
            status: response.statusCode ?? 0,
            server: server === undefined ? undefined : String(server),
            location,
          }),
        )
      },
    )
    asking.on('timeout', () =>
      asking.destroy(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })),
    )
    asking.on('error', fail)
    asking.end()
  })
}
