import { LEVELS, type Level } from '../model.ts'
import { type Generations, mayBeIn } from '../product-versions.ts'
import { fittingCapture } from './capture-types.ts'
import { type CompiledCondition, compileCondition, type Problem } from './condition.ts'
import { descriptionOf, PLACEHOLDER, type RuleDescription } from './rule-description.ts'
import type { CaptureType, LineDefinition, SampleDefinition } from './rule-schema.ts'

/** A compiled rule about records. */
export type Rule = RuleDescription & {
  readonly kind: 'signature' | 'milestone' | 'benign'
  readonly milestone: 'begin' | 'done' | 'failed' | undefined
  /** Tried only on what looks like a failure and no other rule matches; the first that matches counts, see `generalInOrder`. */
  readonly general: boolean
  readonly type: 'event' | 'condition'
  /** For a condition: rules whose events end it, and after how long a silence (ms) it ends. */
  readonly clearsOn: readonly string[]
  readonly withinMs: number | undefined
  readonly samples: {
    readonly match: readonly SampleDefinition[]
    readonly noMatch: readonly SampleDefinition[]
  }
  /** As written, for people and for explanations. */
  readonly pattern: LineDefinition['match']
  /** Types of its captures; captures without a type are texts. */
  readonly captureTypes: LineDefinition['captures']
  /** May also match what bash echoes under `set -x`. */
  readonly echo: boolean
  readonly source: SourceSelector
  /** Levels of the record that it accepts; any if empty. */
  readonly levels: readonly Level[]
  /**
   * Any text that the rule matches contains one of them. Empty only with `after` (tried on each record of its window) and for
   * some general rules.
   */
  readonly needles: readonly string[]
  /** Matches only within this many records after one of the same file that contains the literal. */
  readonly after: { readonly literal: string; readonly lines: number } | undefined
  appliesTo(source: string, profile: string): boolean
  /** The captures, if text and level (index into LEVELS) match; ignores `after`. */
  match(text: string, level: number): Record<string, string> | undefined
}

type SourceSelector = {
  readonly kinds?: readonly string[] | undefined
  readonly not?: readonly string[] | undefined
  readonly profiles?: readonly string[] | undefined
  readonly versions?: string | undefined
}

/** The shortest needle that the prefilter finds without a search of its own. */
const MIN_NEEDLE_BYTES = 7
/** General rules are searched in single records, where short needles cost little; without a needle they are tried on each. */
const MIN_GENERAL_NEEDLE_BYTES = 4

/** Compiles a definition. The problems are faults beyond its shape, with paths within the definition. */
export function compileRule(
  definition: LineDefinition,
  generations: Generations,
): { rule: Rule; problems: readonly Problem[] } {
  const problems: Problem[] = []
  const { match } = definition
  const condition = compileCondition(match, ['match'], problems)
  const least = definition.general ? MIN_GENERAL_NEEDLE_BYTES : MIN_NEEDLE_BYTES
  const needles = searchable(condition, least)
  if (needles.length === 0 && match.after === undefined && !definition.general && problems.length === 0) {
    problems.push({
      path: ['match'],
      message: `no literal of ${MIN_NEEDLE_BYTES} bytes or more is certain to be in every match`,
    })
  }
  problems.push(...captureProblems(definition, condition.groups))
  return { rule: ruleOf(definition, generations, needles, () => condition), problems }
}

/**
 * A rule that the build found to be without faults, with its needles. It is compiled when first tried, since most never are.
 */
export function provenRule(
  definition: LineDefinition,
  generations: Generations,
  needles: readonly string[],
): Rule {
  // The rest of the definition is not kept for as long as the rule is.
  const { match } = definition
  let condition: CompiledCondition | undefined
  return ruleOf(definition, generations, needles, () => {
    condition ??= compileCondition(match, ['match'], [])
    return condition
  })
}

