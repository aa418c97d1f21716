import { z } from 'zod'
import type { EventJson } from '../../event-json.ts'
import { rulesById } from '../../interpret/all-rules.ts'
import { askedOnce } from '../../store/asked-once.ts'
import { answer, type Library, type Page } from '../../triage/answers.ts'
import type { DiagnosisJson } from '../../triage/diagnosis/diagnosis-json.ts'
import { differences } from '../../triage/diagnosis/shown/compare.ts'
import { STATUSES } from '../../triage/diagnosis/status.ts'
import { session, wholeNumber } from '../../triage/parameters.ts'
import type { App } from '../app.ts'
import { PhaseShape } from '../diagnosis-shapes.ts'
import { PROBLEM, refusal } from '../problem.ts'
import { libraryOf, type Service } from '../service.ts'

const number = wholeNumber(1)

const COMPARE = z.strictObject({
  a: session.describe('owner/name of the desktop'),
  b: session.describe('the same; a working one is most useful'),
  a_attempt: number.optional().describe('the last one by default'),
  b_attempt: number.optional(),
})

const SideShape = z.object({
  session: z.string(),
  attempt: z.number(),
  host: z.string(),
  profile: z.string(),
  status: z.enum(STATUSES),
  phases: z.array(PhaseShape),
})
const ComparisonShape = z
  .object({
    a: SideShape,
    b: SideShape,
    items: z
      .array(
        z.object({
          what: z.enum(['status', 'profile', 'version', 'phase', 'time', 'rule', 'line']),
          of: z.string(),
          title: z.string().optional().describe('of a rule'),
          a: z.string(),
          b: z.string(),
        }),
      )
      .describe('in the shape of `dcvlens compare --json`'),
    missing: z
      .array(z.object({ rule_id: z.string(), title: z.string(), phase: z.string() }))
      .describe('milestones that b has and a has not; none if their products differ'),
  })
  .meta({ id: 'Comparison' })

/** How two desktops, or two attempts of one, differ. */
export function addCompare(app: App, service: Service): void {
  const schema = {
    ...{ operationId: 'compare', tags: ['desktops'], summary: 'In what two desktops differ' },
    querystring: COMPARE,
    response: { 200: ComparisonShape, default: PROBLEM },
  }
  app.get('/api/v1/compare', { schema }, async ({ query }) => {
    // Diagnoses and timelines are made of the same events, and both desktops of the same machines around them.
    const library = { ...libraryOf(service), store: askedOnce(service.store) }
    const [a, b] = await Promise.all([attemptOf('a', query, library), attemptOf('b', query, library)])
    const titles = new Map([...rulesById(service.knowledge().rules)].map(([id, { title }]) => [id, title]))
    const items = differences(a, b).map((difference) => {
      const title = difference.what === 'rule' ? titles.get(difference.of) : undefined
      return title === undefined ? difference : { ...difference, title }
    })
    const missing = a.profile === b.profile && a.os === b.os ? await missingIn(a, b, library) : []
    return {
      ...{ a: sideOf(a), b: sideOf(b), items },
      missing: missing.map((one) => ({ ...one, title: titles.get(one.rule_id) ?? one.rule_id })),
    }
  })
}

async function attemptOf(
  side: 'a' | 'b',
  query: z.infer<typeof COMPARE>,
  library: Library,
): Promise<DiagnosisJson> {
  const [name, number] = [query[side], query[`${side}_attempt`]]
  const { items } = await answer('diagnose', { session: name }, library)
  const attempts = items as readonly DiagnosisJson[]
  const found = number === undefined ? attempts.at(-1) : attempts.find(({ attempt }) => attempt === number)
  if (found !== undefined) return found
  throw attempts.length === 0
    ? refusal('E_NOT_FOUND', `no desktop is named ${name}`, '/api/v1/sessions has all of them.', side)
    : refusal(
        'E_NOT_FOUND',
        `${name} has no attempt ${number}`,
        `It has ${attempts.length}.`,
        `${side}_attempt`,
      )
}

/** The milestones that the one that got further passed and the other did not, in order. */
async function missingIn(a: DiagnosisJson, b: DiagnosisJson, library: Library) {
  const [here, there] = await Promise.all([milestonesOf(a, library), milestonesOf(b, library)])
  return [...there.values()].filter(({ rule_id }) => !here.has(rule_id))
}

async function milestonesOf({ session: name, host }: DiagnosisJson, library: Library) {
  const page = (await answer('timeline', { session: name, limit: '20000' }, library)) as Page<EventJson>
  const own = page.items.filter((event) => event.kind === 'milestone' && (host === '' || event.host === host))
  return new Map(own.map(({ rule_id = '', phase = '' }) => [rule_id, { rule_id, phase }]))
}

function sideOf({ session: name, attempt, host, profile, status, phases }: DiagnosisJson) {
  return { session: name, attempt, host, profile, status, phases }
}
