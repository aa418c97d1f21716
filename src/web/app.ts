import fastifyCompress from '@fastify/compress'
import fastifySwagger from '@fastify/swagger'
import {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyTypeProvider,
  fastify,
} from 'fastify'
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { PACKING } from './packing.ts'
import { refuseUnreadable, sendUnreadable } from './problem.ts'

export type App = Awaited<ReturnType<typeof newApp>>
export type Reply = FastifyReply
export type Request = FastifyRequest

/** Handlers get what the schemas parse; their answers have our own types. */
interface Checked extends FastifyTypeProvider {
  validator: this['schema'] extends z.ZodType ? z.output<this['schema']> : unknown
  serializer: unknown
}

/** Bodies are small: lines to explain, and decisions about signatures. */
const BODY_BYTES = 256 * 1024

const ABOUT = `Answers are those of the commands' \`--json\`. Lists come in pages: \`next\` is the cursor of the following one.
Errors are \`application/problem+json\` with a stable \`code\`. A name that is not there is an error, never an empty list: 400 if
there is a list of what it may be (\`source\`, \`component\`, \`severity\`), 404 if it names something of the data (a desktop, host, file,
rule, template, signature or line); \`field\` says which parameter has it.`

/** The server without routes: requests are checked against zod schemas, which are also the source of its OpenAPI document. */
export async function newApp(version: string) {
  const app = fastify({
    ...{ logger: false, forceCloseConnections: true, bodyLimit: BODY_BYTES },
    frameworkErrors: (error, _request, reply) => {
      void sendUnreadable(error, reply as unknown as Reply)
    },
  })
  app.setValidatorCompiler(({ schema }) => checker(schema, 'read'))
  // The schemas of answers are documentation only, since answers are made from our own types.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.removeContentTypeParser('text/plain')
  takeNoBody(app)
  app.addHook('preValidation', async ({ url, is404 }) => {
    if (!is404) refuseUnreadable(url)
  })
  await app.register(fastifyCompress, PACKING)
  await app.register(fastifySwagger, {
    openapi: { openapi: '3.1.0', info: { title: 'dcvlens', version, description: ABOUT } },
    transform: jsonSchemaTransform,
    transformObject: (document) => withoutInputs(jsonSchemaTransformObject(document)),
  })
  return app.withTypeProvider<Checked>()
}

/** Some programs send a content type without a body; a DELETE needs no body. */
function takeNoBody(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (request.method === 'DELETE' && body.length === 0) done(null, undefined)
    else void parse(request, String(body), done)
  })
}

/** The schemas describe answers only; nobody sends them as input. */
function withoutInputs<Document extends object>(document: Document): Document {
  const { components } = document as { readonly components?: { readonly schemas?: Record<string, unknown> } }
  const schemas = Object.entries(components?.schemas ?? {}).filter(([name]) => !name.endsWith('Input'))
  return { ...document, components: { ...components, schemas: Object.fromEntries(schemas) } }
}

/** For a route whose handler parses the parameters itself: they are checked, but passed on as they were given. */
export const AS_GIVEN = {
  validatorCompiler: ({ schema }: { schema: unknown }) => checker(schema, 'as given'),
}

function checker(schema: unknown, give: 'read' | 'as given') {
  return (data: unknown) => {
    const result = (schema as z.ZodType).safeParse(data)
    if (!result.success) return { error: result.error }
    return { value: give === 'read' ? result.data : data }
  }
}
