import type { IncomingHttpHeaders } from 'node:http'
import { Readable } from 'node:stream'
import { z } from 'zod'
import { severitiesFrom } from '../../triage/events.ts'
import { session, sessionParts, severity, text } from '../../triage/parameters.ts'
import type { App } from '../app.ts'
import { liveText } from '../live-text.ts'
import { PROBLEM, refusal } from '../problem.ts'
import type { Service } from '../service.ts'
import { SessionWatch } from '../session-watch.ts'
import { refuseUnknown } from '../unknown.ts'

const LIVE = z.strictObject({
  session: session.optional(),
  host: text.optional().describe('also with a desktop, whose lines on it are meant then'),
  source: text.optional().describe('kind of log'),
  severity: severity.optional(),
  text: text.optional().describe('text that the message contains, ignoring case'),
})

/** Each listener costs a query for every stored batch. */
const MOST_LISTENERS = 50

const ABOUT = `Server-sent events. \`line\`: an event, as soon as it is stored, once and in the order of its file. \`session\`:
{session, status} when that changes. \`gap\`: {skipped}, how many lines were left out because the reader was too slow or they
were too many. A comment every 15 s. After a break the browser says by itself what it had last (Last-Event-ID) and gets what it missed.`

/** Streams what is stored until the connection closes or the service stops. */
export function addLive(app: App, service: Service, stop: AbortSignal): void {
  const watch = new SessionWatch(service, stop)
  let listeners = 0
  const schema = {
    ...{
      operationId: 'live',
      tags: ['logs'],
      summary: 'What is being stored, as it comes',
      description: ABOUT,
    },
    querystring: LIVE,
    response: { 200: { content: { 'text/event-stream': { schema: z.string() } } }, default: PROBLEM },
  }
  app.get('/api/v1/live', { schema, exposeHeadRoute: false }, async ({ query, headers }, reply) => {
    if (listeners >= MOST_LISTENERS)
      throw refusal('E_BUSY', `${MOST_LISTENERS} readers listen already`, 'Close one, or try again later.')
    await refuseUnknown({ session: query.session, host: query.host, source: query.source }, service)
    const gone = new AbortController()
    const end = () => gone.abort()
    listeners++
    reply.raw.once('close', () => {
      listeners--
      stop.removeEventListener('abort', end)
      end()
    })
    stop.addEventListener('abort', end)
    const lines = liveText(
      { filter: filterOf(query), session: query.session, lastId: lastIdIn(headers) },
      { service, watch, signal: gone.signal },
    )
    return reply
      .header('content-type', 'text/event-stream; charset=utf-8')
      .header('x-accel-buffering', 'no')
      .send(Readable.from(lines, { objectMode: true, highWaterMark: 1 }))
  })
}

function filterOf({ session, host, source, text, severity }: z.infer<typeof LIVE>) {
  return { host, ...sessionParts(session), source, text, severities: severitiesFrom(severity) }
}

/** The id of the last event that the reader got before a break, as its browser sends it. */
function lastIdIn(headers: IncomingHttpHeaders): string | undefined {
  const id = headers['last-event-id']
  return typeof id === 'string' ? id : undefined
}
