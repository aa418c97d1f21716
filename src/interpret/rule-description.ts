import type { Layer, Phase, Severity } from '../model.ts'
import { type Generations, mayBeIn, mustBeIn, rangeInWords } from '../product-versions.ts'
import type { RuleDefinition } from './rule-schema.ts'

/** What identifies a rule, and what it says to people; the same for rules about records and about events. */
export type RuleDescription = {
  readonly id: string
  readonly version: number
  readonly status: 'draft' | 'experimental' | 'stable' | 'deprecated'
  /** For a deprecated rule, if given; otherwise ''. */
  readonly deprecatedOn: string
  readonly replacedBy: string
  /** For people who see no captures: without placeholders. */
  readonly title: string
  /** The title as the rule has it, for {@link titleWith}. */
  readonly titlePattern: string
  readonly severity: Severity
  readonly layer: Layer | ''
  readonly phase: Phase | ''
  readonly explain: string
  readonly remedy: readonly Remedy[]
  readonly causedBy: readonly string[]
  /** It only reports that something failed: the cause is before it in its log, or in another log at that time. */
  readonly reports: boolean
  /** A script that meets this failure waits until it is over: a desktop that goes silent after it is stalled, not failed. */
  readonly hangs: boolean
  /** While it lasts, desktops of the cluster that nobody has reached yet count as failed, however well it is. */
  readonly cutsOff: boolean
  readonly related: readonly { readonly type: string; readonly id: string }[]
  readonly references: readonly string[]
  readonly provenance: 'verified' | 'observed' | 'inferred' | ''
  readonly falsePositives: string
}

/** Steps in order; without `versions` they apply to all. */
type Remedy = { readonly versions?: string | undefined; readonly steps: readonly string[] }

/** The part of a definition that all rules share. */
export function descriptionOf(definition: RuleDefinition): RuleDescription {
  return {
    id: definition.id,
    version: definition.version,
    status: definition.status,
    deprecatedOn: definition.deprecated_on ?? '',
    replacedBy: definition.replaced_by ?? '',
    title: titleWith({ titlePattern: definition.title }, {}),
    titlePattern: definition.title,
    severity: definition.severity ?? 'info',
    layer: definition.layer ?? '',
    phase: definition.phase ?? '',
    explain: definition.explain ?? '',
    remedy: definition.remedy,
    causedBy: definition.caused_by,
    reports: definition.reports,
    hangs: definition.hangs,
    cutsOff: definition.cuts_off,
    related: definition.related,
    references: definition.references,
    provenance: definition.provenance ?? '',
    falsePositives: definition.false_positives ?? '',
  }
}

/**
 * What to do if logs of this profile are written, with captures filled in. A step that applies to only some of the profile's
 * versions says to which.
 */
export function remedySteps(
  { remedy }: RuleDescription,
  profile: string,
  generations: Generations,
  captures: Readonly<Record<string, string>>,
): string[] {
  return remedy
    .filter(({ versions }) => versions === undefined || mayBeIn(versions, profile, generations))
    .flatMap(({ versions, steps }) => {
      const isCertain = versions !== undefined && mustBeIn(versions, profile, generations)
      return namedSteps(isCertain ? { steps } : { versions, steps }).map((step) => filledIn(step, captures))
    })
}

/** The steps of a remedy, each with the versions to which it applies. */
export function namedSteps({ versions, steps }: Remedy): readonly string[] {
  if (versions === undefined) return steps
  const words = rangeInWords(versions)
  return steps.map((step) => `${words.charAt(0).toUpperCase()}${words.slice(1)}: ${step}`)
}

/**
 * The title of a rule with captures filled in. A parenthesis or an end after a colon of which a value is unknown is left out;
 * an unknown value elsewhere is shown as `…`. No placeholder is ever shown.
 */
export function titleWith(
  { titlePattern }: Pick<RuleDescription, 'titlePattern'>,
  captures: Readonly<Record<string, string>>,
): string {
  const isUnknown = ([, name = '']: RegExpMatchArray) => captures[name] === undefined
  return titlePattern
    .replace(DISPENSABLE, (part) => ([...part.matchAll(PLACEHOLDER)].some(isUnknown) ? '' : part))
    .replace(PLACEHOLDER, (_, name: string) => captures[name] ?? '…')
}

/** ` (…)`, and `: …` at the end. */
const DISPENSABLE = / \([^()]*\)|: [^:]*$/g

/** Replaces `{names}` by captured values; unknown names stay as they are, and so does a shell's `${NAME}`. */
export function filledIn(text: string, captures: Readonly<Record<string, string>>): string {
  return text.replace(PLACEHOLDER, (whole, name: string) => captures[name] ?? whole)
}

export const PLACEHOLDER = /(?<!\$)\{([A-Za-z_]\w*)\}/g
