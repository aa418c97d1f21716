import { relative, sep } from 'node:path'
import type { AnyRule } from './all-rules.ts'
import type { RuleSet } from './load-rules.ts'
import { namedSteps } from './rule-description.ts'

/** A rule as `--json` shows it. */
export function ruleJson(rule: AnyRule) {
  const { id, version, status, title, severity, layer, phase, explain, remedy, references, provenance } = rule
  const kind = 'kind' in rule ? rule.kind : 'signature'
  return {
    ...{ id, version, status, title, kind, type: rule.type, severity, layer, phase, explain },
    remedy: remedy.flatMap(namedSteps),
    caused_by: rule.causedBy,
    reports: rule.reports,
    hangs: rule.hangs,
    cuts_off: rule.cutsOff,
    ...{ references, provenance, sources: 'source' in rule ? (rule.source.kinds ?? []) : [] },
    ...logicJson(rule),
    ...(rule.deprecatedOn === '' ? {} : { deprecated_on: rule.deprecatedOn }),
    ...(rule.replacedBy === '' ? {} : { replaced_by: rule.replacedBy }),
  }
}

/**
 * The keys that a rule on records and a rule on events do not share: captures and endings, or the events it looks at and of
 * whom.
 */
function logicJson(rule: AnyRule) {
  const within = rule.withinMs === undefined ? {} : { within_s: rule.withinMs / 1000 }
  if (!('kind' in rule)) return { per: rule.per, ...within, looks_at: rule.looksAt }
  const ends = rule.clearsOn.length > 0 ? { clears_on: rule.clearsOn } : {}
  return { captures: rule.captureTypes, ...within, ...ends }
}

/** A rule in a list of many. */
export function listedRule(rule: AnyRule, set: RuleSet) {
  const { id, version, status, title, severity, layer, phase } = rule
  return {
    ...{ id, version, status, title, severity, layer, phase, component: componentOf(set.file(id)) },
    general: 'general' in rule && rule.general,
    type: rule.type,
    kind: 'kind' in rule ? rule.kind : 'signature',
  }
}

/** Everything about a rule, with its samples and its file. */
export function wholeRule(rule: AnyRule, set: RuleSet) {
  return {
    ...ruleJson(rule),
    ...listedRule(rule, set),
    false_positives: rule.falsePositives,
    samples: { match: rule.samples.match, no_match: rule.samples.noMatch },
    file: fileBelow(set.file(rule.id)),
  }
}

/** The folder below `signatures` that contains a rule. */
function componentOf(file: string): string {
  return fileBelow(file).split('/').at(-2) ?? ''
}

/** The path of a rule file, from its signatures folder on. */
function fileBelow(file: string): string {
  const at = file.lastIndexOf(`${sep}signatures${sep}`)
  return relative(file.slice(0, at + 1) || '.', file).replaceAll(sep, '/')
}
