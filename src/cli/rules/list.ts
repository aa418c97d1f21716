import { loadConfig } from '../../config.ts'
import { type AnyRule, allRules } from '../../interpret/all-rules.ts'
import { ruleJson } from '../../interpret/rule-json.ts'
import { PHASES } from '../../interpret/rule-parts.ts'
import { SEVERITIES } from '../../model.ts'
import { checkChoice } from '../choice.ts'
import type { CommonOptions } from '../command.ts'
import { counted } from '../counted.ts'
import type { Io } from '../io.ts'
import { knownKinds, loadRuleSet } from '../knowledge.ts'
import { paint, severityStyle } from '../paint.ts'
import type { ListOptions } from '../rules.ts'
import { type TableColumn, tableText } from '../table.ts'

const STATUSES = ['draft', 'experimental', 'stable', 'deprecated']

/** Prints one line, or a JSON object, for each rule that the options select. */
export function listRules(options: ListOptions, io: Io): void {
  checkChoice('--severity', options.severity, SEVERITIES)
  checkChoice('--phase', options.phase, PHASES)
  checkChoice('--status', options.status, STATUSES)
  const config = loadConfig(options.config, options)
  if (options.source !== undefined) checkChoice('--source', options.source, [...knownKinds(config)].sort())
  const chosen = allRules(loadRuleSet(config)).filter((rule) => isChosen(rule, options))
  printRules(chosen, options, io)
}

/** Prints one line, or a JSON object, for each of these rules. */
export function printRules(rules: readonly AnyRule[], { json }: CommonOptions, io: Io): void {
  if (json === true) {
    for (const rule of rules) io.out(`${JSON.stringify(ruleJson(rule))}\n`)
  } else {
    io.out(tableText(columns(io), rules, io))
    io.out(`${counted(rules.length, 'rule')}; \`dcvlens rules show ID\` shows one of them in full\n`)
  }
}

function isChosen(rule: AnyRule, { severity, phase, status, source }: ListOptions): boolean {
  return (
    (severity === undefined || rule.severity === severity) &&
    (phase === undefined || rule.phase === phase) &&
    (status === undefined || rule.status === status) &&
    (source === undefined || ('source' in rule && (rule.source.kinds?.includes(source) ?? true)))
  )
}

function columns(io: Io): TableColumn<AnyRule>[] {
  return [
    { head: 'ID', cell: ({ id }) => id },
    {
      head: 'SEVERITY',
      cell: (rule) => ('kind' in rule && rule.kind !== 'signature' ? rule.kind : rule.severity),
      spare: 3,
      paint: ({ severity }, cell) => paint(io, severityStyle(severity), cell),
    },
    { head: 'PHASE', cell: ({ phase }) => phase, spare: 2 },
    { head: 'STATUS', cell: ({ status }) => status, spare: 1 },
    { head: 'TITLE', cell: ({ title }) => title, least: 28 },
  ]
}
