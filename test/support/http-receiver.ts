import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as it came. */
export type Received = {
  readonly path: string
  readonly method: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** What is answered: a status, a status with headers, or nothing at all. */
export type Answer =
  | number
  | { readonly status: number; readonly headers: Record<string, string> }
  | 'nothing'

export type HttpReceiver = {
  readonly url: string
  readonly received: Received[]
  /** What requests are answered from now on. */
  answer: Answer | ((request: Received) => Answer)
  close(): Promise<void>
}

/** A web server that takes notices; who starts it closes it. */
export async function startReceiver(first: Answer = 200): Promise<HttpReceiver> {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    const { url: path = '', method = '', headers } = request
    const one = { path, method, headers, body }
    received.push(one)
    const answer = typeof receiver.answer === 'function' ? receiver.answer(one) : receiver.answer
    if (answer === 'nothing') return
    const { status, headers: more } = typeof answer === 'number' ? { status: answer, headers: {} } : answer
    response.writeHead(status, more).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const receiver: HttpReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    answer: first,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return receiver
}
