import { PROBE_RULE, type Probed, type Probes } from '../../probe/prober.ts'
import type { VerdictJson } from '../cause/verdict.ts'
import { contradicted } from '../course/contradicted.ts'
import type { PhaseJson } from '../course/phase-states.ts'
import type { DiagnosisJson } from '../diagnosis-json.ts'
import { addressIn } from '../shown/traits.ts'

/** What the address of a desktop answered when it was last probed. */
export type ProbeJson = {
  readonly at: string
  readonly ok: boolean
  readonly title: string
  readonly status?: number
  readonly server?: string
  readonly error?: string
}

/** A single answer may be lost on the way; this many missing in a row count. */
const MISSES = 2

/** Adds what the addresses answered; only the last attempt of a desktop can have answered. */
export function withProbes(diagnoses: readonly DiagnosisJson[], probes: Probes): DiagnosisJson[] {
  const last = new Map(diagnoses.map((diagnosis) => [diagnosis.session, diagnosis]))
  return diagnoses.map((diagnosis) => {
    const probed = probes.get(addressIn(diagnosis))
    return probed === undefined || last.get(diagnosis.session) !== diagnosis
      ? diagnosis
      : judged(diagnosis, probed)
  })
}

function judged(diagnosis: DiagnosisJson, probed: Probed): DiagnosisJson {
  const probe = probeJson(probed)
  const { status, verdict, waits_for, ...rest } = diagnosis
  const isOpen = status === 'stalled' || status === 'unknown'
  if (probed.ok && isOpen)
    return { ...rest, status: 'ready', evidence: [], phases: answered(rest.phases, 'done', probe), probe }
  if (status !== 'ready' || probed.inconclusive === true || probed.misses < MISSES)
    return { ...diagnosis, probe }
  const phases = contradicted(answered(rest.phases, 'failed', probe), probed.phase, 'failed')
  return { ...rest, status: 'failed', verdict: verdictOf(probed), phases, probe }
}

/** The phases with the newest answer of the address. */
function answered(
  phases: readonly PhaseJson[],
  state: 'done' | 'failed',
  { title, status, error = '' }: ProbeJson,
): PhaseJson[] {
  return contradicted(phases, 'connect', state, [`its address: ${title} (${status ?? error})`])
}

function verdictOf({ phase, title, explain, remedy }: Probed): VerdictJson {
  return {
    ...{ phase, rule_id: PROBE_RULE, title, severity: 'error', layer: 'environment' },
    ...{ confidence: 'likely', explain, remedy },
  }
}

function probeJson({ atMs, ok, title, answer }: Probed): ProbeJson {
  const { status, server, error } = answer
  return {
    ...{ at: new Date(atMs).toISOString(), ok, title },
    ...(status === undefined ? {} : { status }),
    ...(server === undefined ? {} : { server }),
    ...(error === undefined ? {} : { error }),
  }
}
