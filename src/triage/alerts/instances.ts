import type { AlertRule } from './alert-rule.ts'
import { type AlertState, INACTIVE, step } from './alert-state.ts'
import { fingerprintOf, type Labels } from './labels.ts'
import type { Observation } from './observe/world.ts'

/** One alert: a rule, and what it is about. */
export type Instance = {
  readonly rule: string
  readonly fingerprint: string
  readonly labels: Labels
  readonly notes: Readonly<Record<string, string>>
  readonly value: number
  readonly state: AlertState
}

export type Instances = Readonly<Record<string, Instance>>

/** A rule with more alerts than this at once is too wide, and only says so. */
const MOST_PER_RULE = 200
/** Resolved alerts can be looked at for this long. */
const RESOLVED_KEPT_MS = 86_400_000

/** Advances the alerts of one rule to `nowMs`, given what it found; alerts of other rules stay as they are. */
export function advance(
  instances: Instances,
  rule: AlertRule,
  observations: readonly Observation[],
  nowMs: number,
): Instances {
  const timing = { forMs: rule.for, keepFiringForMs: rule.keep_firing_for }
  const next: Record<string, Instance> = {}
  const active = new Set<string>()
  for (const observation of observations.slice(0, MOST_PER_RULE)) {
    const labels = labelsOf(rule, observation)
    const fingerprint = fingerprintOf(labels)
    if (active.has(fingerprint)) continue
    active.add(fingerprint)
    const state = step(instances[fingerprint]?.state ?? INACTIVE, true, nowMs, timing)
    const { notes, value } = observation
    next[fingerprint] = { rule: rule.id, fingerprint, labels, notes, value, state }
  }
  for (const instance of Object.values(instances)) {
    if (active.has(instance.fingerprint)) continue
    if (instance.rule !== rule.id) next[instance.fingerprint] = instance
    else {
      const state = step(instance.state, false, nowMs, timing)
      if (isKept(state, nowMs)) next[instance.fingerprint] = { ...instance, state }
    }
  }
  return next
}

/** Ends the alerts of rules that no longer exist. */
export function withoutRules(instances: Instances, rules: ReadonlySet<string>, nowMs: number): Instances {
  const kept = Object.values(instances).flatMap((instance) => {
    if (rules.has(instance.rule)) return instance
    const state = step(instance.state, false, nowMs, { forMs: 0, keepFiringForMs: 0 })
    return isKept(state, nowMs) ? { ...instance, state } : []
  })
  return Object.fromEntries(kept.map((instance) => [instance.fingerprint, instance]))
}

function isKept(state: AlertState, nowMs: number): boolean {
  return state.kind !== 'inactive' && !(state.kind === 'resolved' && nowMs - state.at > RESOLVED_KEPT_MS)
}

function labelsOf(rule: AlertRule, { labels, severity }: Observation): Labels {
  const all: Labels = {
    ...rule.labels,
    ...labels,
    alertname: rule.id,
    severity: rule.severity ?? severity ?? 'warning',
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))
}
