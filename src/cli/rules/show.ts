import { type Config, loadConfig } from '../../config.ts'
import { usageError } from '../../errors.ts'
import type { Correlation } from '../../interpret/correlation.ts'
import type { RuleSet } from '../../interpret/load-rules.ts'
import type { Rule } from '../../interpret/rule.ts'
import { toYaml } from '../../yaml-file.ts'
import type { CommonOptions } from '../command.ts'
import type { Io } from '../io.ts'
import { loadRuleSet } from '../knowledge.ts'
import { paint, severityStyle } from '../paint.ts'
import { ruleJson } from './list.ts'

/** Prints all that a rule says, or its JSON; throws a usage error that names similar ids if there is none. */
export function showRule(id: string, options: CommonOptions, io: Io): void {
  const config: Config = loadConfig(options.config, options)
  const set = loadRuleSet(config)
  const rule = [...set.rules, ...set.correlations].find((one) => one.id === id)
  if (rule === undefined) {
    const near = similar(id, set)
    const hint = near.length > 0 ? `Did you mean ${near.join(', ')}?` : '`dcvlens rules list` shows all ids.'
    throw usageError('E_NO_SUCH_RULE', `there is no rule ${id}`, hint)
  }
  io.out(options.json === true ? `${JSON.stringify(ruleJson(rule))}\n` : ruleText(rule, set, io))
}

function ruleText(rule: Rule | Correlation, set: RuleSet, io: Io): string {
  const { file, line } = set.fault(rule.id, [], '')
  const kind = 'kind' in rule ? rule.kind : rule.type
  const facts = [kind, rule.severity, rule.layer, rule.phase, `version ${rule.version}`, rule.status]
  const list = (head: string, items: readonly string[]) =>
    items.length > 0 ? `\n${paint(io, 'bold', head)}\n${items.map((item) => `  ${item}\n`).join('')}` : ''
  const consequences = set.rules.filter(({ causedBy }) => causedBy.includes(rule.id)).map(({ id }) => id)
  return [
    `${paint(io, 'bold', rule.title)}\n`,
    `${rule.id}  ${paint(io, severityStyle(rule.severity), facts.filter(Boolean).join(', '))}\n`,
    `${paint(io, 'dim', `${file}:${line}`)}\n`,
    rule.explain === '' ? '' : `\n${rule.explain}\n`,
    list('What to do', rule.remedy.flatMap(remedyLines)),
    list('Looks at', lookedAt(rule)),
    list(
      'Matches',
      ('pattern' in rule ? toYaml(rule.pattern) : toYaml({ looks_at: rule.looksAt })).trimEnd().split('\n'),
    ),
    list('May be a consequence of', rule.causedBy),
    list('May cause', consequences),
    list('False alarms', rule.falsePositives === '' ? [] : [rule.falsePositives]),
    list('References', rule.references),
    list(
      'Example',
      'kind' in rule ? rule.samples.match.slice(0, 1).flatMap(({ line }) => line.split('\n')) : [],
    ),
  ].join('')
}

function remedyLines({ versions, steps }: { versions?: string | undefined; steps: readonly string[] }) {
  return steps.map((step) => `- ${versions === undefined ? '' : `(${versions}) `}${step}`)
}

function lookedAt(rule: Rule | Correlation): string[] {
  if (!('source' in rule)) return [`events of one ${rule.per}, ${rule.withinMs / 1000} s`]
  const { kinds, not, profiles, versions } = rule.source
  return [
    kinds ? `files of kind ${kinds.join(', ')}` : 'files of any kind',
    ...(not ? [`but not ${not.join(', ')}`] : []),
    ...(profiles ? [`of ${profiles.join(', ')}`] : []),
    ...(versions ? [`of versions ${versions}`] : []),
  ]
}

/** Ids that share most words with the one asked for. */
function similar(id: string, { rules, correlations }: RuleSet): string[] {
  const words = new Set(id.toLowerCase().split(/[^a-z0-9]+/))
  const shared = (other: string) => other.split('-').filter((word) => words.has(word)).length
  return [...rules, ...correlations]
    .map((rule) => rule.id)
    .filter((other) => shared(other) > 0)
    .sort((a, b) => shared(b) - shared(a) || a.localeCompare(b))
    .slice(0, 3)
}
