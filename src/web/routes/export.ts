import { Readable } from 'node:stream'
import { z } from 'zod'
import { answer, type Page, QUESTIONS } from '../../triage/answers.ts'
import { limit } from '../../triage/parameters.ts'
import { type App, AS_GIVEN } from '../app.ts'
import { EventShape } from '../event-shapes.ts'
import { CONTENT_TYPES, type Columns, type ExportRow, FORMATS, written } from '../export-format.ts'
import { PROBLEM, refusal } from '../problem.ts'
import { libraryOf, type Service } from '../service.ts'
import { SessionShape, SignatureShape, TrendShape } from '../shapes.ts'
import { refuseUnknown } from '../unknown.ts'

const EXPORTED = {
  sessions: SessionShape,
  timeline: EventShape,
  events: EventShape,
  lines: EventShape,
  search: EventShape,
  trends: TrendShape,
  signatures: SignatureShape,
} as const
type Exported = keyof typeof EXPORTED

/** Rows per query to the store. Questions that need a whole story are asked once, for all their rows. */
const PAGE_ROWS: Readonly<Partial<Record<Exported, number>>> = { events: 5000, lines: 5000, search: 5000 }
const WHOLE = 100_000
/** Each export holds a page of rows, and a connection while it asks for the next one. */
const MOST_AT_ONCE = 4

const format = z
  .enum(FORMATS, `must be one of ${FORMATS.join(', ')}`)
  .default('ndjson')
  .describe('the file format')

const FILES = Object.fromEntries(
  Object.values(CONTENT_TYPES).map((type) => [type, { schema: z.string().meta({ format: 'binary' }) }]),
)

/** Answers as files: all pages of a question, one after the other. */
export function addExport(app: App, service: Service): void {
  const running = { count: 0 }
  for (const question of Object.keys(EXPORTED) as Exported[]) addOne(app, question, { service, running })
}

type Exporting = { readonly service: Service; readonly running: { count: number } }

function addOne(app: App, question: Exported, { service, running }: Exporting): void {
  const { cursor: _, ...shape } = QUESTIONS[question].shape as Record<string, z.ZodType>
  const schema = {
    ...{
      operationId: `export-${question}`,
      tags: ['export'],
      summary: `The answer to ${question} as a file`,
    },
    querystring: z.strictObject({
      ...shape,
      format,
      limit: limit.optional(),
    }),
    response: { 200: { content: FILES }, default: PROBLEM },
  }
  const options = { schema, ...AS_GIVEN, exposeHeadRoute: false }
  app.get(`/api/v1/export/${question}`, options, async ({ query }, reply) => {
    if (running.count >= MOST_AT_ONCE)
      throw refusal('E_BUSY', `${MOST_AT_ONCE} exports are running already`, 'Try again when one has ended.')
    const { format: asked, ...params } = query as unknown as Record<string, string>
    const wanted = format.parse(asked)
    running.count++
    reply.raw.once('close', () => running.count--)
    // The first page is asked for before the answer begins, since later errors cannot be reported any more.
    const first = await pageOf(question, params, service)
    if (first.items.length === 0) await refuseUnknown(params, service)
    const pages = pagesFrom(first, { question, params, service })
    return reply
      .type(CONTENT_TYPES[wanted])
      .header('content-disposition', `attachment; filename="dcvlens-${question}.${wanted}"`)
      .send(Readable.from(written(wanted, columnsOf(question), pages)))
  })
}

type Asked = {
  readonly question: Exported
  readonly params: Readonly<Record<string, string>>
  readonly service: Service
}

async function* pagesFrom(first: Page<ExportRow>, asked: Asked): AsyncGenerator<readonly ExportRow[]> {
  const most = asked.params['limit'] === undefined ? Number.POSITIVE_INFINITY : Number(asked.params['limit'])
  let rows = 0
  for (let page = first; ; page = await pageOf(asked.question, asked.params, asked.service, page.next)) {
    yield page.items.slice(0, most - rows)
    rows += page.items.length
    if (page.next === undefined || rows >= most) return
  }
}

function pageOf(
  question: Exported,
  params: Readonly<Record<string, string>>,
  service: Service,
  cursor?: string,
): Promise<Page<ExportRow>> {
  const { limit: most = WHOLE, ...rest } = params
  const rows = Math.min(PAGE_ROWS[question] ?? WHOLE, Number(most))
  return answer(
    question,
    {
      ...rest,
      // Trends have no pages.
      ...(question === 'trends' ? {} : { limit: `${rows}` }),
      ...(cursor === undefined ? {} : { cursor }),
    },
    libraryOf(service),
  )
}

const KINDS: Readonly<Record<string, Columns[string]>> = {
  ...{ number: 'number', integer: 'number', boolean: 'flag' },
  ...{ object: 'json', array: 'json' },
}
const TIMES = new Set(['ts', 'bucket', 'first_seen', 'last_seen'])

/** The columns of a question's rows, by their shape. */
function columnsOf(question: Exported): Columns {
  const columns = Object.entries<z.ZodType>(EXPORTED[question].shape).map(([name, shape]) => {
    const { type = '' } = z.toJSONSchema(shape) as { readonly type?: string }
    return [name, TIMES.has(name) ? 'time' : (KINDS[type] ?? 'text')] as const
  })
  return Object.fromEntries(columns)
}
