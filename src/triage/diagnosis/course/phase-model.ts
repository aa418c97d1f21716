import { join } from 'node:path'
import { z } from 'zod'
import { Duration } from '../../../duration.ts'
import { usageError } from '../../../errors.ts'
import { PHASES, Slug } from '../../../interpret/rule-parts.ts'
import { type Fault, faultText, parseYaml, textOrFault, yamlFilesIn } from '../../../yaml-file.ts'

const RuleIds = z.array(Slug).default([])

const Step = z.strictObject({
  phase: z.enum(PHASES),
  /** Kinds of files that report on this step. */
  sources: z.array(Slug).min(1),
  begin: RuleIds,
  /** Rules whose events prove that the step worked. */
  done: RuleIds,
  /** Rules whose events mark the end of the step, whether it worked or not. */
  claims: RuleIds,
  /** Those of `done` and `claims` that say that the step is not needed. */
  none: RuleIds,
  /**
   * The phase in whose middle this step is logged, in a few lines. A failure among them belongs to that phase, unless it
   * names this step's own.
   */
  inside: z.enum(PHASES).optional(),
  /**
   * Only these make a critical failure of the step good afterwards, besides its own end (unless they are some of those that
   * prove it); if empty, any sign of a working desktop.
   */
  proven_by: RuleIds,
  /** Somebody tried to reach the desktop and could not; counts if it went on for this long after the desktop had worked. */
  refused: z.array(z.strictObject({ rule: Slug, for: Duration.default(0) })).default([]),
  /** After these, the bootstrap goes on when the step is over: until then, what it has claimed before does not count. */
  goes_on: RuleIds,
  /** Where scripts need not write again: these show that the desktop is up, if they come a minute after its begin. */
  up_by: RuleIds,
  /** Not every desktop has this step. */
  optional: z.boolean().default(false),
  /** Runs in parallel to the other steps: what is proven here proves nothing about them. */
  beside: z.boolean().default(false),
  /** How long the step normally takes. */
  usual: Duration,
  /** A longer silence means that the step is stuck. */
  silent: Duration.default(15 * 60_000),
})

/** Something that a script tries until it works: rules for its begin, for another try, and for its success. */
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
/** One phase in the life of a desktop, and the rules whose events report on it. */
export type Step = z.infer<typeof Step>
/** The phases of the desktops of some profiles, in order. */
export type PhaseModel = z.infer<typeof PhaseFile>

/**
 * Reads `phases/*.yaml` of all rule folders; throws one error that lists all faults. A later folder replaces models of the
 * same id.
 */
export function loadPhases(dirs: readonly string[], ruleIds: ReadonlySet<string>): readonly PhaseModel[] {
  const faults: Fault[] = []
  const models = new Map<string, PhaseModel>()
  for (const file of dirs.flatMap((dir) => yamlFilesIn(join(dir, 'phases')))) {
    const text = textOrFault(file, faults)
    if (text === undefined) continue
    const parsed = parseYaml(file, text, PhaseFile)
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

/** The rules that a phase model refers to, each with the path of keys to it. */
function* rulesIn({ steps, retries }: PhaseModel): Generator<[path: PropertyKey[], id: string]> {
  for (const [index, step] of steps.entries()) {
    for (const key of ['begin', 'done', 'claims', 'none', 'proven_by', 'goes_on', 'up_by'] as const)
      for (const [at, id] of step[key].entries()) yield [['steps', index, key, at], id]
    for (const [at, { rule }] of step.refused.entries()) yield [['steps', index, 'refused', at, 'rule'], rule]
  }
  for (const [index, retry] of retries.entries())
    for (const key of ['begin', 'again', 'done'] as const) yield [['retries', index, key], retry[key]]
}

/** The phases of a desktop; those of plain hosts if its profile has none. */
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
