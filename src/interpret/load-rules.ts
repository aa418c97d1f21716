import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorText, usageError } from '../errors.ts'
import { type Generations, NO_GENERATIONS } from '../product-versions.ts'
import { type Fault, faultText, parseYaml } from '../yaml-file.ts'
import type { Problem } from './condition.ts'
import { type Correlation, compileCorrelation, storyProblems } from './correlation.ts'
import { shippedNeedles } from './regex-facts.ts'
import { compileRule, provenRule, type Rule } from './rule.ts'
import { logicOf, type RuleLogic, versionOf } from './rule-logic.ts'
import { referenceFaults } from './rule-references.ts'
import { sampleProblems } from './rule-samples.ts'
import { AnyRule, type RuleDefinition, RuleFamily } from './rule-schema.ts'

export type RuleSet = {
  /** About records. */
  readonly rules: readonly Rule[]
  /** About events. */
  readonly correlations: readonly Correlation[]
  /** Short hash of all that decides which verdicts the rules give; of no order, title or explanation. */
  readonly version: string
  /** By id: version and short hash of what decides the rule's verdicts. */
  readonly logic: RuleLogic
  /** The file that holds the rule with this id; '' if there is none. */
  readonly file: (id: string) => string
  /** A fault of the rule with this id, at the key where `path` leads in its definition. */
  readonly fault: (id: string, path: readonly PropertyKey[], message: string) => Fault
}

/** A rule and where it stands. */
type Loaded = {
  readonly file: string
  readonly compiled: Compiled
  readonly definition: RuleDefinition
  readonly place: (path: readonly PropertyKey[], message: string) => Fault
}

/**
 * Loads every rule file below `signatures` of each directory; throws one error with all faults of all files.
 * A rule that fails its own samples is a fault.
 */
export function loadRules(dirs: readonly string[], generations: Generations = NO_GENERATIONS): RuleSet {
  const faults: Fault[] = []
  const loaded: Loaded[] = []
  const ids = new Set<string>()
  for (const file of dirs.flatMap(ruleFiles)) readRules(file, { loaded, faults, ids, generations })
  faults.push(...referenceFaults(loaded, ids))
  if (faults.length > 0) throw refused(faults)
  const files = new Map(loaded.map(({ file, definition }) => [definition.id, file]))
  const logic = logicOf(loaded.map(({ definition }) => definition))
  return {
    logic,
    rules: loaded.flatMap(({ compiled }) => compiled.rule ?? []),
    correlations: loaded.flatMap(({ compiled }) => compiled.correlation ?? []),
    version: versionOf(logic),
    file: (id) => files.get(id) ?? '',
    fault: (id, path, message) => {
      const entry = loaded.find(({ definition }) => definition.id === id)
      return entry?.place(path, message) ?? { file: '', line: 0, column: 0, message: `${id}: ${message}` }
    },
  }
}

/** Rules about records of one file, whatever they refer to; throws one error with all its faults. */
export function loadRuleFile(file: string): readonly Rule[] {
  const reading: Reading = { loaded: [], faults: [], ids: new Set(), generations: NO_GENERATIONS }
  readRules(file, reading)
  if (reading.faults.length > 0) throw refused(reading.faults)
  return reading.loaded.flatMap(({ compiled }) => compiled.rule ?? [])
}

function refused(faults: readonly Fault[]) {
  const text = faults.toSorted(byPlace).map(faultText).join('\n')
  return usageError('E_RULES', text, 'Correct the rules named above; none of the set was loaded.')
}

function ruleFiles(dir: string): string[] {
  if (!existsSync(dir)) {
    throw usageError(
      'E_RULES',
      `${dir}: no such directory of rules`,
      'Give the folder that holds `signatures`.',
    )
  }
  const below = join(dir, 'signatures')
  if (!existsSync(below)) return []
  const names = readdirSync(below, { recursive: true, encoding: 'utf8' })
  return names
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(below, name))
}

type Reading = {
  readonly loaded: Loaded[]
  readonly faults: Fault[]
  readonly ids: Set<string>
  readonly generations: Generations
}

function readRules(file: string, { loaded, faults, ids, generations }: Reading): void {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    faults.push({ file, line: 1, column: 1, message: errorText(error) })
    return
  }
  const family = /^rules *:/m.test(text)
  const parsed = family ? parseYaml(file, text, RuleFamily) : parseYaml(file, text, AnyRule)
  if (!parsed.ok) {
    faults.push(...parsed.faults)
    // So that references to them are not faults too.
    for (const [, id = ''] of text.matchAll(/^[ -]*id: *([a-z0-9-]+)/gm)) ids.add(id)
    return
  }
  const definitions = 'rules' in parsed.value ? parsed.value.rules : [parsed.value]
  for (const [index, definition] of definitions.entries()) {
    const prefix = family ? ['rules', index] : []
    const place = (path: readonly PropertyKey[], message: string) => ({
      ...parsed.place([...prefix, ...path]),
      message: `${definition.id}: ${message}`,
    })
    const compiled = compile(
      definition,
      generations,
      parsed.proven ? shippedNeedles(definition.id) : undefined,
    )
    const problems = compiled.problems.length > 0 || parsed.proven ? compiled.problems : compiled.prove()
    faults.push(...problems.map((problem) => place(problem.path, problem.message)))
    loaded.push({ file, compiled, definition, place })
  }
}

type Compiled = {
  readonly rule?: Rule
  readonly correlation?: Correlation
  readonly problems: readonly Problem[]
  /** Tries it on its own samples. */
  prove(): readonly Problem[]
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

function byPlace(a: Fault, b: Fault): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.line - b.line || a.column - b.column
}
