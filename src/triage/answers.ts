import { z } from 'zod'
import type { EventJson } from '../event-json.ts'
import type { RuleSet } from '../interpret/load-rules.ts'
import { plainWords } from '../plain-words.ts'
import type { Generations } from '../product-versions.ts'
import type { Store } from '../store/client.ts'
import { askContextOf, askDiagnosis } from './diagnosis/ask-diagnosis.ts'
import type { PhaseModel } from './diagnosis/course/phase-model.ts'
import type { DiagnosisJson } from './diagnosis/diagnosis-json.ts'
import { askEvents, EVENTS } from './events.ts'
import { askLines, askSearch, LINES, SEARCH } from './lines.ts'
import { askSignatures, SIGNATURES, type SignatureJson } from './novelty/ask-signatures.ts'
import { session, status, time, withTimes } from './parameters.ts'
import type { NotRead } from './portal/portal-session.ts'
import type { PortalReader } from './portal/read-portal.ts'
import type { Probes } from './probe/prober.ts'
import { askCoverage, type CoverageJson } from './rules/coverage.ts'
import type { DiagnosisLookup } from './sessions/diagnosis-lookup.ts'
import type { SessionJson } from './sessions/session-json.ts'
import { askSessions, SESSIONS } from './sessions/sessions.ts'
import { answerStored, isStoredQuestion, STORED_QUESTIONS, type StoredItem } from './stored-questions.ts'
import { askTimeline, TIMELINE } from './timeline.ts'
import { askTrends, TRENDS, type TrendJson } from './trends.ts'
import { askUnassigned, UNASSIGNED, type UnassignedJson } from './unassigned.ts'

/** A page of an answer; `next` is the cursor of the following page. */
export type Page<Item> = {
  readonly items: readonly Item[]
  readonly next?: string
  /** What the answer should have contained and could not be read. */
  readonly not_read?: readonly NotRead[]
}

/** The parameters of each question, the same for the command line and the API. */
export const QUESTIONS = {
  sessions: SESSIONS,
  timeline: TIMELINE,
  trends: TRENDS,
  events: EVENTS,
  lines: LINES,
  search: SEARCH,
  diagnose: z.strictObject({
    session: session.optional(),
    status: status.optional(),
    from: time.optional(),
  }),
  signatures: SIGNATURES,
  unassigned: UNASSIGNED,
  coverage: z.strictObject({ from: time.optional(), to: time.optional() }),
  ...STORED_QUESTIONS,
} as const

export type Question = keyof typeof QUESTIONS
export type AnswerItem =
  | SessionJson
  | EventJson
  | TrendJson
  | CoverageJson
  | DiagnosisJson
  | SignatureJson
  | UnassignedJson
  | StoredItem

/** What answers need besides the stored rows. */
export type AnswerKnowledge = {
  readonly rules: RuleSet
  readonly phases: () => readonly PhaseModel[]
  readonly generations: Generations
  /** Nothing counts as new for this long after the first line of its kind of log and product generation, ms. */
  readonly learnMs: number
  readonly portal: PortalReader
  /** What the addresses of desktops answered; empty if they are not probed. */
  readonly probes: Probes
}

/** What answering needs, as of `nowMs`. */
export type Library = AnswerKnowledge & {
  readonly store: Store
  readonly nowMs: number
  /** How desktops stood when they were asked for last; without it nothing is remembered. */
  readonly diagnosisCache?: DiagnosisLookup | undefined
}

/** Answers a question whose parameters have the shape given in QUESTIONS; the objects are those of `--json`. */
export async function answer(
  question: Question,
  params: Readonly<Record<string, unknown>>,
  library: Library,
): Promise<Page<AnswerItem>> {
  const asked = withTimes(params, library.nowMs)
  if (isStoredQuestion(question)) return answerStored(question, asked, library.store)
  switch (question) {
    case 'sessions':
      return askSessions(QUESTIONS.sessions.parse(asked), library)
    case 'timeline':
      return askTimeline(QUESTIONS.timeline.parse(asked), library)
    case 'trends':
      return askTrends(QUESTIONS.trends.parse(asked), library)
    case 'events':
      return askEvents(QUESTIONS.events.parse(asked), library)
    case 'lines':
      return askLines(QUESTIONS.lines.parse(asked), library)
    case 'search':
      return askSearch(QUESTIONS.search.parse(asked), library)
    case 'diagnose':
      return {
        items: await askDiagnosis(QUESTIONS.diagnose.parse(asked), library.store, askContextOf(library)),
      }
    case 'signatures':
      return askSignatures(QUESTIONS.signatures.parse(asked), library)
    case 'unassigned':
      return askUnassigned(QUESTIONS.unassigned.parse(asked), library)
    case 'coverage':
      return { items: await askCoverage(QUESTIONS.coverage.parse(asked), library) }
  }
}

/** What is wrong with a parameter, in terms of the asker's input. */
export type ParameterFault = { readonly name: string; readonly text: string }

/** Said of a parameter that the question does not have. */
export const NOT_ASKED = 'is not asked for here'

/** The first fault of parameters that do not fit QUESTIONS; undefined for any other error. */
export function parameterFault(error: unknown): ParameterFault | undefined {
  if (!(error instanceof z.ZodError)) return undefined
  const [issue] = error.issues
  if (issue?.code === 'unrecognized_keys') return { name: issue.keys[0] ?? '', text: NOT_ASKED }
  return { name: issue?.path.join('.') ?? '', text: issue === undefined ? '' : plainWords(issue) }
}
