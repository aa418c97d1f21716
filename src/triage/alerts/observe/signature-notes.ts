import { cleanText } from '../../../interpret/clean.ts'
import { redact } from '../../../interpret/redact.ts'
import { tellingLine } from '../../../interpret/template/telling-line.ts'
import { filledIn, remedySteps, type Told } from '../../../interpret/told.ts'
import type { SEVERITIES } from '../../../model.ts'
import { severityRank } from '../../../severity.ts'
import type { EventSelect, SignatureDetails } from '../../../store/alert-query.ts'
import type { AlertRuleOf } from '../alert-rule.ts'
import type { KnownSignature } from '../memory.ts'
import type { Observation, World } from './world.ts'

/** Rules that look at events of signatures. */
export type SignatureRule = AlertRuleOf<
  'new_signature' | 'regressed_signature' | 'first_after_change' | 'rate'
>

/** How many it takes. */
type Enough = { readonly min_count: number; readonly min_sessions: number; readonly min_hosts: number }

/** The events that a rule counts. */
export function selectOf(rule: SignatureRule): EventSelect {
  return {
    minSeverity: severityRank(leastSeverity(rule)),
    ...{ rules: rule.rules, withoutRules: rule.without_rules, sources: rule.sources },
    ...{ profiles: rule.profiles, phases: rule.phases },
  }
}

/** Who names rules wants them told, however bad they are. */
function leastSeverity({ min_severity, rules }: SignatureRule): (typeof SEVERITIES)[number] {
  return min_severity ?? (rules === undefined ? 'error' : 'info')
}

/** May events of this signature count for a rule? The query for its details decides. */
export function mayCount(rule: SignatureRule, known: KnownSignature): boolean {
  return (
    severityRank(known.severity) >= severityRank(leastSeverity(rule)) &&
    (rule.rules === undefined || rule.rules.includes(known.rule)) &&
    rule.without_rules?.includes(known.rule) !== true
  )
}

/** Are these enough events to be worth a notice? */
export function isEnough(rule: Enough, details: SignatureDetails): boolean {
  return (
    details.count >= rule.min_count &&
    details.sessions >= rule.min_sessions &&
    details.hosts >= rule.min_hosts
  )
}

const EXAMPLE_CHARS = 400
/** Of those the first of several lines has at most so many. */
const FIRST_CHARS = 120
const CUT = ' … '
/** Of a line that stands for a title. */
const TITLE_CHARS = 200
/** So many names of each kind are told. */
const MOST_NAMES = 5

/** What is told of a signature: what it is, where, since when, how often, why, what to do, and one of its lines. */
export function signatureObservation(
  details: SignatureDetails,
  opening: string,
  value: number,
  world: World,
): Observation {
  const { signature, captures, profile } = details
  const told = world.told.get(details.rule)
  const title = titleOf(details, world)
  const steps =
    told === undefined
      ? ['Read the lines around the example.', 'Write a rule for it: dcvlens rules new --from LINE.']
      : remedySteps(told, profile, world.generations, captures)
  return {
    labels: { signature },
    severity: details.severity,
    value,
    notes: {
      summary: `${opening}: ${title}`,
      description: `${counted(details)}, ${spanText(details.first_ms, details.last_ms)}.${told === undefined ? ' No rule explains it.' : ''}`,
      ...whereOf([details]),
      count: String(details.count),
      ...causeOf(told, captures),
      remedy: steps.join('\n'),
      example: lineOf(details.example),
      example_file: details.example_file,
      event_id: details.event_id,
    },
  }
}

/** What failed: the title of its rule, or the template of what no rule knows by itself. */
function titleOf({ signature, rule, captures, example }: SignatureDetails, { memory, told }: World): string {
  const known = told.get(rule)
  const isTemplate = known === undefined || memory.signatures[signature]?.kind === 'template'
  if (!isTemplate) return filledIn(known.title, captures)
  return lineOf(memory.templates?.[signature] ?? tellingLine(example).slice(0, TITLE_CHARS))
}

function causeOf(
  told: Told | undefined,
  captures: SignatureDetails['captures'],
): { readonly cause?: string } {
  if (told === undefined || told.explain === '') return {}
  return { cause: filledIn(told.explain, captures) }
}

/**
 * A record of a log as a notice may have it: one line, short, without secrets and control characters. Of several lines that
 * are too long together the first and the last stay, and of a long line begin and end: what is left out is marked.
 */
export function lineOf(message: string): string {
  const lines = redact(cleanText(message))
    .split('\n')
    .filter((line) => line.trim() !== '')
  const [first = ''] = lines
  const whole = flat(lines.join(' '))
  if (whole.length <= EXAMPLE_CHARS) return whole
  if (lines.length === 1) return cut(whole, EXAMPLE_CHARS)
  // What stands at the margin: a stack of calls has its error there.
  const last = lines.slice(1).findLast((line) => /^\S/.test(line)) ?? lines.at(-1) ?? ''
  const left = lines.length - 2
  const gap = left > 0 ? ` … ${plural(left, 'line')} … ` : ' … '
  const begin = cut(flat(first), FIRST_CHARS)
  return `${begin}${gap}${cut(flat(last), EXAMPLE_CHARS - begin.length - gap.length)}`
}

function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}

/** The middle says least. */
function cut(text: string, chars: number): string {
  if (text.length <= chars) return text
  const head = Math.ceil((chars - CUT.length) / 2)
  return `${text.slice(0, head)}${CUT}${text.slice(text.length - (chars - CUT.length - head))}`
}

/** A moment as notices show it. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

/** When something was seen, as notices show it. */
export function spanText(firstMs: number, lastMs: number): string {
  const [first, last] = [isoSeconds(firstMs), isoSeconds(lastMs)]
  return first === last ? `at ${first}` : `from ${first} to ${last}`
}

/** `1 host`, `2 hosts`. */
export function plural(count: number, what: string, many = `${what}s`): string {
  return `${count} ${count === 1 ? what : many}`
}

function counted({ count, sessions, hosts }: SignatureDetails): string {
  const places = [
    ...(sessions > 0 ? [plural(sessions, 'desktop')] : []),
    ...(hosts > 0 ? [plural(hosts, 'host')] : []),
  ].join(', ')
  return `${plural(count, 'event')}${places === '' ? '' : ` (${places})`}`
}

/** `where` of a notice: clusters, desktops and hosts, a few of each by name; nothing where none is known. */
export function whereOf(all: readonly SignatureDetails[]): { readonly where?: string } {
  const parts = [
    ['cluster', all.flatMap(({ clusters }) => clusters)],
    ['desktop', all.flatMap(({ session_names }) => session_names)],
    ['host', all.flatMap(({ host_names }) => host_names)],
  ] as const
  const where = parts
    .map(([what, names]) => [what, [...new Set(names)].sort()] as const)
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) => `${what} ${fewOf(names)}`)
    .join('; ')
  return where === '' ? {} : { where }
}

function fewOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMES
  return `${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
