/**
 * Diagnoses desktops from what was read of them. This file is the table of contents; the work goes through these files and
 * folders, in this order:
 *
 * - `story.ts`: what goes in: files and events, from the store (`ask-diagnosis.ts`) or from a folder of logs
 * - `world.ts`: what every attempt is judged by besides its own files and events
 * - `attempts/`: which files and events belong to which attempt of which desktop
 * - `shared-logs/`: the logs of machines that serve many desktops: which of their events belong to which attempt
 * - `findings/`: what several events say together: conditions, sequences, what should have followed and did not
 * - `course/`: the phases of an attempt: the order of its steps, how each went, and how the desktop stands after them
 * - `absence/`: what a desktop waits for, or misses, if no failure explains why it does not work
 * - `cause/`: the root cause, its consequences, and the verdict in words
 * - `outside/`: what the portal's database and the desktop's own address say, compared with its logs
 * - `diagnosis-json.ts`: what comes out
 * - `shown/`: what is made of a diagnosis: checklist, report, comparison of two desktops
 */

import type { EventJson } from '../../event-json.ts'
import { rulesById } from '../../interpret/all-rules.ts'
import { foldCopies } from '../fold-copies.ts'
import { attemptsOf } from './attempts/attempts.ts'
import { type Numbered, numbered } from './attempts/numbered.ts'
import { judged } from './cause/judgement.ts'
import { possibleCauses } from './cause/possible-causes.ts'
import { rootCauseOf } from './cause/root-cause.ts'
import { withSharedCause } from './cause/shared-cause.ts'
import { aroundCause } from './cause/verdict.ts'
import { contradicted } from './course/contradicted.ts'
import { courseOf, type Mark, type StepCourse } from './course/course.ts'
import { impairmentsOf } from './course/impairments.ts'
import { outcomeOf } from './course/outcome.ts'
import type { PhaseModel } from './course/phase-model.ts'
import { type PhaseJson, phaseStates } from './course/phase-states.ts'
import { standingOf } from './course/standing.ts'
import type { DiagnosisJson } from './diagnosis-json.ts'
import { clusterFindings } from './findings/cluster-findings.ts'
import { eventOfWait } from './findings/event-of-rule.ts'
import { type FindingJson, unassignedOf, understood } from './findings/findings.ts'
import { impairmentFindings } from './findings/impairment-findings.ts'
import { withPortal } from './outside/portal-view.ts'
import { withUnread } from './outside/unread-logs.ts'
import { SharedLogs } from './shared-logs/shared-logs.ts'
import { traitsOf } from './shown/traits.ts'
import { unexplainedIn } from './shown/unexplained.ts'
import type { Status } from './status.ts'
import { type Attempt, nameOf, readsDesktopsOf, type Story } from './story.ts'
import type { DiagnosisContext, World } from './world.ts'

/** A diagnosis, and the events that rules make of several events of the attempt. */
export type Diagnosed = { readonly diagnosis: DiagnosisJson; readonly made: readonly EventJson[] }

/** Diagnoses every attempt of a story, by desktop, the first attempt first. */
export function diagnose(read: Story, context: DiagnosisContext): DiagnosisJson[] {
  return diagnosed(read, context).map(({ diagnosis }) => diagnosis)
}

/** The same, with the events that rules make of several events. */
export function diagnosed(read: Story, context: DiagnosisContext): readonly Diagnosed[] {
  return diagnosedStory(read, context).desktops
}

/** The same, with the events of machines that serve all desktops which tell of none of them. */
export function diagnosedStory(
  read: Story,
  context: DiagnosisContext,
): { readonly desktops: readonly Diagnosed[]; readonly ofNoDesktop: readonly EventJson[] } {
  const story = { ...read, events: foldCopies(read.events) }
  const { attempts, unassigned, ofControllers } = attemptsOf(story)
  const world: World = {
    ...{ ...context, story, ruleById: rulesById(context.rules), readsDesktops: readsDesktopsOf(story) },
    shared: new SharedLogs(story),
    around: clusterFindings(story.events, context.rules, story.files),
    unassigned: unassignedOf(unassigned),
  }
  const asked = numbered(attempts, context.phases, story.only)
  const found = asked.map((attempt) => diagnosisOf(attempt, world))
  const diagnoses = withPortalOf(
    found.map(({ diagnosis }) => diagnosis),
    world,
  )
  // Desktops that only the portal knows come last.
  const desktops = diagnoses.map((diagnosis, index) => {
    const { made, stall } = found[index] ?? { made: [], stall: [] }
    // The portal may know that it did not stall.
    return { diagnosis, made: diagnosis.status === 'stalled' ? [...made, ...stall] : made }
  })
  return { desktops, ofNoDesktop: [...unassigned, ...ofControllers] }
}

