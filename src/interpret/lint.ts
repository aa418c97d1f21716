import { type CauseCycle, causeCycles } from './cause-cycles.ts'
import type { Problem } from './condition.ts'
import { captureNames } from './condition.ts'
import { GAPS } from './draft.ts'
import type { RuleSet } from './load-rules.ts'
import { claims, generalInOrder, type Rule } from './rule.ts'
import { samplePlace } from './rule-samples.ts'
import type { SampleDefinition } from './rule-schema.ts'

/** Something to say about a rule; a `note` is not a fault. */
export type Finding = Problem & { readonly id: string; readonly weight: 'fault' | 'note' }

type Sample = { readonly owner: Rule; readonly index: number; readonly sample: SampleDefinition }

/** Checks the given rules against the whole set, for what no rule can show by itself. */
export function lint({ rules, correlations }: RuleSet, ids: ReadonlySet<string>): Finding[] {
  const living = rules.filter(({ status }) => status !== 'deprecated')
  const matched = living.flatMap((owner) =>
    owner.samples.match.map((sample, index): Sample => ({ owner, index, sample })),
  )
  const healthy = matched.filter(({ owner }) => owner.kind === 'benign' || owner.kind === 'milestone')
  const chosen = living
    .filter(({ id }) => ids.has(id))
    .flatMap((rule) => [
      ...overlaps(rule, living),
      ...tooBroad(rule, healthy),
      ...unusedCaptures(rule),
      ...unfilled(rule),
      ...vainNegatives(rule),
      ...gapsIn(rule),
    ])
  return [...chosen, ...causeCycles([...rules, ...correlations], ids).map(cycleFinding)]
}

function cycleFinding({ way, isClosed }: CauseCycle): Finding {
  const id = way[0] ?? ''
  const message = `caused_by leads in a circle: ${way.join(' of ')}`
  return { id, weight: isClosed ? 'fault' : 'note', path: ['caused_by'], message }
}

/** A match sample must be claimed by its own rule only. Benign rules may match as well; general rules come after it. */
function overlaps(rule: Rule, living: readonly Rule[]): Finding[] {
  if (rule.kind === 'benign') return []
  const general = generalInOrder(living)
  const comesFirst = (other: Rule) =>
    !other.general || (rule.general && general.indexOf(other) < general.indexOf(rule))
  const others = living.filter((other) => other !== rule && other.kind !== 'benign' && comesFirst(other))
  const claimants = rule.samples.match.map((sample) =>
    others.filter((other) => claimsSample(other, rule, sample)).map(({ id }) => id),
  )
  const shadow = claimants[0]?.find((id) => claimants.every((list) => list.includes(id)))
  if (shadow !== undefined) {
    return [
      fault(rule, ['match'], `every match sample is one of ${shadow}, too: merge them, or add a \`not\``),
    ]
  }
  return claimants.flatMap((list, index) =>
    list.length === 0
      ? []
      : [fault(rule, ['samples', 'match', index], `this sample is one of ${list.join(', ')}, too`)],
  )
}

/** Lines that other rules know to be harmless. */
function tooBroad(rule: Rule, healthy: readonly Sample[]): Finding[] {
  if (rule.kind !== 'signature' || rule.severity === 'info' || rule.general) return []
  return healthy
    .filter(({ owner, sample }) => claimsSample(rule, owner, sample))
    .map(({ owner, sample }) => {
      const line = sample.line.split('\n')[0]
      return fault(rule, ['match'], `it matches a harmless line, an example of ${owner.id}: ${line}`)
    })
}

/** All that a rule says to people. */
function shownTextOf({ titlePattern, explain, remedy }: Rule): string {
  return [titlePattern, explain, ...remedy.flatMap(({ steps }) => steps)].join(' ')
}

/** A rule that matches in several ways need not capture the same in each of them. */
function unfilled(rule: Rule): Finding[] {
  const shownText = shownTextOf(rule)
  const used = captureNames(rule.pattern).filter((name) => shownText.includes(`{${name}}`))
  return rule.samples.match.flatMap((sample, index) => {
    const captures = rule.match(sample.line, samplePlace(rule, sample).level) ?? {}
    const missing = used.filter((name) => captures[name] === undefined).map((name) => `{${name}}`)
    const message = `this sample does not fill in ${missing.join(', ')}: capture it in every way to match, or leave it out`
    return missing.length === 0 ? [] : [fault(rule, ['samples', 'match', index], message)]
  })
}

function unusedCaptures(rule: Rule): Finding[] {
  const shownText = shownTextOf(rule)
  const unused = captureNames(rule.pattern).filter((name) => !shownText.includes(`{${name}}`))
  return unused.map((name) => note(rule, ['match'], `${name} is captured, but no text uses {${name}}`))
}

/** A negative sample without any of the rule's needles proves nothing. */
function vainNegatives(rule: Rule): Finding[] {
  const near = (line: string) =>
    rule.needles.length === 0 || rule.needles.some((needle) => line.includes(needle))
  const words = rule.needles.flatMap((needle) => needle.toLowerCase().match(/[a-z]{4,}/g) ?? [])
  const alike = (line: string) => words.some((word) => line.toLowerCase().includes(word))
  const all = rule.samples.noMatch
  return all.some(({ line }) => near(line) || alike(line))
    ? []
    : [note(rule, ['samples', 'no_match'], 'no sample looks like what the rule matches: add a near miss')]
}

/** A draft is shown to operators as any other rule. */
function gapsIn(rule: Rule): Finding[] {
  const { titlePattern, explain, remedy, samples } = rule
  const said: readonly (readonly [path: readonly string[], texts: readonly string[], gap: string])[] = [
    [['title'], [titlePattern], GAPS.title],
    [['explain'], [explain], GAPS.explain],
    [['remedy'], remedy.flatMap(({ steps }) => steps), GAPS.remedy],
    [['samples', 'no_match'], samples.noMatch.map(({ line }) => line), GAPS.nearMiss],
  ]
  return said
    .filter(([, texts, gap]) => texts.includes(gap))
    .map(([path, , gap]) => fault(rule, path, `it still says what a draft does ("${gap}"): write your own`))
}

/** Would `rule` claim a sample of `owner`, in the place where that sample is meant to be? */
function claimsSample(rule: Rule, owner: Rule, sample: SampleDefinition): boolean {
  if (rule.after !== undefined) return false
  return claims(rule, sample.line, samplePlace(owner, sample))
}

const fault = (rule: Rule, path: readonly PropertyKey[], message: string): Finding => ({
  id: rule.id,
  weight: 'fault',
  path,
  message,
})
const note = (rule: Rule, path: readonly PropertyKey[], message: string): Finding => ({
  id: rule.id,
  weight: 'note',
  path,
  message,
})
