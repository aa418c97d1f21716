import type { AnyRule } from '../../interpret/all-rules.ts'
import { storyProblems } from '../../interpret/correlation.ts'
import { sampleProblems } from '../../interpret/rule-samples.ts'
import type { CommonOptions } from '../command.ts'
import { counted } from '../counted.ts'
import type { Io } from '../io.ts'
import { checkedRules } from './checked-rules.ts'
import { tellFaults } from './told-faults.ts'

/** Tries each rule on its own samples; returns false if one fails. With `--json`, prints an object for each rule. */
export async function testRules(dirs: readonly string[], options: CommonOptions, io: Io): Promise<boolean> {
  const checked = checkedRules(dirs, options, io)
  if (checked === undefined) return false
  const { set, ids } = checked
  const tried = [...set.rules, ...set.correlations]
    .filter(({ id }) => ids.has(id))
    .map((rule) => ({
      id: rule.id,
      samples: rule.samples.match.length + rule.samples.noMatch.length,
      faults: problemsOf(rule).map(({ path, message }) => set.fault(rule.id, path, message)),
    }))
  const faults = tried.flatMap((one) => one.faults)
  if (options.json === true) {
    for (const { id, ...rest } of tried) io.out(`${JSON.stringify({ rule_id: id, ...rest })}\n`)
    return faults.length === 0
  }
  tellFaults(faults, options, io)
  const samples = tried.reduce((total, one) => total + one.samples, 0)
  const failed = faults.length > 0 ? `${counted(faults.length, 'fault')}` : 'all pass'
  io.out(`${counted(samples, 'sample')} of ${counted(ids.size, 'rule')}: ${failed}\n`)
  return faults.length === 0
}

function problemsOf(rule: AnyRule) {
  return 'kind' in rule ? sampleProblems(rule) : storyProblems(rule)
}
