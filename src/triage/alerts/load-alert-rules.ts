import { join } from 'node:path'
import { type OpsError, usageError } from '../../errors.ts'
import type { Severity } from '../../model.ts'
import { severityRank } from '../../severity.ts'
import { type Fault, faultText, namedText, parseYaml, yamlFilesIn } from '../../yaml-file.ts'
import { type AlertRule, AlertRuleFile } from './alert-rule.ts'
import type { KnownNames } from './known-names.ts'

const CODE = 'E_ALERT_RULES'

/**
 * Reads `alerts/*.yaml` of all rule folders; throws one error that lists all faults. A later folder replaces rules of the
 * same id. Without `known`, any name may be used.
 */
export function loadAlertRules(dirs: readonly string[], known?: KnownNames): readonly AlertRule[] {
  const faults: Fault[] = []
  const rules = new Map<string, AlertRule>()
  for (const dir of dirs) {
    const idsOfFolder = new Set<string>()
    for (const file of yamlFilesIn(join(dir, 'alerts'))) {
      for (const rule of rulesOf(file, namedText(file, CODE), { known, faults, idsOfFolder }))
        rules.set(rule.id, rule)
    }
  }
  if (faults.length > 0) throw refused(faults)
  return [...rules.values()].filter(({ enabled }) => enabled)
}

/**
 * The rules in the text of one file, enabled or not, for a back-test; throws one error that lists all faults. Without
 * `known`, any name may be used.
 */
export function alertRulesOf(file: string, text: string, known?: KnownNames): readonly AlertRule[] {
  const faults: Fault[] = []
  const rules = rulesOf(file, text, { known, faults, idsOfFolder: new Set() })
  if (faults.length > 0) throw refused(faults)
  return rules
}

type Naming = {
  readonly rules?: readonly string[] | undefined
  readonly without_rules?: readonly string[] | undefined
  readonly sources?: readonly string[] | undefined
  readonly profiles?: readonly string[] | undefined
  readonly min_severity?: Severity | undefined
}

type Reading = {
  readonly known: KnownNames | undefined
  readonly faults: Fault[]
  /** Ids that this folder has so far. */
  readonly idsOfFolder: Set<string>
}

function rulesOf(file: string, text: string, { known, faults, idsOfFolder }: Reading): readonly AlertRule[] {
  const parsed = parseYaml(file, text, AlertRuleFile)
  if (!parsed.ok) {
    faults.push(...parsed.faults)
    return []
  }
  const { rules } = parsed.value
  for (const [index, rule] of rules.entries()) {
    const fault = (path: PropertyKey[], message: string) =>
      faults.push({ ...parsed.place(['rules', index, ...path]), message: `${rule.id}: ${message}` })
    if (idsOfFolder.has(rule.id)) fault(['id'], 'there are two alert rules of this id')
    idsOfFolder.add(rule.id)
    const isNaming = rule.kind !== 'sessions' && rule.kind !== 'collector'
    if (known !== undefined && isNaming) checkNames(rule, known, fault)
  }
  return rules
}

/** A rule with a name that does not exist would never find anything, and nobody would notice. */
function checkNames(
  rule: Naming,
  known: KnownNames,
  fault: (path: PropertyKey[], message: string) => void,
): void {
  const check = (key: keyof Naming & string, names: readonly string[] = [], what: string, has: Has) =>
    names.forEach((name, at) => {
      if (!has.has(name)) fault([key, at], `${name} is the ${what}`)
    })
  check('rules', rule.rules, 'id of no rule', known.rules)
  check('without_rules', rule.without_rules, 'id of no rule', known.rules)
  check('sources', rule.sources, 'name of no kind of log', known.sources)
  check('profiles', rule.profiles, 'name of no product generation', known.profiles)
  const { rules = [], min_severity } = rule
  if (min_severity === undefined || rules.length === 0) return
  const least = severityRank(min_severity)
  if (rules.every((id) => known.rules.has(id) && severityRank(known.rules.get(id)) < least))
    fault(['min_severity'], 'each of the rules that are named is of a lower severity')
}

type Has = { has(name: string): boolean }

function refused(faults: readonly Fault[]): OpsError {
  return usageError(CODE, faults.map(faultText).join('\n'), 'Correct the alert rules named above.')
}
