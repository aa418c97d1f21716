import type { EventJson } from '../../event-json.ts'
import type { RuleSet } from '../../interpret/load-rules.ts'
import type { Told } from '../../interpret/told.ts'
import type { Generations } from '../../product-versions.ts'
import { attemptsOf } from './attempts.ts'
import { courseOf, type Mark, marksOf, type StepCourse } from './course.ts'
import { outcomeOf } from './outcome.ts'
import { type PhaseModel, phasesOf } from './phase-model.ts'
import { type PhaseJson, phaseStates } from './phase-states.ts'
import { type PortalJson, withPortal } from './portal-view.ts'
import type { ProbeJson } from './probe-view.ts'
import { possibleCauses, type RootCause, rootCauseOf } from './root-cause.ts'
import { SharedLogs } from './shared-logs.ts'
import { silencesOf } from './silences.ts'
import { standingOf } from './standing.ts'
import type { Status } from './status.ts'
import { type Attempt, isShared, nameOf, type Story } from './story.ts'
import { unregistered } from './unregistered.ts'
import { folded, type VerdictJson, verdictOfAbsence, verdictOfCause, verdictOfSilence } from './verdict.ts'

/** What is to be said of one attempt; keys as in the command's `--json`. */
export type DiagnosisJson = {
  readonly session: string
  readonly attempt: number
  readonly host: string
  /** As the paths and messages name them; '' where none does. */
  readonly instance: string
  readonly session_uuid: string
  readonly cluster: string
  readonly profile: string
  readonly os: 'linux' | 'windows'
  readonly status: Status
  readonly verdict?: VerdictJson
  readonly evidence: readonly EventJson[]
  readonly consequences: readonly {
    readonly rule_id: string
    readonly title: string
    readonly count: number
  }[]
  readonly phases: readonly PhaseJson[]
  readonly not_checked: readonly { readonly source: string; readonly reason: string }[]
  readonly evidence_incomplete: boolean
  /** What the portal's database says of it, where that was read. */
  readonly portal?: PortalJson
  /** What its address answered, where it is asked on a schedule. */
  readonly probe?: ProbeJson
}

/** What a diagnosis goes by, besides the story. */
export type Knowing = {
  readonly rules: RuleSet
  readonly phases: readonly PhaseModel[]
  readonly generations: Generations
  readonly nowMs: number
}

type World = Knowing & {
  readonly told: ReadonlyMap<string, Told>
  readonly story: Story
  readonly shared: SharedLogs
}

/** Diagnoses every attempt of a story, by desktop, the first attempt first. */
export function diagnose(story: Story, knowing: Knowing): DiagnosisJson[] {
  const { rules, correlations } = knowing.rules
  const told = new Map<string, Told>([...rules, ...correlations].map((rule) => [rule.id, rule]))
  const shared = new SharedLogs(story)
  const counts = new Map<string, number>()
  const diagnoses = attemptsOf(story)
    .attempts.map((attempt) => ({ attempt, name: nameOf(attempt), first: firstOf(attempt) }))
    .sort((a, b) => compareText(a.name, b.name) || compareText(a.first, b.first))
    .flatMap(({ attempt, name }) => {
      const model = phasesOf(knowing.phases, attempt.profile, attempt.os)
      if (model === undefined) return []
      const number = (counts.get(name) ?? 0) + 1
      counts.set(name, number)
      return [diagnosisOf(attempt, number, model, { ...knowing, told, story, shared })]
    })
  if (story.portal === undefined) return diagnoses
  const readsDesktops = story.files.some(
    ({ owner, session, source }) => owner !== '' && session !== '' && !isShared(source),
  )
  return withPortal(diagnoses, story.portal, { ...knowing, told, readsDesktops })
}

