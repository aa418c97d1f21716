import { storyProblems } from '../../interpret/correlation.ts'
import { sampleProblems } from '../../interpret/rule-samples.ts'
import { faultText } from '../../yaml-file.ts'
import type { CommonOptions } from '../command.ts'
import { counted } from '../counted.ts'
import type { Io } from '../io.ts'
import { checkedRules } from './checked-rules.ts'

/** Tries each rule on its own samples; false if one fails. */
export async function testRules(dirs: readonly string[], options: CommonOptions, io: Io): Promise<boolean> {
  const checked = checkedRules(dirs, options, io)
  if (checked === undefined) return false
  const { set, ids } = checked
  const rules = set.rules.filter(({ id }) => ids.has(id))
  const correlations = set.correlations.filter(({ id }) => ids.has(id))
  const faults = [
    ...rules.flatMap((rule) => sampleProblems(rule).map((problem) => ({ id: rule.id, problem }))),
    ...correlations.flatMap((rule) => storyProblems(rule).map((problem) => ({ id: rule.id, problem }))),
  ].map(({ id, problem }) => set.fault(id, problem.path, problem.message))
  for (const fault of faults) io.out(`${faultText(fault)}\n`)
  const samples = [...rules, ...correlations].reduce(
    (total, rule) => total + rule.samples.match.length + rule.samples.noMatch.length,
    0,
  )
  const failed = faults.length > 0 ? `${counted(faults.length, 'fault')}` : 'all pass'
  io.out(`${counted(samples, 'sample')} of ${counted(ids.size, 'rule')}: ${failed}\n`)
  return faults.length === 0
}
