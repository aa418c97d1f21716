import { text as readAll } from 'node:stream/consumers'
import { usageError } from '../errors.ts'
import { askHeaders } from '../triage/ask-headers.ts'
import { type ProbeAnswer, probeFinding, readHeaders } from '../triage/probe.ts'
import type { CommonOptions } from './command.ts'
import type { Io } from './io.ts'
import { paint } from './paint.ts'
import { printable } from './printable.ts'

/** Asks (or reads what was answered) and prints what it means. Is the way to the desktop open? */
export async function probe(subject: string, options: CommonOptions, io: Io): Promise<boolean> {
  const isPasted = subject === '-'
  const shown = isPasted ? undefined : shownUrl(subject)
  const answer = isPasted ? pasted(await readAll(io.stdin)) : await askHeaders(subject, io.signal)
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
