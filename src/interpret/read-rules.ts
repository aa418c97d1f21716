import type { z } from 'zod'
import type { Generations } from '../product-versions.ts'
import { type Fault, parseYaml, textOrFault } from '../yaml-file.ts'
import type { Problem } from './condition.ts'
import { type Correlation, compileCorrelation, storyProblems } from './correlation.ts'
import { isRawMap, type RawMap } from './raw-map.ts'
import { shippedNeedles } from './regex-facts.ts'
import { compileRule, provenRule, type Rule } from './rule.ts'
import type { Written } from './rule-references.ts'
import { sampleProblems } from './rule-samples.ts'
import { AnyRule, type RuleDefinition, RuleFamily } from './rule-schema.ts'

/** A rule and its place. */
type Loaded = {
  readonly file: string
  readonly compiled: Compiled
  readonly definition: RuleDefinition
  readonly place: Written['place']
}

/** What has been read so far. */
export type Reading = {
  readonly loaded: Loaded[]
  readonly faults: Fault[]
  /** Samples that fail; the rules themselves load. */
  readonly failed: Fault[]
  /** Rules that do not load, but whose references are known. */
  readonly broken: Written[]
  /** Ids of rules in files that are not valid YAML, so that references to them are not reported as faults, too. */
  readonly ids: Set<string>
  readonly generations: Generations
}

/** A reading to which rules and faults of all files are added, one file after another. */
export function newReading(generations: Generations): Reading {
  return { loaded: [], faults: [], failed: [], broken: [], ids: new Set(), generations }
}

/** The place of a part of a file. */
type Place = (path: readonly PropertyKey[]) => Fault

/** Keys that decide which texts a rule matches: if one of them has faults, the samples prove nothing. */
const MATCHING = ['source', 'match', 'captures', 'echo']

/** Reads the rules of a file. A fault in one rule does not hide faults of other rules, or further faults of its own. */
export function readRules(file: string, reading: Reading): void {
  const text = textOrFault(file, reading.faults)
  if (text !== undefined) readRuleText(file, text, reading)
}

/** The same for the text of a file. */
export function readRuleText(file: string, text: string, reading: Reading): void {
  const { faults, ids } = reading
  const family = /^rules *:/m.test(text)
  const parsed = family ? parseYaml(file, text, RuleFamily) : parseYaml(file, text, AnyRule)
  const prefixOf = (index: number) => (family ? ['rules', index] : [])
  if (parsed.ok) {
    const definitions = 'rules' in parsed.value ? parsed.value.rules : [parsed.value]
    for (const [index, definition] of definitions.entries()) {
      const place = placeIn(parsed.place, prefixOf(index), definition.id)
      add({ file, definition, place }, parsed.proven, reading)
    }
    return
  }
  const { said } = parsed
  if (!family && said !== undefined && holdsSeveral(said.value)) {
    faults.push({ ...said.place([]), message: 'several rules in one file go in a list below `rules:`' })
    return
  }
  faults.push(...parsed.faults)
  if (said === undefined) {
    for (const [, id = ''] of text.matchAll(/^[ -]*id: *([a-z0-9-]+)/gm)) ids.add(id)
    return
  }
  for (const [index, value] of rawRules(said.value, family).entries()) {
    if (isRawMap(value)) addRaw(value, { file, place: said.place, prefix: prefixOf(index) }, reading)
  }
}

/** Are there rules in it, though not below `rules:`? */
function holdsSeveral(value: unknown): boolean {
  if (Array.isArray(value)) return true
  return isRawMap(value) && value['id'] === undefined && Object.values(value).some(Array.isArray)
}

function rawRules(value: unknown, family: boolean): readonly unknown[] {
  if (!family) return [value]
  return isRawMap(value) && Array.isArray(value['rules']) ? value['rules'] : []
}

function placeIn(place: Place, prefix: readonly PropertyKey[], id: string): Written['place'] {
  return (path, message) => ({ ...place([...prefix, ...path]), message: `${id}: ${message}` })
}

function add({ file, definition, place }: Omit<Loaded, 'compiled'>, proven: boolean, reading: Reading): void {
  const known = proven ? shippedNeedles(definition.id) : undefined
  const compiled = compile(definition, reading.generations, known)
  const told = (problems: readonly Problem[]) => problems.map(({ path, message }) => place(path, message))
  reading.faults.push(...told(compiled.problems))
  if (!proven) reading.failed.push(...told(proofOf(compiled)))
  reading.loaded.push({ file, compiled, definition, place })
}

/** In a file with faults: a rule without faults is taken as usual; of the others as much as possible is checked. */
function addRaw(
  value: RawMap,
  { file, place, prefix }: { readonly file: string; readonly place: Place; readonly prefix: PropertyKey[] },
  reading: Reading,
): void {
  const parsed = AnyRule.safeParse(value)
  const id = typeof value['id'] === 'string' ? value['id'] : ''
  const placed = placeIn(place, prefix, id)
  if (parsed.success) {
    add({ file, definition: parsed.data, place: placed }, false, reading)
    return
  }
  reading.broken.push({ id, value, place: placed })
  const bad = keysIn(parsed.error.issues)
  const mended = AnyRule.safeParse(Object.fromEntries(Object.entries(value).filter(([key]) => !bad.has(key))))
  if (!mended.success) return
  const compiled = compile(mended.data, reading.generations, undefined)
  const proof = MATCHING.some((key) => bad.has(key)) ? [] : proofOf(compiled)
  const problems = [...compiled.problems, ...proof]
  reading.faults.push(...problems.map((problem) => placed(problem.path, problem.message)))
}

/** The keys of a rule in which a schema has found faults. */
function keysIn(issues: readonly z.core.$ZodIssue[]): ReadonlySet<string> {
  return new Set(
    issues.flatMap((issue) => {
      const [key] = issue.path
      if (key !== undefined) return [String(key)]
      return issue.code === 'unrecognized_keys' ? issue.keys : []
    }),
  )
}

type Compiled = {
  readonly rule?: Rule
  readonly correlation?: Correlation
  readonly problems: readonly Problem[]
  /** Tests it with its own samples. */
  prove(): readonly Problem[]
}

/** The faults that a rule's samples show; none if `match` itself has a fault, since the samples then prove nothing. */
function proofOf({ problems, prove }: Compiled): readonly Problem[] {
  return problems.some(({ path }) => path[0] === 'match') ? [] : prove()
}

function compile(
  definition: RuleDefinition,
  generations: Generations,
  known: readonly string[] | undefined,
): Compiled {
  if ('match' in definition) {
    if (known !== undefined) {
      return { rule: provenRule(definition, generations, known), problems: [], prove: () => [] }
    }
    const { rule, problems } = compileRule(definition, generations)
    return { rule, problems, prove: () => sampleProblems(rule) }
  }
  const correlation = compileCorrelation(definition)
  return { correlation, problems: [], prove: () => storyProblems(correlation) }
}
