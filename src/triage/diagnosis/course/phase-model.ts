import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Duration } from '../../../duration.ts'
import { errorText, usageError } from '../../../errors.ts'
import { PHASES, Slug } from '../../../interpret/rule-parts.ts'
import { type Fault, faultText, parseYaml } from '../../../yaml-file.ts'

const RuleIds = z.array(Slug).default([])

const Step = z.strictObject({
  phase: z.enum(PHASES),
  /** Kinds of files that tell of it. */
  sources: z.array(Slug).min(1),
  begin: RuleIds,
  /** Nobody writes these unless the step worked. */
  done: RuleIds,
  /** Written at the end of the step, whether it worked or not. */
  claims: RuleIds,
  /** Those of `done` and `claims` that say that the step is not needed. */
  none: RuleIds,
  /** Somebody wanted the desktop and found no way to it; counts if that went on so long after it had worked. */
  refused: z.array(z.strictObject({ rule: Slug, for: Duration.default(0) })).default([]),
  /** Not every desktop has it. */
  optional: z.boolean().default(false),
  /** Goes on beside the others: what is proven here proves nothing there. */
  beside: z.boolean().default(false),
  /** How long it takes when all is well. */
  usual: Duration,
  /** A silence longer than this means that it does not go on. */
  silent: Duration.default(15 * 60_000),
})

/** Something that a script tries until it works: rules that tell of its begin, of another try, and that it worked. */
const Retry = z.strictObject({ begin: Slug, again: Slug, done: Slug })

const PhaseFile = z.strictObject({
  id: Slug,
  title: z.string().min(1),
  profiles: z.array(Slug).min(1),
  os: z.enum(['linux', 'windows']),
  steps: z.array(Step).min(1),
  retries: z.array(Retry).default([]),
})

export type Retry = z.infer<typeof Retry>
/** One phase in the life of a desktop and the rules whose events tell of it. */
export type Step = z.infer<typeof Step>
/** The phases of desktops of some profiles, in their order. */
export type PhaseModel = z.infer<typeof PhaseFile>

/** Reads `phases/*.yaml` of all folders of rules; throws one error with all faults. A later folder replaces by id. */
export function loadPhases(dirs: readonly string[], ruleIds: ReadonlySet<string>): readonly PhaseModel[] {
  const faults: Fault[] = []
  const models = new Map<string, PhaseModel>()
  for (const file of dirs.flatMap(filesOf)) {
    const parsed = parseYaml(file, textOf(file, faults), PhaseFile)
    if (!parsed.ok) {
      faults.push(...parsed.faults)
      continue
    }
    models.set(parsed.value.id, parsed.value)
    for (const [path, id] of rulesIn(parsed.value))
      if (!ruleIds.has(id)) faults.push({ ...parsed.place(path), message: `${id} is the id of no rule` })
  }
  if (faults.length === 0) return [...models.values()]
  throw usageError('E_PHASES', faults.map(faultText).join('\n'), 'Correct the phases named above.')
}

/** The rules that phases name, each with the path of keys to it. */
function* rulesIn({ steps, retries }: PhaseModel): Generator<[path: PropertyKey[], id: string]> {
  for (const [index, step] of steps.entries()) {
    for (const key of ['begin', 'done', 'claims', 'none'] as const)
      for (const [at, id] of step[key].entries()) yield [['steps', index, key, at], id]
    for (const [at, { rule }] of step.refused.entries()) yield [['steps', index, 'refused', at, 'rule'], rule]
  }
  for (const [index, retry] of retries.entries())
    for (const key of ['begin', 'again', 'done'] as const) yield [['retries', index, key], retry[key]]
}

/** The phases of a desktop; those of plain hosts where its profile has none. */
export function phasesOf(
  models: readonly PhaseModel[],
  profile: string,
  os: PhaseModel['os'],
): PhaseModel | undefined {
  const fitting = models.filter((model) => model.os === os)
  return (
    fitting.find(({ profiles }) => profiles.includes(profile)) ??
    fitting.find(({ profiles }) => profiles.includes('host'))
  )
}

function filesOf(dir: string): string[] {
  const folder = join(dir, 'phases')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => /\.ya?ml$/.test(name))
    .sort()
    .map((name) => join(folder, name))
}

function textOf(file: string, faults: Fault[]): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    faults.push({ file, line: 1, column: 1, message: errorText(error) })
    return ''
  }
}
