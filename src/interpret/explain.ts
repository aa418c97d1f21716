import { LEVELS } from '../model.ts'
import { boundedRegex } from './bounded-regex.ts'
import { isEcho, type Rule } from './rule.ts'
import type { Condition } from './rule-schema.ts'

/** A record as rules see it: secrets masked, level as an index into LEVELS. */
export type Question = {
  readonly text: string
  readonly message: string
  readonly level: number
  readonly source: string
  readonly profile: string
  /** Ids of the rules that the write path reports for it. */
  readonly reported: ReadonlySet<string>
}

/** One part of a condition, and what it found in the text. */
export type Part = {
  readonly kind: 'literal' | 'regex' | 'not'
  readonly wanted: string
  readonly found?: string
  readonly holds: boolean
}

export type Explanation = {
  readonly rule: Rule
  readonly matches: boolean
  /** Reasons other than the text for which the rule does not match, such as the kind of log. */
  readonly obstacles: readonly string[]
  readonly parts: readonly Part[]
  readonly captures: Readonly<Record<string, string>>
}

const MAX_ALMOST = 5

/** Says which rules match a record and why, and which come closest: best first. */
export function explainRecord(rules: readonly Rule[], question: Question): Explanation[] {
  const all = rules
    .filter(({ status }) => status !== 'deprecated')
    .map((rule) => explanationOf(rule, question))
  const almost = all
    .filter(({ matches, parts }) => !matches && nearness(parts) > 0)
    .sort((a, b) => nearness(b.parts) - nearness(a.parts) || a.obstacles.length - b.obstacles.length)
  return [...all.filter(({ matches }) => matches), ...almost.slice(0, MAX_ALMOST)]
}

function explanationOf(rule: Rule, question: Question): Explanation {
  const { text, level } = question
  const obstacles = obstaclesOf(rule, question)
  const captures = rule.match(text, level)
  const matches = captures !== undefined && obstacles.length === 0
  return { rule, matches, obstacles, parts: partsOf(rule.pattern, text), captures: captures ?? {} }
}

/** Everything except the text that keeps a rule from matching. */
function obstaclesOf(rule: Rule, { text, message, level, source, profile, reported }: Question): string[] {
  const { source: wanted, levels, after } = rule
  const where = wanted.kinds?.join(', ') ?? (wanted.not ? `not ${wanted.not.join(', ')}` : '')
  const versions = [wanted.profiles?.join(', '), wanted.versions].filter((part) => part !== undefined)
  return [
    ...(rule.appliesTo(source, profile)
      ? []
      : [`it is for ${[where, ...versions].filter(Boolean).join(' of ')}`]),
    ...(levels.length === 0 || levels.includes(LEVELS[level] as never)
      ? []
      : [`it is for level ${levels.join(' or ')}`]),
    ...(isEcho(message) && !rule.echo ? ['a command that bash echoes is no event'] : []),
    ...(rule.general && !reported.has(rule.id) && rule.match(text, level) !== undefined
      ? ['a general rule counts where the record looks like a failure and no rule before it knows more']
      : []),
    ...(after ? [`a record with "${after.literal}" must stand at most ${after.lines} before`] : []),
  ]
}

function partsOf(condition: Condition, text: string): Part[] {
  const { literal, regex, flags = '', any = [], all = [], not = [] } = condition
  const alternatives = any.map((part) => partsOf(part, text))
  const best = alternatives.sort((a, b) => nearness(b) - nearness(a))[0] ?? []
  return [
    ...(literal ? [literalPart(literal, text)] : []),
    ...(regex === undefined ? [] : [regexPart(regex, flags, text)]),
    ...all.flatMap((part) => partsOf(part, text)),
    ...best,
    ...not.map((part): Part => {
      const hit = partsOf(part, text).filter(({ holds }) => holds)
      const wanted = part.regex ?? part.literal?.join(' | ') ?? 'any of several'
      return {
        kind: 'not',
        wanted,
        holds: hit.length === 0,
        ...(hit[0]?.found ? { found: hit[0].found } : {}),
      }
    }),
  ]
}

function literalPart(literals: readonly string[], text: string): Part {
  const found = literals.find((literal) => text.includes(literal))
  const wanted = literals.join(' | ')
  return found === undefined
    ? { kind: 'literal', wanted, holds: false }
    : { kind: 'literal', wanted, holds: true, found }
}

function regexPart(regex: string, flags: string, text: string): Part {
  const found = boundedRegex(`(?<whole_>${regex})`, `mu${flags}`, () => undefined)(text)?.['whole_']
  return found === undefined
    ? { kind: 'regex', wanted: regex, holds: false }
    : { kind: 'regex', wanted: regex, holds: true, found }
}

/** A part that matches fewer characters than this (a beginning, a blank, a digit) holds nearly everywhere. */
const LEAST_TELLING = 3

/** Share of the positive parts that hold and are specific; parts that must not match do not count. */
function nearness(parts: readonly Part[]): number {
  const wanted = parts.filter(({ kind }) => kind !== 'not')
  const held = wanted.filter(({ holds, found = '' }) => holds && found.trim().length >= LEAST_TELLING)
  return wanted.length === 0 ? 0 : held.length / wanted.length
}
