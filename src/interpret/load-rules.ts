import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorText, usageError } from '../errors.ts'
import { type Fault, faultText, parseYaml } from '../yaml-file.ts'
import { compileRule, type Rule } from './rule.ts'
import { sampleProblems } from './rule-samples.ts'
import { RuleDefinition, RuleFamily } from './rule-schema.ts'

export type RuleSet = {
  readonly rules: readonly Rule[]
  /** Short hash of all that decides which verdicts the rules give; of no order, title or explanation. */
  readonly version: string
}

/** A rule and where it stands. */
type Loaded = {
  readonly rule: Rule
  readonly definition: RuleDefinition
  readonly place: (path: readonly PropertyKey[], message: string) => Fault
}

/**
 * Loads every rule file below `signatures` of each directory; throws one error with all faults of all files.
 * A rule that fails its own samples is a fault.
 */
export function loadRules(dirs: readonly string[]): RuleSet {
  const faults: Fault[] = []
  const loaded: Loaded[] = []
  const ids = new Set<string>()
  for (const file of dirs.flatMap(ruleFiles)) readRules(file, { loaded, faults, ids })
  faults.push(...idFaults(loaded, ids))
  if (faults.length > 0) {
    const text = faults.toSorted(byPlace).map(faultText).join('\n')
    throw usageError('E_RULES', text, 'Correct the rules named above; none of the set was loaded.')
  }
  return { rules: loaded.map(({ rule }) => rule), version: versionOf(loaded) }
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

type Reading = { readonly loaded: Loaded[]; readonly faults: Fault[]; readonly ids: Set<string> }

function readRules(file: string, { loaded, faults, ids }: Reading): void {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    faults.push({ file, line: 1, column: 1, message: errorText(error) })
    return
  }
  const family = /^rules *:/m.test(text)
  const parsed = family ? parseYaml(file, text, RuleFamily) : parseYaml(file, text, RuleDefinition)
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
    const { rule, problems } = compileRule(definition)
    const all = problems.length > 0 || parsed.proven ? problems : sampleProblems(rule)
    faults.push(...all.map((problem) => place(problem.path, problem.message)))
    loaded.push({ rule, definition, place })
  }
}

/** Faults that only the whole set shows. */
function idFaults(loaded: readonly Loaded[], otherIds: ReadonlySet<string>): Fault[] {
  const first = new Map<string, Loaded>()
  const faults: Fault[] = []
  for (const entry of loaded) {
    const { id } = entry.rule
    const known = first.get(id)?.place(['id'], '')
    if (known === undefined) first.set(id, entry)
    else faults.push(entry.place(['id'], `this id is taken, see ${known.file}:${known.line}`))
  }
  for (const { rule, place } of loaded) {
    for (const [index, id] of rule.causedBy.entries()) {
      if (first.has(id) || otherIds.has(id)) continue
      faults.push(place(['caused_by', index], `caused_by names no rule: ${id}`))
    }
  }
  return faults
}

function byPlace(a: Fault, b: Fault): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1
  return a.line - b.line || a.column - b.column
}

function versionOf(loaded: readonly Loaded[]): string {
  const logic = loaded
    .map(
      ({
        definition: { id, version, status, match, source, captures, echo, benign, milestone, ...rest },
      }) => {
        const { severity, layer, phase, type } = rest
        const parts = { match, source, captures, echo, benign, milestone, severity, layer, phase, type }
        return JSON.stringify([id, version, status === 'deprecated', parts])
      },
    )
    .sort()
  return createHash('sha256').update(logic.join('\n')).digest('hex').slice(0, 12)
}
