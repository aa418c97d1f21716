import { z } from 'zod'
import type { EventJson } from '../../event-json.ts'
import { askEvents, EVENTS } from '../../triage/events.ts'
import { signatureDetail, signatureJson } from '../../triage/novelty/ask-signatures.ts'
import { ChangeSchema, changeState } from '../../triage/novelty/change-state.ts'
import { text } from '../../triage/parameters.ts'
import type { App } from '../app.ts'
import { asked } from '../asked-store.ts'
import { EventShape } from '../event-shapes.ts'
import { PROBLEM, refusal } from '../problem.ts'
import { userOf } from '../security.ts'
import { libraryOf, type Service } from '../service.ts'
import { SIGNATURE, SignatureShape } from '../shapes.ts'

const WholeSignatureShape = z
  .object({
    ...SIGNATURE,
    sessions: z.array(z.string()).describe('at most 20 desktops, as owner/name'),
    session_count: z.number().min(0),
    explain: z.string().optional(),
    remedy: z.array(z.string()).optional(),
    examples: z.array(EventShape).describe('its newest events, at most 5'),
    history: z
      .array(
        z.object({
          at: z.iso.datetime(),
          action: z.string(),
          state: z.string(),
          author: z.string().optional(),
          note: z.string().optional(),
          until: z.string().optional(),
          below: z.number().optional(),
        }),
      )
      .describe('decisions about it, by people and by dcvlens'),
  })
  .meta({ id: 'WholeSignature' })

const MOST_EXAMPLES = 5
const ID = z.strictObject({ id: text })

/** One signature, and the decisions about it. */
export function addSignatures(app: App, service: Service): void {
  const one = {
    ...{ operationId: 'signature', tags: ['failures'], summary: 'All that is known of one signature' },
    ...{ params: ID, querystring: z.strictObject({}) },
    response: { 200: WholeSignatureShape, default: PROBLEM },
  }
  app.get('/api/v1/signatures/:id', { schema: one }, async ({ params: { id } }) => {
    const found = await signatureDetail(id, libraryOf(service))
    if (found === undefined) throw noSignature(id)
    const { desktops, remedy, sessions, ...rest } = found
    return {
      ...rest,
      ...(remedy === undefined ? {} : { remedy: remedy.flatMap(({ steps }) => steps) }),
      ...{ sessions: desktops, session_count: sessions },
      examples: await examplesOf(found, service),
    }
  })
  const change = {
    ...{ operationId: 'decide', tags: ['failures'], summary: 'What to do about a signature' },
    ...{ params: ID, querystring: z.strictObject({}), body: ChangeSchema },
    response: { 200: SignatureShape, default: PROBLEM },
  }
  app.post('/api/v1/signatures/:id/state', { schema: change }, async (request) => {
    const { id } = request.params
    // Somebody who has logged in cannot decide in another's name.
    const author = userOf(request) ?? request.body.author
    const decision = author === undefined ? request.body : { ...request.body, author }
    const changed = await asked(changeState(id, decision, { ...libraryOf(service), store: service.states }))
    if (changed === undefined) throw noSignature(id)
    return signatureJson(changed)
  })
}

type Named = { readonly id: string; readonly kind: 'rule' | 'template'; readonly aliases?: readonly string[] }

/** The newest events of a signature; a template may have several ids. */
async function examplesOf({ id, kind, aliases = [id] }: Named, service: Service): Promise<EventJson[]> {
  const name = kind === 'rule' ? 'rule' : 'template'
  const pages = await Promise.all(
    aliases.map((alias) => {
      return askEvents(EVENTS.parse({ [name]: alias, limit: MOST_EXAMPLES }), libraryOf(service))
    }),
  )
  return pages
    .flatMap(({ items }) => items)
    .sort((a, b) => (a.ts < b.ts ? 1 : -1))
    .slice(0, MOST_EXAMPLES)
}

function noSignature(id: string) {
  return refusal('E_NOT_FOUND', `no signature has the id ${id}`, '/api/v1/signatures has all of them.', 'id')
}
