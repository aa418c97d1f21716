import type { DiagnosisJson } from './diagnosis/diagnosis-json.ts'

/** The usual duration of a phase, and by whose example. */
export type UsualTime = {
  readonly usual_s: number
  /** The number of ready desktops that it is the median of; 0 if it is what the product usually takes. */
  readonly usual_of: number
}

/** With fewer examples a median says little. */
const LEAST = 3

/**
 * How long a phase usually takes: the median of ready desktops of the same profile, system and instance type; if those are too
 * few, of the same profile and system; if those are, what is known of the product.
 */
export function usualTimes(
  desktop: DiagnosisJson,
  others: readonly DiagnosisJson[],
): (phase: string) => UsualTime {
  const alike = others.filter(
    (one) => one.status === 'ready' && !isSame(one, desktop) && isAlike(one, desktop),
  )
  const type = desktop.traits['instance_type']
  const ofType = alike.filter(({ traits }) => type !== undefined && traits['instance_type'] === type)
  return (phase) => {
    const usual_s = desktop.phases.find((each) => each.phase === phase)?.usual_s ?? 0
    return medianOf(phase, ofType) ?? medianOf(phase, alike) ?? { usual_s, usual_of: 0 }
  }
}

function isAlike(a: DiagnosisJson, b: DiagnosisJson): boolean {
  return a.profile === b.profile && a.os === b.os
}

function isSame(a: DiagnosisJson, b: DiagnosisJson): boolean {
  return a.session === b.session && a.attempt === b.attempt && a.cluster === b.cluster
}

function medianOf(phase: string, desktops: readonly DiagnosisJson[]): UsualTime | undefined {
  const seconds = desktops
    .flatMap(({ phases }) => phases.find((each) => each.phase === phase)?.duration_s ?? [])
    .sort((a, b) => a - b)
  const median = seconds[Math.floor(seconds.length / 2)]
  return median === undefined || seconds.length < LEAST
    ? undefined
    : { usual_s: median, usual_of: seconds.length }
}
