import { type CommonFactor, commonFactors } from './common-factors.ts'
import type { DiagnosisJson } from './diagnosis/diagnosis-json.ts'
import { grouped } from './grouped.ts'

/** A root cause, the desktops that it fails, and what they share that working ones do not. */
export type FleetCause = {
  /** '' for failures that no rule explains. */
  readonly rule_id: string
  readonly title: string
  readonly phase: string
  readonly desktops: number
  /** Some of them, as owner/name. */
  readonly sessions: readonly string[]
  /** Compared with the ready desktops: `of` counts these and those that fail for this cause. */
  readonly common: readonly CommonFactor[]
}

const MOST_SESSIONS = 20
const MOST_FACTORS = 3

/** The root causes of failed and stalled desktops, those of most desktops first. */
export function fleetCauses(desktops: readonly DiagnosisJson[]): FleetCause[] {
  const ready = desktops.filter(({ status }) => status === 'ready')
  const failing = desktops.filter(({ verdict }) => verdict !== undefined)
  const byCause = grouped(failing, ({ verdict }) => `${verdict?.rule_id}\0${verdict?.title}`)
  return [...byCause.values()]
    .map((members) => causeOf(members, ready))
    .toSorted((a, b) => b.desktops - a.desktops || (a.title < b.title ? -1 : 1))
}

function causeOf(members: readonly DiagnosisJson[], ready: readonly DiagnosisJson[]): FleetCause {
  const { rule_id = '', title = '', phase = '' } = members[0]?.verdict ?? {}
  // What only a few of them have is a coincidence.
  const common = commonFactors([...members, ...ready])
    .filter(({ failed }) => failed * 2 > members.length)
    .slice(0, MOST_FACTORS)
  return {
    ...{ rule_id, title, phase, desktops: members.length },
    sessions: members.map(({ session }) => session).slice(0, MOST_SESSIONS),
    common,
  }
}
