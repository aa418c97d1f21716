import type { EventJson } from '../../../event-json.ts'
import { isHostWide, isOfSession } from '../log-habits.ts'
import { type Attempt, compareByPlace, isShared } from '../story.ts'
import type { PhaseModel, Step } from './phase-model.ts'
import { later, Progress, type Role, type Standpoint } from './progress.ts'
import { Retries } from './retries.ts'

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
      const spoken = kind === 'refusals' ? steps.find(({ phase }) => phase === event.phase) : step
      byStep.get(step)?.[kind].push({ event, at, step: spoken ?? step })
    }
    progress.note(event, roles)
    for (const mark of tries.take(event)) madeGood.add(mark)
    const named = EARLY.has(event.phase ?? '') ? stepOfLine.get(placeOf(event)) : undefined
    const step = isFailure(event) ? (named ?? stepOfEvent(event, steps, progress.in(event.file))) : undefined
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

/** Failures of a host's setup (packages, disk, network, AWS) may also occur earlier or later. */
export const EARLY: ReadonlySet<string> = new Set(['user-data', 'setup'])

/**
 * The step of a failure: by the phase of its rule; if that is not specific enough, by the step that its file was at (or the
 * one before, if that one had ended, or is a few lines inside of it, and the file is about it as well), by how far the
 * attempt had come when its host wrote the line, or, where such files are not about it, by the step with which they begin.
 */
function stepOfEvent(
  event: EventJson,
  steps: readonly Step[],
  { byPlace, isEnded, reached }: Standpoint,
): Step | undefined {
  const byRule = steps.find(({ phase }) => phase === event.phase)
  // The system log of a host is about all steps, whichever look into it.
  const ofSource = isHostWide(event.source)
    ? []
    : steps.filter(({ sources }) => sources.includes(event.source ?? ''))
  const [bySource] = ofSource
  if (byRule === undefined) return byPlace ?? bySource
  // No file of the host reports its launch. Files that do are shared, and mention other steps only by name.
  if (byRule.phase === 'launch')
    return isShared(event.source) ? byRule : (byPlace ?? bySource ?? reached ?? byRule)
  if (byRule.phase === 'reboot' && isHostWide(event.source)) return bootAt(reached, byRule, steps)
  if (!EARLY.has(byRule.phase)) return byRule
  // What a session lacks is found when it is created, and reported by its own logs.
  const session = steps.find(({ phase }) => phase === 'session')
  if (session !== undefined && isOfSession(event.source)) return session
  if (byPlace !== undefined) {
    const isBefore = steps.indexOf(byPlace) - steps.indexOf(byRule) === 1
    const isOver = isEnded || byPlace.inside === byRule.phase
    return isOver && isBefore && byRule.sources.includes(event.source ?? '') ? byRule : byPlace
  }
  if (event.ts_quality === 'parsed' && reached !== undefined)
    return later(bySource, launchedOr(byRule, reached, event), steps)
  return startOf(ofSource, byRule)
}

/** The step that was reached; the launch is over once its host writes. */
function launchedOr(byRule: Step, reached: Step, { source }: EventJson): Step {
  return reached.phase === 'launch' && !isShared(source) ? byRule : reached
}

/** What keeps a host from booting is of its user data if none of its own steps was begun: then it is the first boot. */
function bootAt(reached: Step | undefined, reboot: Step, steps: readonly Step[]): Step {
  const isFirst = reached === undefined || reached.phase === 'launch'
  return (isFirst ? steps.find(({ phase }) => phase === 'user-data') : undefined) ?? reboot
}

/** The step with which files of these steps begin, if they are not about the step of the rule. */
function startOf(steps: readonly Step[], byRule: Step): Step {
  const [first] = steps
  if (first === undefined || steps.includes(byRule)) return byRule
  return steps.length === 1 || EARLY.has(first.phase) ? first : byRule
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
