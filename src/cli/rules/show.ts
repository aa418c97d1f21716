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
    list('Ends with', 'clearsOn' in rule ? rule.clearsOn : []),
    list(
      'Related',
      rule.related.map(({ type, id }) => `${id} (${type})`),
    ),
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

const MOST_SUGGESTED = 3
const LEAST_ALIKE = 0.5

/** Ids that are spelt most like the one asked for. */
function similar(id: string, { rules, correlations }: RuleSet): string[] {
  return [...rules, ...correlations]
    .map((rule) => ({ id: rule.id, alike: likeness(id, rule.id) }))
    .filter(({ alike }) => alike >= LEAST_ALIKE)
    .sort((a, b) => b.alike - a.alike)
    .slice(0, MOST_SUGGESTED)
    .map((one) => one.id)
}

/** Share of pairs of letters that two words have in common (Dice's coefficient), 0 to 1. */
function likeness(a: string, b: string): number {
  const pairs = (text: string) =>
    Array.from({ length: Math.max(text.length - 1, 0) }, (_, i) => text.slice(i, i + 2))
  const left = pairs(b)
  const shared = pairs(a.toLowerCase()).filter((pair) => {
    const at = left.indexOf(pair)
    if (at >= 0) left.splice(at, 1)
    return at >= 0
  })
  return (2 * shared.length) / Math.max(a.length + b.length - 2, 1)
}
