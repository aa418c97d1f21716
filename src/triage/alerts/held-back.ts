import type { Alerting } from './alerting-config.ts'
import { inhibitors } from './inhibition.ts'
import { fingerprintOf, type Labels } from './labels.ts'
import { mutedBy } from './muting.ts'
import { routesFor, routeTree } from './routes.ts'
import { type Silence, silencedBy } from './silence.ts'

/** Why an alert is not reported now: ids of silences, fingerprints of alerts that inhibit it, names of time intervals. */
export type HeldBack = {
  readonly silenced_by: readonly string[]
  readonly inhibited_by: readonly string[]
  readonly muted_by: readonly string[]
}

/** Is nobody to be notified of the alert? */
export function isHeldBack({ silenced_by, inhibited_by, muted_by }: HeldBack): boolean {
  return silenced_by.length + inhibited_by.length + muted_by.length > 0
}

type Context = {
  readonly silences: readonly Silence[]
  /** Labels of all firing alerts. */
  readonly firing: readonly Labels[]
  /** Absent if the delivery settings are not known. */
  readonly alerting: Alerting | undefined
  readonly nowMs: number
}

/** Says what holds alerts back now. An alert is muted if all of its routes are. */
export function holdingBack({ silences, firing, alerting, nowMs }: Context): (labels: Labels) => HeldBack {
  const tree = alerting === undefined ? undefined : routeTree(alerting)
  return (labels) => {
    const silenced_by = silencedBy(silences, labels, nowMs)
    if (alerting === undefined) return { silenced_by, inhibited_by: [], muted_by: [] }
    const muting = (tree === undefined ? [] : routesFor(tree, labels)).map((route) =>
      mutedBy(route, { ...alerting, nowMs }),
    )
    return {
      silenced_by,
      inhibited_by: inhibitors(labels, firing, alerting.inhibit_rules).map(fingerprintOf),
      muted_by: muting.some((names) => names.length === 0) ? [] : [...new Set(muting.flat())],
    }
  }
}
