import { LEVELS } from '../model.ts'
import type { Problem } from './condition.ts'
import { isEcho, type Rule } from './rule.ts'
import type { SampleDefinition } from './rule-schema.ts'

/** Tests a rule with its own samples; the problems have paths within its definition. */
export function sampleProblems(rule: Rule): Problem[] {
  const match = rule.samples.match.flatMap((sample, index) => {
    const message = whyNot(rule, sample)
    return message === undefined ? [] : [{ path: ['samples', 'match', index], message }]
  })
  const noMatch = rule.samples.noMatch.flatMap((sample, index) => {
    const message = 'the rule matches this sample, but should not'
    return isClaimed(rule, sample) ? [{ path: ['samples', 'no_match', index], message }] : []
  })
  return [...match, ...noMatch]
}

/** Where a sample is taken to be, if it does not say: in a file and at a level that the rule accepts. */
export function samplePlace(rule: Rule, sample: SampleDefinition) {
  return {
    source: sample.source ?? rule.source.kinds?.[0] ?? 'generic',
    profile: sample.profile ?? rule.source.profiles?.[0] ?? '',
    level: LEVELS.indexOf(sample.level ?? rule.levels[0] ?? ''),
  }
}

function isClaimed(rule: Rule, sample: SampleDefinition): boolean {
  return obstacle(rule, sample) === undefined && matchOf(rule, sample) !== undefined
}

function matchOf(rule: Rule, sample: SampleDefinition): Record<string, string> | undefined {
  return rule.match(sample.line, samplePlace(rule, sample).level)
}

function whyNot(rule: Rule, sample: SampleDefinition): string | undefined {
  const before = obstacle(rule, sample)
  if (before !== undefined) return before
  const captures = matchOf(rule, sample)
  if (captures === undefined) return 'the rule does not match this sample'
  for (const [name, wanted] of Object.entries(sample.captures ?? {})) {
    const got = captures[name]
    if (got === undefined) return `${name} is not captured, expected ${JSON.stringify(wanted)}`
    if (got !== wanted) return `${name} is ${JSON.stringify(got)}, expected ${JSON.stringify(wanted)}`
  }
  return undefined
}

/** What keeps the rule from even looking at the sample's text. */
function obstacle(rule: Rule, { line, before = [], ...sample }: SampleDefinition): string | undefined {
  const { source, profile } = samplePlace(rule, { line, before, ...sample })
  if (!rule.appliesTo(source, profile))
    return `the rule is not for source ${source}${profile && ` of ${profile}`}`
  if (!rule.echo && isEcho(line)) return 'a line that bash echoes needs `echo: true`'
  const { needles, after } = rule
  if (after && !before.slice(-after.lines).some((earlier) => earlier.includes(after.literal))) {
    return `no line of \`before\` holds ${JSON.stringify(after.literal)} within ${after.lines} lines`
  }
  // The search finds records by needles: a match without one of them would never be seen.
  const found = needles.length === 0 || needles.some((needle) => line.includes(needle))
  return found
    ? undefined
    : `the rule does not match this sample: it holds none of ${JSON.stringify(needles)}`
}
