import { join, resolve } from 'node:path'
import { loadConfig } from '../../config.ts'
import type { RuleSet } from '../../interpret/load-rules.ts'
import type { Fault } from '../../yaml-file.ts'
import type { CommonOptions } from '../command.ts'
import type { Io } from '../io.ts'
import { checkRuleSet } from '../knowledge.ts'
import { tellFaults } from './told-faults.ts'

/** A set of rules, the ids of those to check, and the samples that fail; without these, the set is valid. */
export type CheckedRules = {
  readonly set: RuleSet
  readonly ids: ReadonlySet<string>
  readonly failed: readonly Fault[]
}

/**
 * Loads the shipped rules and those of `dirs`. The rules to check are those of `dirs`, or all if there are none. If the set
 * does not load, prints its faults and returns undefined.
 */
export function checkedRules(
  dirs: readonly string[],
  options: CommonOptions,
  io: Io,
): CheckedRules | undefined {
  const config = loadConfig(options.config, { ...options, rules: [...(options.rules ?? []), ...dirs] })
  const read = checkRuleSet(config)
  const set = 'set' in read ? read.set : read.unproven
  if (set !== undefined) {
    const all = [...set.rules, ...set.correlations].map(({ id }) => id)
    const own = all.filter((id) => dirs.some((dir) => isBelow(dir, set.file(id))))
    const failed = 'set' in read ? [] : read.faults
    return { set, ids: new Set(dirs.length > 0 ? own : all), failed }
  }
  if ('faults' in read) tellFaults(read.faults, options, io)
  return undefined
}

function isBelow(dir: string, file: string): boolean {
  return resolve(file).startsWith(join(resolve(dir), '/'))
}
