import { type Config, loadConfig } from '../../config.ts'
import { durationText } from '../../duration.ts'
import { usageError } from '../../errors.ts'
import { type AnyRule, allRules } from '../../interpret/all-rules.ts'
import { captureNames } from '../../interpret/condition.ts'
import type { RuleSet } from '../../interpret/load-rules.ts'
import { namedSteps } from '../../interpret/rule-description.ts'
import { ruleJson } from '../../interpret/rule-json.ts'
import { similarIds } from '../../interpret/similar-ids.ts'
import { toYaml } from '../../yaml-file.ts'
import type { CommonOptions } from '../command.ts'
import type { Io } from '../io.ts'
import { loadRuleSet } from '../knowledge.ts'
import { paint, severityStyle } from '../paint.ts'

/** Prints everything about a rule, as text or JSON; throws a usage error that names similar ids if it is unknown. */
export function showRule(id: string, options: CommonOptions, io: Io): void {
  const config: Config = loadConfig(options.config, options)
  const set = loadRuleSet(config)
  const rules = allRules(set)
  const rule = rules.find((one) => one.id === id)
  if (rule === undefined) {
    const near = similarIds(
      id,
      rules.map((one) => one.id),
    )
    const hint = near.length > 0 ? `Did you mean ${near.join(', ')}?` : '`dcvlens rules list` shows all ids.'
    throw usageError('E_NO_SUCH_RULE', `there is no rule ${id}`, hint)
  }
  io.out(options.json === true ? `${JSON.stringify(ruleJson(rule))}\n` : ruleText(rule, set, io))
}

function ruleText(rule: AnyRule, set: RuleSet, io: Io): string {
  const { file, line } = set.fault(rule.id, [], '')
  const kind = 'kind' in rule ? rule.kind : rule.type
  const status = [rule.status, rule.deprecatedOn].filter(Boolean).join(' since ')
  const facts = [kind, rule.severity, rule.layer, rule.phase, `version ${rule.version}`, status]
  const list = (head: string, items: readonly string[]) =>
    items.length > 0 ? `\n${paint(io, 'bold', head)}\n${items.map((item) => `  ${item}\n`).join('')}` : ''
  const consequences = set.rules.filter(({ causedBy }) => causedBy.includes(rule.id)).map(({ id }) => id)
  return [
    `${paint(io, 'bold', rule.title)}\n`,
    `${rule.id}  ${paint(io, severityStyle(rule.severity), facts.filter(Boolean).join(', '))}\n`,
    `${paint(io, 'dim', `${file}:${line}`)}\n`,
    rule.explain === '' ? '' : `\n${rule.explain}\n`,
    list('Replaced by', rule.replacedBy === '' ? [] : [rule.replacedBy]),
    list(
      'What to do',
      rule.remedy.flatMap(namedSteps).map((step) => `- ${step}`),
    ),
    list('Looks at', lookedAt(rule)),
    list(
      'Matches',
      ('pattern' in rule ? toYaml(rule.pattern) : toYaml({ looks_at: rule.looksAt })).trimEnd().split('\n'),
    ),
    rule.reports
      ? '\nIt only reports that something failed: the cause is before it in its log, or in another log.\n'
      : '',
    rule.hangs ? '\nA desktop that meets it waits: if it then goes silent, it is stalled, not failed.\n' : '',
    rule.cutsOff
      ? '\nWhile it lasts, desktops of the cluster that nobody has reached yet count as failed.\n'
      : '',
    list('May be a consequence of', rule.causedBy),
    list('May cause', consequences),
    list('Captures', captured(rule)),
    list('Ends with', endings(rule)),
    list(
      'Related',
      rule.related.map(({ type, id }) => `${id} (${type})`),
    ),
    list('False alarms', rule.falsePositives === '' ? [] : [rule.falsePositives]),
    list('References', rule.references),
    list('Provenance', rule.provenance === '' ? [] : [PROVENANCE[rule.provenance]]),
    list(
      'Example',
      'kind' in rule ? rule.samples.match.slice(0, 1).flatMap(({ line }) => line.split('\n')) : [],
    ),
  ].join('')
}

function lookedAt(rule: AnyRule): string[] {
  if (!('source' in rule)) return [`events of one ${rule.per}, within ${durationText(rule.withinMs)}`]
  const { kinds, not, profiles, versions } = rule.source
  return [
    kinds ? `files of kind ${kinds.join(', ')}` : 'files of any kind',
    ...(not ? [`but not ${not.join(', ')}`] : []),
    ...(profiles ? [`of ${profiles.join(', ')}`] : []),
    ...(versions ? [`of versions ${versions}`] : []),
  ]
}

const PROVENANCE = {
  verified: 'verified: the wording is that of the program',
  observed: 'observed: the wording was seen in a log',
  inferred: 'inferred: nobody has seen this wording yet',
} as const

function captured(rule: AnyRule): string[] {
  if (!('kind' in rule)) return []
  return captureNames(rule.pattern).map((name) => `${name}: ${rule.captureTypes[name] ?? 'text'}`)
}

function endings(rule: AnyRule): string[] {
  if (!('kind' in rule)) return []
  const { clearsOn, withinMs } = rule
  return [...clearsOn, ...(withinMs === undefined ? [] : [`silence of ${durationText(withinMs)}`])]
}
