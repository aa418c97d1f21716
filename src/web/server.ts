import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import type { Clock } from '../clock.ts'
import { errorCode, errorText, OpsError } from '../errors.ts'
import type { Log } from '../log.ts'
import type { Store } from '../store/client.ts'
import { answer, type Library, parameterFault, QUESTIONS, type Question } from '../triage/answers.ts'
import { pageFiles } from './page.ts'

export type ServerOptions = {
  readonly store: Store
  /** What the answers go by, as of now. */
  readonly rules: () => Pick<Library, 'rules' | 'phases' | 'generations'>
  readonly clock: Clock
  readonly log: Log
  readonly host: string
  readonly port: number
  /** What `/api/v1/status` tells of the write path. */
  readonly status: () => Readonly<Record<string, unknown>>
}

export type WebServer = { readonly url: string; close(): Promise<void> }

/** Serves the read API; the only door to fastify. Answers are those of the commands' `--json`, in pages. */
export async function startServer(options: ServerOptions): Promise<WebServer> {
  const app = fastify({ logger: false, forceCloseConnections: true })
  app.setErrorHandler((error, _request, reply) => sendProblem(reply, error, options.log))
  app.setNotFoundHandler((request, reply) =>
    problem(
      reply,
      404,
      'E_NOT_FOUND',
      `${request.url.split('?')[0]} is not here`,
      'The API lives below /api/v1.',
    ),
  )
  for (const question of Object.keys(QUESTIONS) as Question[]) addQuestion(app, question, options)
  app.get('/api/v1/status', () => options.status())
  for (const { path, headers, body } of pageFiles())
    app.get(path, (_, reply) => reply.headers(headers).send(body))
  await listen(app, options)
  const address = app.server.address()
  if (address === null || typeof address === 'string') throw new Error('no address')
  const host = address.family === 'IPv6' ? `[${address.address}]` : address.address
  return { url: `http://${host}:${address.port}`, close: () => app.close() }
}

function addQuestion(app: FastifyInstance, question: Question, options: ServerOptions): void {
  app.get(`/api/v1/${question}`, async (request: FastifyRequest) => {
    const params = request.query as Record<string, unknown>
    return answer(question, params, {
      store: options.store,
      ...options.rules(),
      nowMs: options.clock.nowMs(),
    })
  })
}

async function listen(app: FastifyInstance, { host, port }: ServerOptions): Promise<void> {
  try {
    await app.listen({ host, port })
  } catch (cause) {
    const code = errorCode(cause)
    const why = code === 'EADDRINUSE' ? 'another program has it' : code
    throw new OpsError(
      'E_LISTEN',
      `cannot listen on ${host}:${port} (${why})`,
      'Choose another port with --port.',
      { cause },
    )
  }
}

/** Errors have one shape (RFC 9457), with a stable code and what to do. */
function problem(
  reply: FastifyReply,
  status: number,
  code: string,
  detail: string,
  hint: string,
): FastifyReply {
  return reply.code(status).type('application/problem+json').send({ status, code, detail, hint })
}

function sendProblem(reply: FastifyReply, error: unknown, log: Log): FastifyReply {
  const fault = parameterFault(error)
  if (fault !== undefined) {
    const detail = `${fault.name} ${fault.text}`
    return problem(reply, 400, 'E_PARAMETER', detail, 'Correct the query parameter.')
  }
  log.warn({ reason: errorText(error) }, 'a question could not be answered')
  reply.header('retry-after', '5')
  return problem(reply, 503, 'E_STORE', errorText(error), 'The store did not answer; try again.')
}
