import type { PhaseJson } from '../course/phase-states.ts'
import type { DiagnosisJson } from '../diagnosis-json.ts'
import { ACCESS_STEPS } from './access-steps.ts'
import { type CheckStep, DESKTOP_STEPS } from './checklist-steps.ts'

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
  const generation = diagnosis.profile === 'soca-2' ? 'old' : 'new'
  return [...DESKTOP_STEPS, ...ACCESS_STEPS]
    .filter(({ os, of }) => (os ?? diagnosis.os) === diagnosis.os && (of ?? generation) === generation)
    .map((step) => ({
      title: step.title,
      ...answerOf(step, diagnosis),
      command: filledIn(step.command, diagnosis),
      on: step.on,
    }))
}

function answerOf(
  { phase, open, folder, portal: isOfPortal }: CheckStep,
  { phases, portal }: DiagnosisJson,
): Pick<Check, 'state' | 'evidence'> {
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
  const found = phases.find((each) => each.phase === phase)
  if (found === undefined || (open === true && found.state !== 'failed'))
    return { state: 'not_checked', evidence: [] }
  return { state: found.state, evidence: found.evidence ?? [] }
}

/** Fills in the values that are known. Others stay, in capitals, to be replaced by hand. */
function filledIn(
  command: string,
  { session, host, instance, session_uuid, cluster }: DiagnosisJson,
): string {
  const slash = session.indexOf('/')
  const values: Readonly<Record<string, string>> = {
    cluster,
    host,
    instance,
    uuid: session_uuid,
    owner: slash < 0 ? '' : session.slice(0, slash),
    name: slash < 0 ? '' : session.slice(slash + 1),
  }
  return command.replace(/\{([a-z]+)\}/g, (whole, key: string) => {
    const value = values[key]
    // Values come from logs: a command must never run what a user wrote there.
    if (value === undefined) return whole
    return /^[\w.@-]+$/.test(value) ? value : key.toUpperCase()
  })
}
