import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { usageError } from '../errors.ts'
import { type Generations, NO_GENERATIONS } from '../product-versions.ts'
import { type Fault, faultText, yamlFilesIn } from '../yaml-file.ts'
import type { Correlation } from './correlation.ts'
import { newReading, type Reading, readRules, readRuleText } from './read-rules.ts'
import type { Rule } from './rule.ts'
import { logicOf, type RuleLogic, versionOf } from './rule-logic.ts'
import { type KnownPlaces, placeFaults, referenceFaults } from './rule-references.ts'

export type RuleSet = {
  /** Rules about records. */
  readonly rules: readonly Rule[]
  /** Rules about events. */
  readonly correlations: readonly Correlation[]
  /** Short hash of everything that decides verdicts; order, titles and explanations do not count. */
  readonly version: string
  /** By id: version and short hash of what decides the rule's verdicts. */
  readonly logic: RuleLogic
  /** The file that contains the rule with this id; '' if there is none. */
  readonly file: (id: string) => string
  /** A fault of the rule with this id, at the key to which `path` leads in its definition. */
  readonly fault: (id: string, path: readonly PropertyKey[], message: string) => Fault
}

/**
 * A set of rules, or everything wrong with it, with places. If nothing but samples fail, `unproven` is the set, to be looked
 * at and not to be used.
 */
type ReadSet =
  | { readonly set: RuleSet }
  | { readonly faults: readonly Fault[]; readonly unproven: RuleSet | undefined }

/**
 * Loads every rule file below `signatures` of each directory; throws one error with all faults of all files. A rule that
 * fails its own samples is a fault.
 */
export function loadRules(dirs: readonly string[], generations: Generations = NO_GENERATIONS): RuleSet {
  const read = readRuleSet(dirs, generations)
  if ('faults' in read) throw refused(read.faults)
  return read.set
}

/** The same for checking rules. If `known` is given, unknown names of sources and profiles are faults, too. */
export function readRuleSet(dirs: readonly string[], generations: Generations, known?: KnownPlaces): ReadSet {
  const reading = newReading(generations)
  for (const file of dirs.flatMap(ruleFiles)) readRules(file, reading)
  const { loaded, broken, ids } = reading
  const written = [
    ...loaded.map(({ definition, place }) => ({ id: definition.id, value: definition, place })),
    ...broken,
  ]
  const faults = [
    ...reading.faults,
    ...referenceFaults(written, ids),
    ...(known === undefined ? [] : placeFaults(written, known)),
  ]
  const all = [...faults, ...reading.failed].toSorted(byPlace)
  if (all.length === 0) return { set: setOf(loaded) }
  return { faults: all, unproven: faults.length === 0 ? setOf(loaded) : undefined }
}

function setOf(loaded: Reading['loaded']): RuleSet {
  // Not the definitions themselves: most of what they say is for commands on rules, and a service would keep it forever.
  const origins = new Map(loaded.map(({ file, place, definition }) => [definition.id, { file, place }]))
  const logic = logicOf(loaded.map(({ definition }) => definition))
  return {
    logic,
    rules: loaded.flatMap(({ compiled }) => compiled.rule ?? []),
    correlations: loaded.flatMap(({ compiled }) => compiled.correlation ?? []),
    version: versionOf(logic),
    file: (id) => origins.get(id)?.file ?? '',
    fault: (id, path, message) =>
      origins.get(id)?.place(path, message) ?? { file: '', line: 0, column: 0, message: `${id}: ${message}` },
  }
}

/** Rules about records in the text of one file, whatever they refer to; throws one error with all its faults. */
export function rulesInText(file: string, text: string, generations: Generations): readonly Rule[] {
  const reading = newReading(generations)
  readRuleText(file, text, reading)
  const faults = [...reading.faults, ...reading.failed]
  if (faults.length > 0) throw refused(faults.toSorted(byPlace))
  return reading.loaded.flatMap(({ compiled }) => compiled.rule ?? [])
}

function refused(faults: readonly Fault[]) {
  const text = faults.map(faultText).join('\n')
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
  return yamlFilesIn(join(dir, 'signatures'), 'deep')
}

function byPlace(a: Fault, b: Fault): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.line - b.line || a.column - b.column
}
