import { request } from 'node:https'
import { text as readAll } from 'node:stream/consumers'
import { errorCode, errorText, usageError } from '../errors.ts'
import { type ProbeAnswer, probeFinding, readHeaders } from '../triage/probe.ts'
import type { CommonOptions } from './command.ts'
import type { Io } from './io.ts'
import { paint } from './paint.ts'
import { printable } from './printable.ts'

/** As long as the load balancer waits for a target, and a little more. */
const TIMEOUT_MS = 15_000

/** Asks (or reads what was answered) and prints what it means. Is the way to the desktop open? */
export async function probe(subject: string, options: CommonOptions, io: Io): Promise<boolean> {
  const isPasted = subject === '-'
  const shown = isPasted ? undefined : shownUrl(subject)
  const answer = isPasted ? pasted(await readAll(io.stdin)) : await head(subject, io.signal)
  const finding = probeFinding(answer)
  if (options.json === true) {
    io.out(`${JSON.stringify({ ...(shown === undefined ? {} : { url: shown }), ...answer, ...finding })}\n`)
    return finding.ok
  }
  const { status, server = 'no server named', error } = answer
  const said = status === undefined ? `no answer: ${error ?? ''}` : `${status}, ${server}`
  const title = paint(io, finding.ok ? 'green' : 'red', finding.title)
  io.out(`${shown === undefined ? '' : `${shown}\n`}${printable(said, '')}\n${title}\n  ${finding.explain}\n`)
  for (const step of finding.remedy) io.out(`   - ${step}\n`)
  return finding.ok
}

/** Without what is behind the path: there the token is. */
function shownUrl(subject: string): string {
  const url = URL.canParse(subject) ? new URL(subject) : undefined
  if (url?.protocol === 'https:') return `${url.origin}${url.pathname}`
  throw usageError(
    'E_URL',
    'the address is no https URL',
    'Give it as https://LOAD-BALANCER/HOST/, or - and paste headers.',
  )
}

function pasted(text: string): ProbeAnswer {
  const answer = readHeaders(text)
  if (answer !== undefined) return answer
  throw usageError(
    'E_HEADERS',
    'there is no answer in what was given',
    'Paste all that `curl -k -I URL` printed, with the line that begins with HTTP/.',
  )
}

/** The request of `curl -k -I`: the certificate is not checked, no redirect is followed. */
function head(url: string, signal: AbortSignal): Promise<ProbeAnswer> {
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

/** A redirect may carry the token on. */
function locationOf(location: string): string {
  return location.split(/[?#]/, 1)[0] ?? ''
}
