import { z } from 'zod'
import { SilenceRequest } from '../../triage/alerts/silence.ts'
import { text } from '../../triage/parameters.ts'
import type { App } from '../app.ts'
import { pageOf } from '../page-shape.ts'
import { PROBLEM, refusal } from '../problem.ts'
import type { Service } from '../service.ts'
import { AlertShape } from '../shapes.ts'

const STATES = ['pending', 'firing', 'resolved'] as const
const SilenceShape = z
  .object({
    id: z.string(),
    matchers: z.array(
      z.object({ name: z.string(), value: z.string(), is_regex: z.boolean(), is_equal: z.boolean() }),
    ),
    starts_at: z.iso.datetime(),
    ends_at: z.iso.datetime(),
    created_by: z.string(),
    comment: z.string(),
    state: z.enum(['pending', 'active', 'expired']),
  })
  .meta({ id: 'Silence' })

const NONE = z.strictObject({})

/** Alerts and silences. */
export function addAlerts(app: App, { alerts: desk }: Service): void {
  const list = {
    ...{ operationId: 'alerts', tags: ['alerts'], summary: 'Alerts, the worst first' },
    querystring: z.strictObject({
      state: z.enum(STATES, `must be one of ${STATES.join(', ')}`).optional(),
    }),
    response: { 200: pageOf(AlertShape), default: PROBLEM },
  }
  app.get('/api/v1/alerts', { schema: list }, async ({ query }) => ({ items: desk.alerts(query.state) }))

  const silences = {
    ...{ operationId: 'silences', tags: ['alerts'], summary: 'Silences, those that are over lately, too' },
    ...{ querystring: NONE, response: { 200: pageOf(SilenceShape), default: PROBLEM } },
  }
  app.get('/api/v1/silences', { schema: silences }, async () => ({ items: desk.silences() }))

  const silence = {
    ...{ operationId: 'silence', tags: ['alerts'], summary: 'Do not tell some alerts for a while' },
    ...{ querystring: NONE, body: SilenceRequest, response: { 201: SilenceShape, default: PROBLEM } },
  }
  app.post('/api/v1/silences', { schema: silence }, async ({ body }, reply) =>
    reply.code(201).send(await desk.silence(body)),
  )

  const end = {
    ...{ operationId: 'end-silence', tags: ['alerts'], summary: 'End a silence now' },
    ...{ params: z.strictObject({ id: text }), querystring: NONE },
    response: { 200: SilenceShape, default: PROBLEM },
  }
  app.delete('/api/v1/silences/:id', { schema: end }, async ({ params: { id } }) => {
    const ended = await desk.endSilence(id)
    if (ended !== undefined) return ended
    throw refusal('E_NOT_FOUND', `there is no silence ${id}`, '/api/v1/silences has all of them.', 'id')
  })
}
