import {
  filledIn,
  type RuleDescription,
  remedySteps,
  titleWith,
} from '../../../interpret/rule-description.ts'
import { tellingLine } from '../../../interpret/template/telling-line.ts'
import type { SignatureDetails } from '../../../store/alert-query.ts'
import { lineOf, plural, spanText, whereOf } from './notice-words.ts'
import type { Observation, World } from './world.ts'

/** Limit of an example line that serves as a title. */
const TITLE_CHARS = 200
/** The notes on a signature: what it is, where, since when, how often, why, what to do, and an example line. */
export function signatureObservation(
  details: SignatureDetails,
  opening: string,
  value: number,
  world: World,
): Observation {
  const { signature, captures, profile } = details
  const rule = world.ruleById.get(details.rule)
  const title = titleOf(details, world)
  const steps =
    rule === undefined ? stepsWithoutRule(details) : remedySteps(rule, profile, world.generations, captures)
  return {
    labels: { signature },
    severity: details.severity,
    value,
    notes: {
      summary: `${opening}: ${title}`,
      description: `${counted(details)}, ${spanText(details.first_ms, details.last_ms)}.${rule === undefined ? ' No rule explains it.' : ''}`,
      ...whereOf([details]),
      count: String(details.count),
      ...causeOf(rule, captures),
      remedy: steps.join('\n'),
      example: lineOf(details.example),
      example_file: details.example_file,
      event_id: details.event_id,
    },
  }
}

function stepsWithoutRule({ session_names }: SignatureDetails): string[] {
  return [
    'Read the lines around the example.',
    ...(session_names.length === 0
      ? []
      : ['See what else happened to a desktop with it: dcvlens diagnose SESSION.']),
    'Write a rule for it: dcvlens rules new --from LINE.',
  ]
}

/** What failed: the title of its rule, or the template of a failure without a specific rule. */
function titleOf(
  { signature, rule, captures, example }: SignatureDetails,
  { memory, ruleById }: World,
): string {
  const known = ruleById.get(rule)
  const isTemplate = known === undefined || memory.signatures[signature]?.kind === 'template'
  if (!isTemplate) return titleWith(known, captures)
  return lineOf(memory.templates?.[signature] ?? tellingLine(example).slice(0, TITLE_CHARS))
}

function causeOf(
  rule: RuleDescription | undefined,
  captures: SignatureDetails['captures'],
): { readonly cause?: string } {
  if (rule === undefined || rule.explain === '') return {}
  return { cause: filledIn(rule.explain, captures) }
}

function counted({ count, sessions, hosts }: SignatureDetails): string {
  const places = [
    ...(sessions > 0 ? [plural(sessions, 'desktop')] : []),
    ...(hosts > 0 ? [plural(hosts, 'host')] : []),
  ].join(', ')
  return `${plural(count, 'event')}${places === '' ? '' : ` (${places})`}`
}
