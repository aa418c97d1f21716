import type { EventJson } from '../../../event-json.ts'
import { isShared } from '../story.ts'
import type { Mark, StepCourse } from './course.ts'

type PhaseState = 'done' | 'failed' | 'running' | 'missing' | 'skipped' | 'not_checked'

/** How one phase went. Times are ISO 8601, UTC, and given where the logs have them. */
export type PhaseJson = {
  readonly phase: string
  readonly state: PhaseState
  readonly start?: string
  readonly end?: string
  readonly duration_s?: number
  /** How long the phase normally takes. */
  readonly usual_s: number
  readonly evidence?: readonly string[]
}

export type StateAsk = {
  /** Failures that count against the desktop. */
  readonly decisive: readonly Mark[]
  /** Kinds of files that were read, of this desktop and of the machines around it. */
  readonly collected: ReadonlySet<string>
  /** The attempt goes on: its last step that was begun is running. */
  readonly isGoingOn: boolean
  readonly isReady: boolean
}

/** The state of each phase. What proves a later step also completes the earlier ones of which nothing was written. */
export function phaseStates(course: readonly StepCourse[], ask: StateAsk): PhaseJson[] {
  const lastTold = course.findLastIndex((stepCourse) => !stepCourse.step.beside && isTold(stepCourse))
  return course.map((stepCourse, index) => {
    const state = stateOf(stepCourse, {
      ...ask,
      isPassed: !stepCourse.step.beside && (index < lastTold || ask.isReady),
    })
    return {
      phase: stepCourse.step.phase,
      state,
      usual_s: stepCourse.step.usual / 1000,
      ...timesOf(stepCourse, state === 'failed' ? ask.decisive : []),
      ...evidenceOf(stepCourse, state, ask.decisive),
    }
  })
}

function isTold({ begins, dones, claims }: StepCourse): boolean {
  return begins.length + dones.length + claims.length > 0
}

function stateOf(stepCourse: StepCourse, ask: StateAsk & { readonly isPassed: boolean }): PhaseState {
  if (ask.decisive.some(({ step }) => step === stepCourse.step)) return 'failed'
  if (isNotNeeded(stepCourse)) return 'skipped'
  if (stepCourse.dones.length > 0) return 'done'
  const isCollected = stepCourse.step.sources.some((source) => ask.collected.has(source))
  if (isTold(stepCourse))
    return stepCourse.claims.length > 0 || ask.isPassed ? 'done' : ask.isGoingOn ? 'running' : 'missing'
  if (!isCollected) return 'not_checked'
  if (stepCourse.step.optional) return 'skipped'
  return ask.isPassed ? 'done' : 'missing'
}

/** Does all that was said of a step say that this machine does not need it? */
export function isNotNeeded({ step, dones, claims }: StepCourse): boolean {
  const ends = [...dones, ...claims]
  return ends.length > 0 && ends.every(({ event }) => step.none.includes(event.rule_id ?? ''))
}

/** From the first sign to the last, or to the failure, where the log itself has times. */
function timesOf({ step, begins, dones, claims }: StepCourse, decisive: readonly Mark[]): Partial<PhaseJson> {
  const start = timed(begins)[0]
  const failures = decisive.filter((mark) => mark.step === step && !isShared(mark.event.source))
  const end = timed([...dones, ...claims, ...failures]).at(-1)
  if (start === undefined) return end === undefined ? {} : { end }
  if (end === undefined || end < start) return { start }
  return { start, end, duration_s: Math.round((Date.parse(end) - Date.parse(start)) / 1000) }
}

function timed(marks: readonly Mark[]): string[] {
  return marks
    .filter(({ event }) => event.ts_quality === 'parsed')
    .map(({ event }) => event.ts)
    .sort()
}

function evidenceOf(
  stepCourse: StepCourse,
  state: PhaseState,
  decisive: readonly Mark[],
): Partial<PhaseJson> {
  const marks =
    state === 'failed'
      ? decisive.filter(({ step }) => step === stepCourse.step)
      : [stepCourse.dones.at(-1) ?? stepCourse.claims.at(-1) ?? stepCourse.begins.at(-1)]
  const places = marks.flatMap((mark) => (mark === undefined ? [] : [placeOf(mark.event)]))
  return places.length === 0 ? {} : { evidence: places.slice(0, 5) }
}

/** The place of an event: its file and first byte. */
function placeOf({ file, offset }: EventJson): string {
  return `${file}, byte ${offset}`
}
