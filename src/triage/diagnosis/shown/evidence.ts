import type { EventJson } from '../../../event-json.ts'
import type { DiagnosisJson } from '../diagnosis-json.ts'

/** All evidence of some diagnoses, in their order. */
export function evidenceOf(diagnoses: readonly DiagnosisJson[]): EventJson[] {
  return diagnoses.flatMap(({ evidence }) => evidence)
}

/** The same diagnoses with these events in place of `evidenceOf`, one for each. */
export function withEvidence(
  diagnoses: readonly DiagnosisJson[],
  events: readonly EventJson[],
): DiagnosisJson[] {
  let at = 0
  return diagnoses.map((diagnosis) => {
    const evidence = events.slice(at, at + diagnosis.evidence.length)
    at += evidence.length
    return { ...diagnosis, evidence }
  })
}
