import { Miner } from '../../../interpret/template/miner.ts'
import type { DiagnosisJson } from '../diagnosis-json.ts'

/** One thing in which two desktops differ. */
export type Difference = {
  readonly what: 'status' | 'profile' | 'version' | 'phase' | 'time' | 'rule' | 'line'
  readonly of: string
  readonly a: string
  readonly b: string
}

/** A phase is slower if it took at least this many times as long, and at least this many seconds more. */
const SLOWER = 2
const SLOWER_S = 60

/**
 * The differences between two attempts: status, what they are made of, phases and times, failures that only one has, and
 * lines that no rule knows and only one has.
 */
export function differences(a: DiagnosisJson, b: DiagnosisJson): Difference[] {
  const of = (what: Difference['what'], name: string, left: string, right: string): Difference[] =>
    left === right ? [] : [{ what, of: name, a: left, b: right }]
  return [
    ...of('status', 'status', a.status, b.status),
    ...of('profile', 'profile', a.profile, b.profile),
    ...traitsOf(a, b),
    ...a.phases.flatMap(({ phase, state, duration_s }) => {
      const other = b.phases.find((one) => one.phase === phase)
      if (other === undefined) return of('phase', phase, state, '')
      return [...of('phase', phase, state, other.state), ...timesOf(phase, duration_s, other.duration_s)]
    }),
    ...rulesOf(a, b),
    ...linesOf(a, b),
  ]
}

/** Only traits that both name can differ; all desktops differ in their addresses. */
function traitsOf(a: DiagnosisJson, b: DiagnosisJson): Difference[] {
  return Object.entries(a.traits).flatMap(([name, value]): Difference[] => {
    const other = b.traits[name]
    return name === 'address' || other === undefined || other === value
      ? []
      : [{ what: 'version', of: name, a: value, b: other }]
  })
}

/** Kinds of lines that no rule knows. Two runs may have given the same kind different ids, so they are grouped again. */
function linesOf(a: DiagnosisJson, b: DiagnosisJson): Difference[] {
  const miner = new Miner()
  const learnt = [a, b].map(({ unexplained }) =>
    unexplained.map(({ example, count }) => ({ id: miner.learn(example).id, example, count })),
  )
  const [left = new Map(), right = new Map()] = learnt.map((lines) => {
    const kinds = new Map<string, { example: string; count: number }>()
    for (const { id, example, count } of lines) {
      const known = kinds.get(miner.aliases.resolve(id))
      kinds.set(miner.aliases.resolve(id), { example, count: count + (known?.count ?? 0) })
    }
    return kinds
  })
  const only = (own: typeof left, other: typeof left, side: 'a' | 'b') =>
    [...own]
      .filter(([id]) => !other.has(id))
      .map(
        ([, { example, count }]): Difference => ({
          ...{ what: 'line', of: example, a: '0', b: '0' },
          [side]: String(count),
        }),
      )
  return [...only(left, right, 'a'), ...only(right, left, 'b')]
}

function timesOf(phase: string, a: number | undefined, b: number | undefined): Difference[] {
  if (a === undefined || b === undefined) return []
  const [less, more] = [Math.min(a, b), Math.max(a, b)]
  if (more < SLOWER * less || more - less < SLOWER_S) return []
  return [{ what: 'time', of: phase, a: `${a} s`, b: `${b} s` }]
}

/** Failures that only one of them has. */
function rulesOf(a: DiagnosisJson, b: DiagnosisJson): Difference[] {
  const [left, right] = [failuresOf(a), failuresOf(b)]
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((id) => (left.get(id) ?? 0) === 0 || (right.get(id) ?? 0) === 0)
    .map((id) => ({ what: 'rule', of: id, a: String(left.get(id) ?? 0), b: String(right.get(id) ?? 0) }))
}

function failuresOf(diagnosis: DiagnosisJson): ReadonlyMap<string, number> {
  const { verdict, again, consequences, before, beside, findings } = diagnosis
  const counts = new Map(
    [...consequences, ...before, ...beside].map(({ rule_id, count }) => [rule_id, count]),
  )
  for (const { rule_id, per } of findings)
    if (per !== 'cluster' && rule_id !== verdict?.rule_id && !counts.has(rule_id)) counts.set(rule_id, 1)
  if (verdict !== undefined) counts.set(verdict.rule_id, again + 1)
  return counts
}