function ruleOf(
  definition: LineDefinition,
  generations: Generations,
  needles: readonly string[],
  condition: () => CompiledCondition,
): Rule {
  const { match, source = {}, benign, milestone } = definition
  const own: Omit<Rule, keyof RuleDescription> = {
    kind: benign ? 'benign' : milestone ? 'milestone' : 'signature',
    milestone,
    general: definition.general,
    type: definition.type,
    clearsOn: definition.clears_on ?? [],
    withinMs: definition.within,
    samples: { match: definition.samples.match, noMatch: definition.samples.no_match },
    pattern: match,
    captureTypes: definition.captures,
    echo: definition.echo,
    source,
    levels: match.level ?? [],
    needles,
    after: match.after,
    appliesTo: (kind, profile) =>
      (source.kinds?.includes(kind) ?? true) &&
      !source.not?.includes(kind) &&
      (source.profiles?.includes(profile) ?? true) &&
      (source.versions === undefined || mayBeIn(source.versions, profile, generations)),
    match: matcher(definition, condition),
  }
  // Not by spreading: that makes a hidden class for each rule, which costs each start 20 MB of garbage and slows the search down.
  return Object.assign(descriptionOf(definition), own)
}

/**
 * The general rules of a set, in the order in which they are tried: those with a phase come first, since they are about one
 * part of the product and say more than rules about any text.
 */
export function generalInOrder(rules: readonly Rule[]): readonly Rule[] {
  return rules
    .filter((rule) => rule.general)
    .toSorted((a, b) => Number(a.phase === '') - Number(b.phase === ''))
}

/** Is this a command that bash echoes under `set -x`? */
export function isEcho(text: string): boolean {
  return /^\++ /.test(text)
}

/** Does a rule accept a record from this source, profile, level and so on, regardless of what is before it? */
export function claims(
  rule: Rule,
  text: string,
  { source, profile, level }: { readonly source: string; readonly profile: string; readonly level: number },
): boolean {
  return (
    rule.appliesTo(source, profile) && (rule.echo || !isEcho(text)) && rule.match(text, level) !== undefined
  )
}

/** A rule with a window is tried on each of its records, rather than searched by a short needle in all files. */
function searchable(condition: CompiledCondition, least: number): readonly string[] {
  const needles = condition.needles() ?? []
  return needles.some((needle) => Buffer.byteLength(needle) < least) ? [] : needles
}

function matcher({ match, captures }: LineDefinition, compiled: () => CompiledCondition): Rule['match'] {
  const levels = match.level?.map((level) => LEVELS.indexOf(level))
  let names: readonly (readonly [name: string, type: CaptureType])[] | undefined
  return (text, level) => {
    if (levels !== undefined && !levels.includes(level)) return undefined
    const condition = compiled()
    const groups = condition.test(text)
    if (groups === undefined) return undefined
    const found: Record<string, string> = {}
    names ??= [...new Set(condition.groups)].map((name) => [name, captures[name] ?? 'text'])
    for (const [name, type] of names) {
      const value = groups[name]
      const fitting = value === undefined ? undefined : fittingCapture(value, type)
      if (fitting !== undefined) found[name] = fitting
    }
    return found
  }
}

function captureProblems(definition: LineDefinition, groups: readonly string[]): Problem[] {
  const typed = Object.keys(definition.captures)
    .filter((name) => !groups.includes(name))
    .map((name) => ({
      path: ['captures', name],
      message: `captures.${name}: no expression has a group of this name`,
    }))
  const texts: [path: PropertyKey[], text: string][] = [
    [['title'], definition.title],
    [['explain'], definition.explain ?? ''],
    ...definition.remedy.flatMap(({ steps }, index) =>
      steps.map((step): [PropertyKey[], string] => [['remedy', index], step]),
    ),
  ]
  const used = texts.flatMap(([path, text]) =>
    [...text.matchAll(PLACEHOLDER)]
      .filter(([, name]) => !groups.includes(name ?? ''))
      .map(([placeholder]) => ({ path, message: `${placeholder} is captured by no expression` })),
  )
  return [...typed, ...used]
}