function withPortalOf(diagnoses: readonly DiagnosisJson[], world: World): readonly DiagnosisJson[] {
  const { story, ruleById, readsDesktops } = world
  if (story.portal === undefined) return diagnoses
  const { silentSince = '' } = story
  return withPortal(diagnoses, story.portal, {
    ...world,
    ...{ ruleById, readsDesktops, silentSince },
  })
}

/** `stall`: the event that the verdict on a stalled attempt stands for, if it names what should have followed and did not. */
function diagnosisOf(
  { attempt: read, number, model }: Numbered,
  world: World,
): Diagnosed & { readonly stall: readonly EventJson[] } {
  const { attempt, findings, made, not_checked: untimed } = understood(read, world.rules, world.unassigned)
  const course = courseOf(attempt, model)
  const { status, verdict, evidence, waits_for, silence, cause, phases, not_checked, impairments } =
    concluded(attempt, course, world)
  const diagnosis: DiagnosisJson = {
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
    ...aroundCause(cause, world.ruleById),
    findings: [
      ...findings,
      ...impairmentFindings(impairments, world.ruleById),
      ...findingsAround(attempt, status, world),
    ],
    phases,
    not_checked: [...notChecked(phases, model), ...(not_checked ?? []), ...untimed],
    evidence_incomplete: attempt.files.some(({ file }) => world.story.damaged.has(file)),
    traits: traitsOf(attempt),
    unexplained: unexplainedIn(attempt),
    ...(waits_for === undefined ? {} : { waits_for }),
  }
  const stall = silence === undefined ? [] : [eventOfWait(silence.rule, silence.begin, attempt)]
  const whole = withUnread(diagnosis, attempt.files, world.story.unread ?? [])
  return { diagnosis: whole, made, stall }
}

/** What the course of an attempt means: its status and verdict, the root cause behind them, and how each phase went. */
function concluded(attempt: Attempt, course: readonly StepCourse[], world: World) {
  const collected = collectedFor(attempt, world.shared)
  const outcome = outcomeOf(course)
  const standing = standingOf(attempt, course, outcome, world)
  const own =
    outcome.decisive.length > 0 && (standing.status === 'failed' || standing.status === 'stalled')
      ? rootCauseOf(inOrder(outcome.decisive, course), possibleCauses(attempt, course), {
          rules: world.ruleById,
          course,
        })
      : undefined
  const cause = own && withSharedCause(own, attempt, world)
  const { cause: late, ...judgement } = judged(attempt, course, { ...standing, cause, collected }, world)
  const { status } = judgement
  const decisive = late === undefined ? outcome.decisive : [late.root, ...late.consequences]
  const isReady = status === 'ready' || status === 'stopped'
  const impairments = isReady ? impairmentsOf(course) : []
  const told = phaseStates(course, {
    decisive: status === 'failed' ? decisive : impairments,
    collected,
    isGoingOn: status === 'in_progress',
    isReady,
  })
  const phases = status === 'stalled' ? contradicted(told, judgement.verdict?.phase, 'missing') : told
  return { ...judgement, cause: cause ?? late, phases, impairments }
}

/** Findings about its cluster since it began, which may be why it does not work. */
function findingsAround({ cluster, files }: Attempt, status: Status, { around }: World): FindingJson[] {
  if (status === 'ready' || status === 'stopped') return []
  const begin = files.map(({ first_ts }) => first_ts).sort()[0] ?? ''
  return (around.get(cluster) ?? []).filter(({ last_seen }) => last_seen >= begin)
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

/** The kinds of files that were read: of this attempt, and of the shared machines of its cluster. */
function collectedFor({ files, cluster }: Attempt, shared: SharedLogs): ReadonlySet<string> {
  return new Set([...files.map(({ source }) => source), ...shared.sourcesAround(cluster)])
}