function diagnosisOf(attempt: Attempt, number: number, model: PhaseModel, world: World): DiagnosisJson {
  const course = courseOf(attempt, model)
  const collected = collectedFor(attempt, world.shared)
  const outcome = outcomeOf(course)
  const standing = standingOf(attempt, course, outcome, world.nowMs)
  const cause =
    standing.status === 'failed'
      ? rootCauseOf(inOrder(outcome.decisive, course), possibleCauses(attempt, course), world.told)
      : undefined
  const { status, verdict, evidence } = judged(attempt, course, { ...standing, cause, collected }, world)
  const phases = phaseStates(course, {
    decisive: status === 'failed' ? outcome.decisive : [],
    collected,
    isGoingOn: status === 'in_progress',
    isReady: status === 'ready' || status === 'stopped',
  })
  return {
    session: nameOf(attempt),
    attempt: number,
    host: attempt.host,
    instance: attempt.instance,
    session_uuid: attempt.uuid,
    cluster: attempt.cluster,
    profile: attempt.profile,
    os: attempt.os,
    status,
    ...(verdict === undefined ? {} : { verdict }),
    evidence,
    consequences: cause === undefined ? [] : folded(cause.consequences, world.told),
    phases,
    not_checked: notChecked(phases, model),
    evidence_incomplete: attempt.files.some(({ file }) => world.story.damaged.has(file)),
  }
}

type Found = ReturnType<typeof standingOf> & {
  readonly cause: RootCause | undefined
  readonly collected: ReadonlySet<string>
}
type Judged = Pick<DiagnosisJson, 'status' | 'evidence'> & { readonly verdict?: VerdictJson }

/** Words for what was found: a cause that was written down, or a silence. */
function judged(attempt: Attempt, course: readonly StepCourse[], found: Found, world: World): Judged {
  const { status, cause, current, collected } = found
  const wording = { told: world.told, generations: world.generations, profile: attempt.profile }
  if (cause !== undefined)
    return { status, verdict: verdictOfCause(cause, wording), evidence: evidenceOf(cause) }
  const missed = status === 'ready' ? unregistered(attempt, course, world.shared) : undefined
  if (missed !== undefined) {
    const step = course.find((one) => one.step.phase === 'load-balancer')?.step
    const told = world.told.get(missed.rule)
    if (missed.failure !== undefined && step !== undefined) {
      const root = { event: missed.failure, step, at: 0 }
      return {
        status: 'failed',
        verdict: verdictOfCause({ root, consequences: [] }, wording),
        evidence: [root.event],
      }
    }
    if (told !== undefined) {
      return {
        status: 'failed',
        verdict: verdictOfAbsence(told, 'load-balancer', wording),
        evidence: lastEvents(current),
      }
    }
  }
  if (status !== 'stalled') return { status, evidence: [] }
  const phase = current?.step.phase ?? ''
  const events = marksOf(course).map(({ event }) => event)
  const silence = silencesOf(events, world.rules, collected, world.nowMs).at(-1)
  if (silence === undefined)
    return { status, verdict: verdictOfSilence(phase), evidence: lastEvents(current) }
  return { status, verdict: verdictOfAbsence(silence.rule, phase, wording), evidence: [silence.begin] }
}

/** The root cause, and where it was written again. */
function evidenceOf({ root, consequences }: RootCause): EventJson[] {
  const again = consequences.filter(({ event }) => event.rule_id === root.event.rule_id)
  return [root.event, ...again.slice(0, 2).map(({ event }) => event)]
}

function lastEvents(current: StepCourse | undefined): EventJson[] {
  return current === undefined
    ? []
    : [current.dones, current.claims, current.begins]
        .flatMap((marks) => marks.at(-1)?.event ?? [])
        .slice(0, 1)
}

/** In the order of the phases, then of time. */
function inOrder(marks: readonly Mark[], course: readonly StepCourse[]): Mark[] {
  const order = new Map(course.map(({ step }, index) => [step, index]))
  return marks.toSorted((a, b) => (order.get(a.step) ?? 0) - (order.get(b.step) ?? 0) || a.at - b.at)
}

function notChecked(phases: readonly PhaseJson[], { steps }: PhaseModel) {
  return phases
    .filter(({ state }) => state === 'not_checked')
    .map(({ phase }) => ({
      source: steps.find((step) => step.phase === phase)?.sources.join(', ') ?? '',
      reason: `no such log of it was read, so ${phase} is not judged`,
    }))
}

/** Kinds of files that were read of this attempt, and of the machines of its cluster. */
function collectedFor({ files, cluster }: Attempt, shared: SharedLogs): ReadonlySet<string> {
  return new Set([...files.map(({ source }) => source), ...shared.sourcesAround(cluster)])
}

function firstOf({ files, events }: Attempt): string {
  return [...files.map(({ first_ts }) => first_ts), ...events.map(({ ts }) => ts)].sort()[0] ?? ''
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
