import { request } from 'node:https'
import { errorCode, errorText } from '../../errors.ts'
import { answerOf, errorAnswer, type ProbeAnswer } from './answer.ts'
import { SILENCE } from './no-answer-table.ts'

const CONNECT_MS = 10_000
/** Longer than a load balancer waits for a target by default, 60 s: its own answer says more than none. */
const ANSWER_MS = 65_000

/** Sends the request of `curl -k -I`: does not check the certificate, follows no redirect. Never rejects. */
export function askHeaders(url: string, signal: AbortSignal): Promise<ProbeAnswer> {
  return new Promise((resolve) => {
    const fail = (error: unknown) => resolve(errorAnswer(errorCode(error) || errorText(error)))
    const asking = request(
      url,
      { method: 'HEAD', rejectUnauthorized: false, timeout: CONNECT_MS, signal },
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
    let gaveUp = 'ETIMEDOUT'
    asking.on('socket', (socket) =>
      socket.once('secureConnect', () => {
        gaveUp = SILENCE
        socket.setTimeout(ANSWER_MS)
      }),
    )
    asking.on('timeout', () => asking.destroy(Object.assign(new Error(gaveUp), { code: gaveUp })))
    asking.on('error', fail)
    asking.end()
  })
}
