import { setImmediate as others } from 'node:timers/promises'
import { durationText, roughDurationText } from '../../duration.ts'
import type { Store } from '../../store/client.ts'
import type { AlertRule } from './alert-rule.ts'
import { evaluate, type Knowledge } from './evaluate.ts'
import { advance, type Instance, type Instances } from './instances.ts'
import type { Labels } from './labels.ts'
import type { Memory } from './memory.ts'
import { openHistory } from './written-history.ts'

/** An alert that would have fired. Times are ISO 8601; `ended` is absent if it still fired at the end. */
export type WouldFire = {
  readonly rule: string
  readonly fingerprint: string
  readonly labels: Labels
  readonly summary: string
  /** When it would have been reported first, without group wait. */
  readonly fired: string
  /** When the failure began. */
  readonly since: string
  readonly ended?: string
  readonly duration_s: number
  readonly value: number
}

export type Backtest = {
  readonly store: Store
  readonly knowledge: Knowledge
  readonly rules: readonly AlertRule[]
  readonly fromMs: number
  readonly toMs: number
  readonly stepMs: number
  readonly signal: AbortSignal
}

/** Shorter steps would show nothing more, and this many moments take minutes. */
const LEAST_STEP_MS = 1000
const MOST_MOMENTS = 200_000
/** After evaluating this many moments, yields to other work of the process. */
const TURN = 64

const WRITTEN = { kind: 'written' } as const

/** Says what is wrong with a range of moments; undefined if nothing is. */
export function rangeFault({ fromMs, toMs, stepMs }: Pick<Backtest, 'fromMs' | 'toMs' | 'stepMs'>) {
  if (!(stepMs >= LEAST_STEP_MS)) return { field: 'step_ms', text: 'the step must be at least 1s' }
  if (!(toMs - fromMs >= stepMs)) return { field: 'to', text: 'the range must be at least one step long' }
  const moments = Math.floor((toMs - fromMs) / stepMs)
  if (moments <= MOST_MOMENTS) return undefined
  const [range, step] = [roughDurationText(toMs - fromMs), durationText(stepMs)]
  return { field: 'step_ms', text: `${range} in steps of ${step} are more than ${MOST_MOMENTS} moments` }
}

/**
 * Evaluates alert rules over stored history as if each line had arrived when it was written. Rules about the collector's own
 * state find nothing, since history does not hold that state, except for losses.
 */
export async function* backtest(options: Backtest): AsyncGenerator<WouldFire> {
  const { rules, toMs } = options
  const history = await openHistory(options)
  let instances: Instances = {}
  const firedMs = new Map<string, number>()
  const lookedMs = new Map<string, number>()
  for await (const atMs of momentsOf(options)) {
    const memory = history.remember(atMs)
    const due = rules.filter((rule) => {
      const isTime = atMs - (lookedMs.get(rule.id) ?? 0) >= rule.every
      return isTime && (history.mayFind(rule, atMs) || isOpen(instances, rule))
    })
    for (const { id } of due) lookedMs.set(id, atMs)
    const before = instances
    instances = await instancesAt(atMs, due, { memory, instances }, options)
    for (const instance of Object.values(instances)) {
      const { fingerprint, state } = instance
      if (state.kind === 'firing' && !firedMs.has(fingerprint)) firedMs.set(fingerprint, atMs)
      if (state.kind !== 'resolved' || before[fingerprint]?.state.kind !== 'firing') continue
      yield wouldFire(instance, firedMs.get(fingerprint) ?? atMs, atMs)
      firedMs.delete(fingerprint)
    }
  }
  for (const instance of Object.values(instances)) {
    const fired = firedMs.get(instance.fingerprint)
    if (instance.state.kind === 'firing' && fired !== undefined)
      yield wouldFire(instance, fired, undefined, toMs)
  }
}

async function* momentsOf({ fromMs, toMs, stepMs, signal }: Backtest): AsyncGenerator<number> {
  let moments = 0
  for (let atMs = fromMs + stepMs; atMs <= toMs && !signal.aborted; atMs += stepMs) {
    if (++moments % TURN === 0) await others()
    yield atMs
  }
}

function isOpen(instances: Instances, { id }: AlertRule): boolean {
  return Object.values(instances).some(({ rule, state }) => rule === id && state.kind !== 'resolved')
}

async function instancesAt(
  atMs: number,
  rules: readonly AlertRule[],
  { memory, instances }: { readonly memory: Memory; readonly instances: Instances },
  { store, knowledge }: Backtest,
): Promise<Instances> {
  const moment = { store, knowledge, memory, atMs, nowMs: atMs, arrival: WRITTEN }
  const looked = await evaluate(rules, { ...moment, undelivered: () => ({ count: 0, reason: '' }) })
  let next = instances
  for (const result of looked) {
    if (result.kind === 'failed') throw result.error
    next = advance(next, result.rule, result.found, atMs)
  }
  return next
}

function wouldFire(
  instance: Instance,
  firedMs: number,
  endedMs?: number,
  toMs = endedMs ?? firedMs,
): WouldFire {
  const { rule, fingerprint, labels, notes, value, state } = instance
  const since = 'since' in state ? state.since : firedMs
  return {
    ...{ rule, fingerprint, labels, summary: notes['summary'] ?? '' },
    fired: new Date(firedMs).toISOString(),
    since: new Date(since).toISOString(),
    ...(endedMs === undefined ? {} : { ended: new Date(endedMs).toISOString() }),
    duration_s: Math.round((toMs - firedMs) / 1000),
    value,
  }
}
