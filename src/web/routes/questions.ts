import type { z } from 'zod'
import type { EventJson } from '../../event-json.ts'
import { answer, QUESTIONS, type Question } from '../../triage/answers.ts'
import type { DiagnosisJson } from '../../triage/diagnosis/diagnosis-json.ts'
import { evidenceOf, withEvidence } from '../../triage/diagnosis/shown/evidence.ts'
import { type App, AS_GIVEN } from '../app.ts'
import { DiagnosisShape } from '../diagnosis-shapes.ts'
import { EventShape, NumberedEventShape } from '../event-shapes.ts'
import { pageOf } from '../page-shape.ts'
import { PROBLEM } from '../problem.ts'
import { libraryOf, type Service } from '../service.ts'
import { CoverageShape, SessionShape, SignatureShape, TrendShape, UnassignedShape } from '../shapes.ts'
import {
  DigestShape,
  LedgerShape,
  ReasonShape,
  StoredFileShape,
  StoredRowShape,
  StoreFactsShape,
} from '../store-shapes.ts'
import { refuseUnknown } from '../unknown.ts'

type Documented = { readonly tag: string; readonly summary: string; readonly item: z.ZodType }

/** The description of each question and the shape of its items. */
const DOCUMENTED: Readonly<Record<Question, Documented>> = {
  sessions: { tag: 'desktops', summary: 'Desktops, the one with the newest line first', item: SessionShape },
  diagnose: { tag: 'desktops', summary: 'What happened to each attempt, and why', item: DiagnosisShape },
  timeline: {
    tag: 'desktops',
    summary: 'Events of one desktop from all machines, oldest first',
    item: EventShape,
  },
  events: { tag: 'logs', summary: 'Classified events, newest first', item: EventShape },
  lines: { tag: 'logs', summary: 'Lines around one of them, or oldest first', item: NumberedEventShape },
  search: { tag: 'logs', summary: 'Lines that contain a text, newest first', item: EventShape },
  trends: { tag: 'failures', summary: 'Failures over time', item: TrendShape },
  signatures: {
    tag: 'failures',
    summary: 'Failures by their kind, those that want attention first',
    item: SignatureShape,
  },
  unassigned: {
    tag: 'failures',
    summary:
      'Failures on machines that serve all desktops, of no desktop that is known; by their kind, worst first',
    item: UnassignedShape,
  },
  coverage: { tag: 'failures', summary: 'How often rules spoke of each kind of log', item: CoverageShape },
  ledger: { tag: 'store', summary: 'What is stored of each file, and what is not', item: LedgerShape },
  losses: { tag: 'store', summary: 'Losses by reason', item: ReasonShape },
  store: { tag: 'store', summary: 'What the store says of itself', item: StoreFactsShape },
  files: { tag: 'store', summary: 'How much is stored of each file', item: StoredFileShape },
  digests: { tag: 'store', summary: 'Sums of the rows of files, by window', item: DigestShape },
  rows: { tag: 'store', summary: 'Rows of one file, in the order of their bytes', item: StoredRowShape },
}

/** Every question of the command line, under the same name. */
export function addQuestions(app: App, service: Service): void {
  for (const question of Object.keys(QUESTIONS) as Question[]) addQuestion(app, question, service)
}

function addQuestion(app: App, question: Question, service: Service): void {
  const { tag, summary, item } = DOCUMENTED[question]
  const schema = {
    ...{ operationId: question, tags: [tag], summary },
    querystring: QUESTIONS[question],
    response: { 200: pageOf(item), default: PROBLEM },
  }
  app.get(`/api/v1/${question}`, { schema, ...AS_GIVEN }, async ({ query }) => {
    const params = query as Record<string, unknown>
    const library = libraryOf(service)
    const page = await answer(question, params, library)
    if (page.items.length === 0) await refuseUnknown(params, service)
    if (question === 'diagnose') {
      const diagnoses = page.items as DiagnosisJson[]
      return { ...page, items: withEvidence(diagnoses, service.numbered(evidenceOf(diagnoses))) }
    }
    if (question === 'lines' && params['event_id'] !== undefined)
      return { ...page, items: service.numbered(page.items as EventJson[]) }
    return page
  })
}
