import type { EventJson } from '../../../event-json.ts'
import { type Attempt, compareByPlace } from '../story.ts'
import type { PhaseModel, Step } from './phase-model.ts'
import { Progress, type Role } from './progress.ts'
import { Retries } from './retries.ts'
import { EARLY, phaseOf, stepOfFailure } from './step-of-failure.ts'

/** An event in the course of an attempt: its position among all events, and the step it belongs to. */
export type Mark = {
  readonly event: EventJson
  /** Position among the attempt's events, ascending with time. */
  readonly at: number
  readonly step: Step
}

/** A step, and what was written about it. */
export type StepCourse = {
  readonly step: Step
  readonly begins: readonly Mark[]
  readonly dones: readonly Mark[]
  readonly claims: readonly Mark[]
  /** Failures that count: of severity error or critical, and not made good by a retry. */
  readonly failures: readonly Mark[]
  /** Somebody tried to reach the desktop and could not. */
  readonly refusals: readonly Mark[]
}

/** Puts an attempt's events into order and assigns them to the steps of its phases. */
export function courseOf({ events }: Attempt, { steps, retries }: PhaseModel): readonly StepCourse[] {
  const rank = rankOf(steps)
  const ordered = inOrder(
    events.filter(({ kind }) => kind !== 'line'),
    rank,
  )
  const rolesByRule = rolesOf(steps)
  const byStep = new Map(steps.map((step) => [step, emptyMarks()]))
  const stepOfLine = stepsOfLines(ordered, steps)
  const progress = new Progress(steps)
  const tries = new Retries(retries)
  const madeGood = new Set<Mark>()
  for (const [at, event] of ordered.entries()) {
    const roles = rolesByRule.get(event.rule_id ?? '') ?? []
    for (const { step, kind } of roles) {
      const spoken = kind === 'refusals' ? steps.find(({ phase }) => phase === phaseOf(event)) : step
      byStep.get(step)?.[kind].push({ event, at, step: spoken ?? step })
    }
    progress.note(event, roles)
    for (const mark of tries.take(event)) madeGood.add(mark)
    const named = EARLY.has(event.phase ?? '') ? stepOfLine.get(placeOf(event)) : undefined
    const step = isFailure(event)
      ? (named ?? stepOfFailure(event, steps, progress.in(event.file)))
      : undefined
    if (step === undefined) continue
    const mark = { event, at, step }
    byStep.get(step)?.failures.push(mark)
    tries.failed(mark)
  }
  return steps.map((step) => {
    const marks = byStep.get(step) ?? emptyMarks()
    return { step, ...marks, failures: marks.failures.filter((mark) => !madeGood.has(mark)) }
  })
}

function emptyMarks(): Record<Exclude<keyof StepCourse, 'step'>, Mark[]> {
  return { begins: [], dones: [], claims: [], failures: [], refusals: [] }
}

/**
 * By line (`placeOf`), the step that a failure in it names. Other failures that rules find in the same line, and that are
 * about the host's setup in general, belong to that step, too.
 */
function stepsOfLines(events: readonly EventJson[], steps: readonly Step[]): ReadonlyMap<string, Step> {
  const found = new Map<string, Step>()
  for (const event of events.filter(isFailure)) {
    const step = EARLY.has(event.phase ?? '') ? undefined : steps.find(({ phase }) => phase === event.phase)
    if (step !== undefined && step.phase !== 'launch') found.set(placeOf(event), step)
  }
  return found
}

function placeOf({ file, generation, offset }: EventJson): string {
  return `${file}\0${generation}\0${offset}`
}

/** All marks of a course except refusals, in order. */
export function marksOf(course: readonly StepCourse[]): Mark[] {
  return course
    .flatMap(({ begins, dones, claims, failures }) => [...begins, ...dones, ...claims, ...failures])
    .sort((a, b) => a.at - b.at)
}

/** Does it report a final failure? Warnings are retries and notes. */
function isFailure({ severity }: EventJson): boolean {
  return severity === 'error' || severity === 'critical'
}

/** For each rule, what its events say about which steps: one line may end a step and begin another. */
function rolesOf(steps: readonly Step[]): ReadonlyMap<string, readonly Role[]> {
  const roles = new Map<string, Role[]>()
  const add = (step: Step, kind: Role['kind'], ids: readonly string[]) => {
    for (const id of ids) roles.set(id, [...(roles.get(id) ?? []), { step, kind }])
  }
  for (const step of steps) {
    add(step, 'begins', step.begin)
    add(step, 'claims', step.claims)
    add(step, 'dones', step.done)
    add(
      step,
      'refusals',
      step.refused.map(({ rule }) => rule),
    )
  }
  return roles
}

function rankOf(steps: readonly Step[]): ReadonlyMap<string, number> {
  const rank = new Map<string, number>()
  for (const { sources } of steps)
    for (const source of sources) if (!rank.has(source)) rank.set(source, rank.size)
  return rank
}

/** How far the time of a line may lie behind that of the line above it. If further, the clock was set. */
const DISORDER_MS = 3_600_000

/**
 * Orders events by time; where logs have no times of their own, in the order in which their files are written. A line is
 * never earlier than the lines above it in its file: concurrent writers take the time before they get to write.
 */
function inOrder(events: readonly EventJson[], rank: ReadonlyMap<string, number>): EventJson[] {
  const placed = events.toSorted(compareByPlace)
  const times = new Map<EventJson, string>()
  let above: EventJson | undefined
  for (const event of placed) {
    const before = above?.file === event.file ? (times.get(above) ?? '') : ''
    const isLate = before > event.ts && Date.parse(before) - Date.parse(event.ts) <= DISORDER_MS
    times.set(event, isLate ? before : event.ts)
    above = event
  }
  const rankOfEvent = ({ source }: EventJson) => rank.get(source ?? '') ?? 99
  return placed.sort((a, b) => {
    const [x = '', y = ''] = [times.get(a), times.get(b)]
    if (x !== y) return x < y ? -1 : 1
    return rankOfEvent(a) - rankOfEvent(b) || compareByPlace(a, b)
  })
}
