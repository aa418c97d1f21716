import { type Explanation, explainRecord } from '../../interpret/explain.ts'
import type { Interpret } from '../../interpret/interpret.ts'
import { oneRecord } from '../../interpret/one-record.ts'
import type { Rule } from '../../interpret/rule.ts'
import type { RowVerdict } from '../../model.ts'
import { messageOf } from '../../store/event-row.ts'

/** What lines are read with. */
export type Reading = {
  readonly rules: readonly Rule[]
  readonly interpret: Interpret
  /** The format of each kind of log. */
  readonly formats: ReadonlyMap<string, string>
}

/** The kind of log and the generation that a line is read as. */
export type LinePlace = { readonly source: string; readonly profile: string }

/** Which rules match a line, which almost do, and what the write path would make of it. */
export type ExplainedLine = {
  readonly found: readonly Explanation[]
  readonly verdicts: readonly RowVerdict[]
}

/** Explains a line as if it were in such a log; secrets in it are masked first. */
export function explainLine(line: string, { source, profile }: LinePlace, reading: Reading): ExplainedLine {
  const place = { source, profile, format: reading.formats.get(source) ?? 'generic' }
  const result = reading.interpret(oneRecord(line.replace(/\n+$/, ''), place))
  const message = messageOf(result, 0)
  const { bytes, begin, end } = result.records
  const head = bytes.toString('utf8', begin[0], result.textBegin[0])
  const text = head + message + bytes.toString('utf8', result.textEnd[0], end[0])
  const level = result.level[0] ?? 0
  const verdicts = [...result.verdicts]
  const reported = new Set(verdicts.map(({ ruleId }) => ruleId))
  const found = explainRecord(reading.rules, { text, message, level, source, profile, reported })
  return { found, verdicts }
}

/** An explanation as `--json` shows it. */
export function explanationJson({ rule, matches, obstacles, parts, captures }: Explanation) {
  return { rule_id: rule.id, kind: rule.kind, severity: rule.severity, matches, captures, obstacles, parts }
}
