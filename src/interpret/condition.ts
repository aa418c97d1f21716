import { errorText } from '../errors.ts'
import { boundedRegex, type NamedGroups } from './bounded-regex.ts'
import { cheapest, type Needles, needlesOf, union } from './needles.ts'
import { regexFacts } from './regex-facts.ts'
import type { Condition } from './rule-schema.ts'

/** A compiled condition. `test` returns the named groups of what it matched; undefined if it does not hold. */
export type CompiledCondition = {
  /** Any text for which it holds contains one of them; undefined if none is certain. Computed when called. */
  readonly needles: () => Needles | undefined
  readonly groups: readonly string[]
  readonly test: (text: string) => NamedGroups | undefined
}

/** A fault in a rule, with the path of keys to it. */
export type Problem = { readonly path: readonly PropertyKey[]; readonly message: string }

const NO_GROUPS: NamedGroups = {}

/** Compiles a condition with everything nested in it; faults are added to `problems`. */
export function compileCondition(
  condition: Condition,
  path: readonly PropertyKey[],
  problems: Problem[],
): CompiledCondition {
  const nested = (key: 'any' | 'all' | 'not') =>
    (condition[key] ?? []).map((part, index) => compileCondition(part, [...path, key, index], problems))
  const { literal } = condition
  const parts: CompiledCondition[] = []
  if (literal) parts.push(compileLiteral(literal))
  const regex = compileRegex(condition, path, problems)
  if (regex) parts.push(regex)
  parts.push(...nested('all'))
  const any = nested('any')
  if (any.length > 0) parts.push(anyOf(any))
  const not = nested('not')
  const only = parts.length === 1 && not.length === 0 ? parts[0] : undefined
  if (only !== undefined) return only
  return {
    needles: () => cheapest(parts.map((part) => part.needles())),
    groups: parts.flatMap((part) => part.groups),
    test: (text) => {
      const groups = allHold(parts, text)
      return groups === undefined || not.some((part) => part.test(text) !== undefined) ? undefined : groups
    },
  }
}

function compileLiteral(literals: readonly string[]): CompiledCondition {
  return {
    needles: () => needlesOf(literals),
    groups: [],
    test: (text) => (literals.some((literal) => text.includes(literal)) ? NO_GROUPS : undefined),
  }
}

function compileRegex(
  { regex, flags, literal }: Condition,
  path: readonly PropertyKey[],
  problems: Problem[],
): CompiledCondition | undefined {
  if (regex === undefined) return undefined
  const at = [...path, 'regex']
  const modes = `mu${flags ?? ''}`
  if (modes.includes('i') && literal === undefined) {
    problems.push({ path: at, message: 'a case-insensitive expression needs a `literal` beside it' })
  }
  try {
    const { unsafe, needles: found } = regexFacts(regex, modes)
    if (unsafe) problems.push({ path: at, message: unsafe })
    const test = boundedRegex(regex, modes, () => found ?? (literal && needlesOf(literal)))
    return { needles: () => found, groups: namesIn(regex), test }
  } catch (error) {
    problems.push({ path: at, message: errorText(error) })
    return { needles: () => undefined, groups: namesIn(regex), test: () => undefined }
  }
}

/** Names of the captures of a condition, each once. */
export function captureNames({ regex = '', any = [], all = [] }: Condition): string[] {
  return [...new Set([...namesIn(regex), ...[...all, ...any].flatMap(captureNames)])]
}

function namesIn(regex: string): string[] {
  return [...regex.matchAll(/\(\?<([A-Za-z_$][\w$]*)>/g)].map((found) => found[1] ?? '')
}

function anyOf(parts: readonly CompiledCondition[]): CompiledCondition {
  return {
    needles: () => union(parts.map((part) => part.needles())),
    groups: parts.flatMap((part) => part.groups),
    test: (text) => {
      for (const part of parts) {
        const groups = part.test(text)
        if (groups !== undefined) return groups
      }
      return undefined
    },
  }
}

/** The first capture of a name wins. */
function allHold(parts: readonly CompiledCondition[], text: string): NamedGroups | undefined {
  let all = NO_GROUPS
  for (const part of parts) {
    const groups = part.test(text)
    if (groups === undefined) return undefined
    if (groups !== NO_GROUPS) all = all === NO_GROUPS ? groups : { ...groups, ...all }
  }
  return all
}
