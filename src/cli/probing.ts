import { text as readAll } from 'node:stream/consumers'
import { OpsError, usageError } from '../errors.ts'
import type { DiagnosisJson } from '../triage/diagnosis/diagnosis-json.ts'
import { type ProbeAnswer, shownAddress } from '../triage/probe/answer.ts'
import { askHeaders } from '../triage/probe/ask-headers.ts'
import type { ProbeFinding } from '../triage/probe/decision-row.ts'
import { probeFinding, withNames } from '../triage/probe/probe.ts'
import { askedAddress, readHeaders } from '../triage/probe/read-headers.ts'
import type { CommonOptions } from './command.ts'
import type { Io } from './io.ts'
import { paint, type Style } from './paint.ts'
import { printable } from './printable.ts'
import { throwIfStopped } from './stopped.ts'

/** Probes an address (or reads a saved answer) and prints what the result means; returns whether the desktop can be reached. */
export async function probe(subject: string, options: CommonOptions, io: Io): Promise<boolean> {
  const isPasted = subject === '-'
  const text = isPasted ? await readAll(io.stdin) : ''
  const shown = isPasted ? askedAddress(text) : shownUrl(subject)
  const answer = isPasted ? pasted(text) : await askHeaders(subject, io.signal)
  if (answer.error !== undefined) throwIfStopped(io, 'the address answered')
  const known = shown === undefined ? undefined : await desktopAt(shown, options, io)
  const finding = withNames(probeFinding(answer, shown), { url: shown, session: known?.session })
  if (options.json === true) {
    const desktop = known === undefined ? {} : { desktop: known }
    io.out(
      `${JSON.stringify({ ...(shown === undefined ? {} : { url: shown }), ...answer, ...finding, ...desktop })}\n`,
    )
    return finding.ok
  }
  const said = saidText(answer)
  const title = paint(io, styleOf(finding), printable(finding.title, ''))
  io.out(`${shown === undefined ? '' : `${shown}\n`}${printable(said, '')}\n${title}\n  ${finding.explain}\n`)
  for (const step of finding.remedy) io.out(`   - ${printable(step, '     ')}\n`)
  if (known !== undefined) io.out(`  ${knownText(known)}\n`)
  return finding.ok
}

function saidText({ status, server = 'no server named', location, error }: ProbeAnswer): string {
  if (status === undefined) return `no answer: ${error ?? ''}`
  return `${status}, ${server}${location === undefined ? '' : `, to ${location}`}`
}

function styleOf({ ok, inconclusive }: ProbeFinding): Style {
  if (ok) return 'green'
  return inconclusive === true ? 'yellow' : 'red'
}

/** What the logs say about the desktop at an address. */
type Known = Pick<DiagnosisJson, 'session' | 'host' | 'status' | 'verdict'>

/** The desktop whose host is in the path, if something is stored about it. */
async function desktopAt(url: string, options: CommonOptions, io: Io): Promise<Known | undefined> {
  const host = new URL(url).pathname.split('/')[1] ?? ''
  if (!/^[\w.-]+$/.test(host)) return undefined
  try {
    const { ask } = await import('./ask.ts')
    const found = (await ask('diagnose', { session: host }, options, io)) as DiagnosisJson[]
    const last = found.at(-1)
    return (
      last && {
        session: last.session,
        host,
        status: last.status,
        ...(last.verdict && { verdict: last.verdict }),
      }
    )
  } catch (error) {
    // Without a store, or if it does not answer, the result of the probe still counts.
    if (error instanceof OpsError) return undefined
    throw error
  }
}

function knownText({ session, status, verdict }: Known): string {
  const why =
    verdict === undefined
      ? ''
      : `: ${verdict.title} (${verdict.rule_id || 'no rule'}, phase ${verdict.phase})`
  return printable(`The logs of ${session} say ${status.replace('_', ' ')}${why}.`, '  ')
}

/** The URL without what may be a token in it. */
function shownUrl(subject: string): string {
  const shown = URL.canParse(subject) ? shownAddress(subject) : undefined
  if (shown?.startsWith('https:') === true) return shown
  throw usageError(
    'E_URL',
    'the address is not an https URL',
    'Give it as https://LOAD-BALANCER/HOST/, or - and paste headers.',
  )
}

function pasted(text: string): ProbeAnswer {
  const answer = readHeaders(text)
  if (answer !== undefined) return answer
  throw usageError(
    'E_HEADERS',
    'what was given contains no answer',
    'Paste all that `curl -k -I URL` printed, with the line that begins with HTTP/.',
  )
}
