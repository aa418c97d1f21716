import { STATUS_CODES } from 'node:http'
import { z } from 'zod'
import { errorCode, errorText, OpsError } from '../errors.ts'
import type { Log } from '../log.ts'
import { parameterFault } from '../triage/answers.ts'
import type { Reply, Request } from './app.ts'
import { expectedHint } from './expected.ts'

/** All errors have one shape (RFC 9457), with a stable code and a hint what to do. */
const Problem = z
  .object({
    type: z.string().describe('where the documentation describes it'),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    field: z.string().optional().describe('the parameter or key of the body that is wrong'),
    detail: z.string(),
    hint: z.string().describe('what to do'),
  })
  .meta({ id: 'Problem' })

/** The description of errors for the answers of a route. */
export const PROBLEM = {
  description: 'What is wrong, and what to do',
  content: { 'application/problem+json': { schema: Problem } },
}

/** The HTTP status of each code; the list is closed. */
export const CODES = {
  E_PARAMETER: 400,
  E_BODY: 400,
  E_TOO_MUCH: 400,
  E_AUTH: 401,
  E_HOST: 403,
  E_CROSS_SITE: 403,
  E_NOT_FOUND: 404,
  E_METHOD: 405,
  E_OTHER_RULES: 409,
  E_TOO_LONG: 413,
  E_MEDIA_TYPE: 415,
  E_DRAFT: 422,
  E_RULES: 422,
  E_SILENCE: 422,
  E_ALERT_RULES: 422,
  E_TOO_MANY_TRIES: 429,
  E_INTERNAL: 500,
  E_STORE: 503,
  E_PORTAL: 503,
  E_TOO_SLOW: 503,
  E_BUSY: 503,
  E_STOPPING: 503,
} as const

export type Code = keyof typeof CODES

/** An error for the error handler, which turns it into a problem. */
export function refusal(code: Code, detail: string, hint: string, field?: string): OpsError {
  return new OpsError(code, detail, hint, field === undefined ? {} : { field })
}

/** When to come again, in seconds, by status. */
const RETRY_S: Readonly<Record<number, string>> = { 429: '60', 503: '5' }

/** Answers with a problem. */
export function sendProblem(reply: Reply, { code, message, hint, field }: OpsError): Reply {
  const status = CODES[code as Code] ?? 500
  const retry = RETRY_S[status]
  if (retry !== undefined) reply.header('retry-after', retry)
  return reply
    .code(status)
    .type('application/problem+json')
    .send({
      type: `/api/docs#${code}`,
      title: STATUS_CODES[status] ?? '',
      ...{ status, code, detail: message, hint },
      ...(field === undefined ? {} : { field }),
    })
}

/** Answers with what an error means for the caller. */
export function sendError(reply: Reply, error: unknown, log: Log): Reply {
  const known = knownError(error, reply.request)
  if (known.code === 'E_INTERNAL') log.error({ reason: errorText(error), stack: stackOf(error) }, 'a fault')
  else if (CODES[known.code as Code] === 503) log.warn({ reason: errorText(error) }, 'not answered')
  return sendProblem(reply, known)
}

const AS_UTF8 = 'Write each % of a name as %25, and other bytes as UTF-8.'

/** Answers an address that cannot be read, which no route ever sees. */
export function sendUnreadable(error: Error, reply: Reply): Reply {
  return sendProblem(reply, refusal('E_PARAMETER', `the address cannot be read (${error.message})`, AS_UTF8))
}

/** Refuses a parameter that cannot be read; it would otherwise count as the text that stands for it, with its signs. */
export function refuseUnreadable(url: string): void {
  const [, query = ''] = url.split(/\?(.*)/s)
  for (const part of query.split('&')) {
    if (isReadable(part)) continue
    const [name = ''] = part.split('=')
    throw refusal('E_PARAMETER', `${name} cannot be read`, AS_UTF8, name)
  }
}

function isReadable(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}

/** Faults of a request that fastify detects itself. */
const REQUEST_FAULTS: Readonly<Record<string, readonly [Code, string]>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: ['E_TOO_LONG', 'Send less.'],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ['E_MEDIA_TYPE', 'Send JSON, as application/json.'],
  FST_ERR_CTP_EMPTY_JSON_BODY: ['E_BODY', 'Send a JSON object.'],
  FST_ERR_CTP_INVALID_JSON_BODY: ['E_BODY', 'Send a JSON object.'],
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: ['E_BODY', 'Send as many bytes as Content-Length says.'],
}

function knownError(error: unknown, request: Request): OpsError {
  const fault = parameterFault(error)
  if (fault !== undefined) {
    const isBody = (error as { validationContext?: string }).validationContext === 'body'
    const detail = `${fault.name === '' && isBody ? 'the body' : fault.name} ${fault.text}`.trim()
    const field = fault.name === '' ? undefined : fault.name
    const hint = expectedHint(request, isBody ? 'body' : 'querystring', fault)
    return refusal(isBody ? 'E_BODY' : 'E_PARAMETER', detail, hint, field)
  }
  if (error instanceof OpsError)
    return error.code in CODES ? error : refusal('E_INTERNAL', error.message, error.hint)
  const known = REQUEST_FAULTS[errorCode(error)]
  if (known !== undefined) return refusal(known[0], errorText(error), known[1])
  const status = (error as { statusCode?: unknown }).statusCode
  if (typeof status === 'number' && status >= 400 && status < 500)
    return refusal('E_BODY', errorText(error), 'Correct the request.')
  return refusal('E_INTERNAL', 'a fault of dcvlens', 'Please report it with the lines of its log.')
}

function stackOf(error: unknown): string | undefined {
  return error instanceof Error ? error.stack : undefined
}
