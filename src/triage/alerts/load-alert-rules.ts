import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCode, type OpsError, usageError } from '../../errors.ts'
import { type Fault, faultText, parseYaml } from '../../yaml-file.ts'
import { type AlertRule, AlertRuleFile } from './alert-rule.ts'

/** Reads `alerts/*.yaml` of all folders of rules; throws one error with all faults. A later folder replaces by id. Without ids, any may be named. */
export function loadAlertRules(
  dirs: readonly string[],
  signatureIds?: ReadonlySet<string>,
): readonly AlertRule[] {
  const faults: Fault[] = []
  const rules = new Map<string, AlertRule>()
  for (const dir of dirs) {
    const own = new Set<string>()
    for (const file of filesOf(dir)) {
      for (const rule of rulesOf(file, alertRuleText(file), { signatureIds, faults, own }))
        rules.set(rule.id, rule)
    }
  }
  if (faults.length > 0) throw refused(faults)
  return [...rules.values()].filter(({ enabled }) => enabled)
}

/** The rules in the text of one file, on or off, for a back-test; throws one error with all faults. Without ids, any may be named. */
export function alertRulesOf(
  file: string,
  text: string,
  signatureIds?: ReadonlySet<string>,
): readonly AlertRule[] {
  const faults: Fault[] = []
  const rules = rulesOf(file, text, { signatureIds, faults, own: new Set() })
  if (faults.length > 0) throw refused(faults)
  return rules
}

type NamedRules = {
  readonly rules?: readonly string[] | undefined
  readonly without_rules?: readonly string[] | undefined
}

type Reading = {
  readonly signatureIds: ReadonlySet<string> | undefined
  readonly faults: Fault[]
  /** Ids that this folder has already. */
  readonly own: Set<string>
}

function rulesOf(file: string, text: string, { signatureIds, faults, own }: Reading): readonly AlertRule[] {
  const parsed = parseYaml(file, text, AlertRuleFile)
  if (!parsed.ok) {
    faults.push(...parsed.faults)
    return []
  }
  const { rules } = parsed.value
  for (const [index, rule] of rules.entries()) {
    const fault = (path: PropertyKey[], message: string) =>
      faults.push({ ...parsed.place(['rules', index, ...path]), message: `${rule.id}: ${message}` })
    if (own.has(rule.id)) fault(['id'], 'there are two alert rules of this id')
    own.add(rule.id)
    const named: NamedRules = 'min_severity' in rule ? rule : {}
    for (const key of ['rules', 'without_rules'] as const) {
      named[key]?.forEach((id, at) => {
        if (signatureIds?.has(id) === false) fault([key, at], `${id} is the id of no rule`)
      })
    }
  }
  return rules
}

function refused(faults: readonly Fault[]): OpsError {
  return usageError('E_ALERT_RULES', faults.map(faultText).join('\n'), 'Correct the alert rules named above.')
}

function filesOf(dir: string): string[] {
  const folder = join(dir, 'alerts')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name))
}

/** The text of a file of alert rules. */
export function alertRuleText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw usageError('E_ALERT_RULES', `${file} cannot be read (${errorCode(error)})`, 'Check the path.')
  }
}
