import type { PhaseJson } from '../course/phase-states.ts'
import type { DiagnosisJson } from '../diagnosis-json.ts'
import { ACCESS_STEPS } from './access-steps.ts'
import { type CheckStep, DESKTOP_STEPS, NEW, OLD } from './checklist-steps.ts'
import { withPlaces } from './generation-paths.ts'
import { SESSION_STEPS } from './session-steps.ts'
import { addressIn } from './traits.ts'

/** One thing to look at when a desktop does not work, in the order of its life. */
export type Check = {
  readonly title: string
  /** The answer of the logs: done, failed, running, missing, skipped or not_checked. */
  readonly state: PhaseJson['state']
  /** The places of the answer, as file and first byte; or what the portal says. */
  readonly evidence: readonly string[]
  /** A command for the machine in question that shows it, with the real values filled in. */
  readonly command: string
  readonly on: CheckStep['on']
}

/** Walks through everything a desktop needs, answered from its logs as far as possible. */
export function checklistOf(diagnosis: DiagnosisJson): Check[] {
  // A host whose generation is not known is looked at like one of the newest.
  const profile = [...OLD, ...NEW].find((known) => known === diagnosis.profile) ?? 'edh-26'
  return [...DESKTOP_STEPS, ...SESSION_STEPS, ...ACCESS_STEPS]
    .filter(({ os, of }) => (os ?? diagnosis.os) === diagnosis.os && of?.includes(profile) !== false)
    .map((step) => ({
      title: step.title,
      ...answerOf(step, diagnosis),
      command: filledIn(withPlaces(withInstance(step.command, diagnosis), profile), diagnosis),
      on: step.on,
    }))
}

function answerOf(step: CheckStep, diagnosis: DiagnosisJson): Pick<Check, 'state' | 'evidence'> {
  const { phase, open, folder, portal: isOfPortal } = step
  const { phases, portal } = diagnosis
  if (isOfPortal === true) {
    if (portal === undefined) return { state: 'not_checked', evidence: [] }
    const said =
      portal.known === false ? 'no: its database has no row of it' : `its database says ${portal.state}`
    return { state: portal.is_active ? 'done' : 'missing', evidence: [said] }
  }
  const inFolder = phases
    .flatMap(({ evidence = [] }) => evidence)
    .find((place) => folder?.test(place) === true)
  if (inFolder !== undefined) return { state: 'done', evidence: [inFolder] }
  if (phases.length === 0) return withoutLogs(step, diagnosis)
  const found = step.bootstrap === true ? worstOf(phases) : phases.find((each) => each.phase === phase)
  if (found === undefined || open === true) return { state: 'not_checked', evidence: [] }
  return { state: found.state, evidence: found.evidence ?? [] }
}

/** The phases that the logs of the bootstrap tell of, and the states that count before others. */
const BOOTSTRAP = new Set(['mount', 'setup', 'identity', 'gpu', 'reboot', 'dcv-install', 'session'])
const WORST: readonly PhaseJson['state'][] = ['failed', 'missing', 'running', 'not_checked', 'done']

function worstOf(phases: readonly PhaseJson[]): PhaseJson | undefined {
  const own = phases.filter(({ phase }) => BOOTSTRAP.has(phase))
  // What was not read of a desktop that came to its end has not gone wrong.
  const isOver = own.at(-1)?.state === 'done'
  const counted = isOver ? own.filter(({ state }) => state !== 'not_checked') : own
  return WORST.flatMap((state) => counted.findLast((each) => each.state === state) ?? [])[0]
}

/** The answer for a desktop that only the portal knows: it may have an instance, and its verdict is about what is missing. */
function withoutLogs(
  { phase, open, folder }: CheckStep,
  { verdict, instance }: DiagnosisJson,
): Pick<Check, 'state' | 'evidence'> {
  if (phase === 'launch' && instance !== '')
    return { state: 'done', evidence: [`the portal's database names ${instance}`] }
  if (open === true || verdict === undefined) return { state: 'not_checked', evidence: [] }
  if (folder !== undefined && instance !== '') return { state: 'missing', evidence: [] }
  return { state: verdict.phase === phase ? 'failed' : 'not_checked', evidence: [] }
}

/** An instance is asked for by its id, or by the name of its stack as long as nobody has named it. */
function withInstance(command: string, { instance }: DiagnosisJson): string {
  const wanted =
    instance === '' ? '--filters Name=tag:Name,Values={cluster}-{name}-{owner}' : '--instance-ids {instance}'
  return command.replace('{instance_or_stack}', wanted)
}

/** Fills in the values that are known. Others stay, in capitals, to be replaced by hand. */
function filledIn(
  command: string,
  { session, host, instance, session_uuid, cluster, os, traits }: DiagnosisJson,
): string {
  const slash = session.indexOf('/')
  const values: Readonly<Record<string, string>> = {
    cluster,
    host,
    instance,
    uuid: session_uuid,
    os,
    address: addressIn({ host, traits }),
    load_balancer: traits['load_balancer'] ?? '',
    owner: slash < 0 ? '' : session.slice(0, slash),
    name: slash < 0 ? '' : session.slice(slash + 1),
  }
  return command.replace(/\{([a-z_]+)\}/g, (whole, key: string) => {
    const value = values[key]
    // Values come from logs: a command must never run what a user wrote there.
    if (value === undefined) return whole
    return /^[\w.@-]+$/.test(value) ? value : key.toUpperCase().replace('_', '-')
  })
}
