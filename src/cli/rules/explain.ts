import { text as readAll } from 'node:stream/consumers'
import { loadConfig } from '../../config.ts'
import type { Explanation, Part } from '../../interpret/explain.ts'
import { filledIn, remedySteps, titleWith } from '../../interpret/rule-description.ts'
import type { RowVerdict } from '../../model.ts'
import { explainLine, explanationJson } from '../../triage/rules/explain-line.ts'
import { checkChoice } from '../choice.ts'
import { excerpt } from '../excerpt.ts'
import type { Io } from '../io.ts'
import { type Knowledge, loadKnowledge } from '../knowledge.ts'
import { paint, severityStyle } from '../paint.ts'
import { printable } from '../printable.ts'
import type { ExplainOptions } from '../rules.ts'

const EXCERPT = 160

/** Prints which rules match a record and why, or which come nearest. Never prints its secrets. */
export async function explainGiven(line: string, options: ExplainOptions, io: Io): Promise<void> {
  const knowledge = loadKnowledge(loadConfig(options.config, options))
  const { source = 'generic', profile = 'host' } = options
  const { formats, profiles } = knowledge.layouts
  checkChoice('--source', source, [...new Set([...formats.keys(), 'generic'])].sort())
  checkChoice('--profile', profile, [...profiles].sort())
  const written = line === '-' ? await readAll(io.stdin) : line
  const { found, verdicts } = explainLine(
    written,
    { source, profile },
    { rules: knowledge.rules.rules, interpret: knowledge.interpret, formats },
  )
  if (options.json === true) {
    for (const explanation of found) io.out(`${JSON.stringify(explanationJson(explanation))}\n`)
    return
  }
  io.out(report(found, verdicts, { knowledge, profile, io }))
}

type Context = { readonly knowledge: Knowledge; readonly profile: string; readonly io: Io }

function report(found: readonly Explanation[], verdicts: readonly RowVerdict[], context: Context): string {
  const matching = found.filter(({ matches }) => matches)
  const almost = found.filter(({ matches }) => !matches)
  const unknown = verdicts.find(({ kind }) => kind === 'unknown')
  const none = unknown
    ? `No rule matches. It looks like a failure: an event of kind unknown, severity ${unknown.severity}.\n`
    : 'No rule matches, and it does not look like a failure.\n'
  return [
    ...(matching.length === 0 ? [none] : matching.map((explanation) => matchText(explanation, context))),
    ...(almost.length > 0 ? [paint(context.io, 'bold', '\nNearest:\n')] : []),
    ...almost.map((explanation) => nearText(explanation, context.io)),
  ].join('')
}

function matchText({ rule, parts, captures }: Explanation, { knowledge, profile, io }: Context): string {
  const kind = rule.kind === 'signature' ? rule.severity : rule.kind
  const steps = remedySteps(rule, profile, knowledge.layouts.generations, captures)
  return [
    `${paint(io, severityStyle(rule.severity), kind)}  ${paint(io, 'bold', titleWith(rule, captures))}  ${rule.id}\n`,
    rule.explain === '' ? '' : `  ${filledIn(rule.explain, captures)}\n`,
    ...steps.map((step) => `  - ${step}\n`),
    ...parts.map((part) => partText(part)),
    ...Object.entries(captures).map(([name, value]) => `    ${name} = ${printable(value, '')}\n`),
  ].join('')
}

function nearText({ rule, parts, obstacles }: Explanation, io: Io): string {
  const why = obstacles.map((obstacle) => `    ${paint(io, 'yellow', 'but')} ${obstacle}\n`)
  return `  ${rule.id}  ${rule.title}\n${parts.map(partText).join('')}${why.join('')}`
}

function partText({ kind, wanted, found, holds }: Part): string {
  const sign = holds ? 'yes' : 'no '
  // If one of several literals was found, it says most.
  const shown = kind === 'literal' && found !== undefined ? found : excerpt(wanted, EXCERPT)
  const what =
    found === undefined || found === shown
      ? ''
      : `  → ${excerpt(printable(found.split('\n')[0] ?? '', ''), EXCERPT)}`
  return `    ${sign}  ${kind.padEnd(7)}  ${printable(shown, '')}${what}\n`
}
