import { z } from 'zod'
import { isVersionRange } from '../product-versions.ts'

/** The parts of a file in `rules/signatures`. Short forms are expanded here, so code sees one shape. */

const SEVERITIES = ['info', 'warning', 'error', 'critical'] as const
const LAYERS = ['product', 'environment', 'dcv', 'driver', 'user'] as const
export const LEVEL_NAMES = ['debug', 'info', 'warn', 'error', 'fatal'] as const
export const PHASES = [
  'launch',
  'user-data',
  'mount',
  'setup',
  'identity',
  'reboot',
  'gpu',
  'dcv-install',
  'session',
  'load-balancer',
  'connect',
] as const

const Text = z.string().trim().min(1)
export const Slug = z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'not in kebab-case')
export const Slugs = z.array(Slug).min(1)

const Versions = z.string().refine(isVersionRange, 'not a range of versions, as ">=24.10 <25.3"')

/** Short forms that editors may offer, as JSON Schemas, by the schema that also accepts the long form. */
export const SHORTHANDS = new Map<unknown, readonly Form[]>()
type Form = { readonly type: 'string' | 'array'; readonly items?: { readonly type: 'string' } }

/** A schema that accepts short forms, too; `widen` expands them. */
export function orShort<Schema extends z.ZodType>(
  widen: (value: unknown) => unknown,
  schema: Schema,
  forms: readonly Form[],
) {
  const widened = z.preprocess(widen, schema)
  SHORTHANDS.set(widened, forms)
  return widened
}

export const Source = orShort(
  (value) =>
    typeof value === 'string' ? { kinds: [value] } : Array.isArray(value) ? { kinds: value } : value,
  z.strictObject({
    kinds: Slugs.optional(),
    not: Slugs.optional(),
    profiles: Slugs.optional(),
    /** Versions of the product; a file of unknown version is accepted. */
    versions: Versions.optional(),
  }),
  [{ type: 'string' }, { type: 'array', items: { type: 'string' } }],
)

/** A step, or steps that apply to some versions only. */
const Remedy = orShort(
  (value) => (typeof value === 'string' ? { steps: [value] } : value),
  z.strictObject({ versions: Versions.optional(), steps: z.array(Text).min(1) }),
  [{ type: 'string' }],
)

const Related = z.strictObject({
  type: z.enum(['renamed', 'merged', 'obsolete', 'derived', 'similar']),
  id: Slug,
})

/** The rule syntax that this program knows; a rule that needs a later one is refused rather than misread. */
const ENGINE = 1

/** The keys that every rule has, whatever it looks at. */
export const DESCRIPTION = {
  /** The minimum rule syntax that it needs. */
  engine: z
    .int()
    .min(1)
    .max(ENGINE, `a newer dcvlens is needed: this one knows the syntax of rules up to ${ENGINE}`)
    .optional(),
  id: Slug,
  version: z.int().min(1),
  status: z.enum(['draft', 'experimental', 'stable', 'deprecated']),
  /** For a deprecated rule: since when, and which rule to use instead. */
  deprecated_on: z.iso.date('not a day, as 2026-03-01').optional(),
  replaced_by: Slug.optional(),
  title: Text,
  severity: z.enum(SEVERITIES).optional(),
  layer: z.enum(LAYERS).optional(),
  phase: z.enum(PHASES).optional(),
  explain: Text.optional(),
  remedy: z.array(Remedy).default([]),
  caused_by: z.array(Slug).default([]),
  /** It only reports that something failed; the cause is before it in its log, or in another log at that time. */
  reports: z.boolean().default(false),
  /** What meets it waits for as long as it lasts: a desktop that goes silent then hangs, and has not failed yet. */
  hangs: z.boolean().default(false),
  /** While it lasts, desktops of the cluster that nobody has reached yet count as failed, however well it is. */
  cuts_off: z.boolean().default(false),
  related: z.array(Related).default([]),
  references: z.array(z.url()).default([]),
  provenance: z.enum(['verified', 'observed', 'inferred']).optional(),
  false_positives: Text.optional(),
}

type Refined = Partial<
  Record<'severity' | 'layer' | 'phase' | 'explain' | 'deprecated_on' | 'replaced_by', string | undefined>
> & { status?: string; benign?: boolean; general?: boolean }

/**
 * Refines a rule: one that raises events needs a cause, a severity and (unless general) a phase; only a deprecated one may
 * have a date of deprecation.
 */
export function needed(rule: Refined, context: z.RefinementCtx): void {
  for (const key of ['deprecated_on', 'replaced_by'] as const) {
    if (rule[key] === undefined || rule.status === 'deprecated') continue
    context.addIssue({ code: 'custom', path: [key], message: 'only of a rule whose status is deprecated' })
  }
  if (rule.benign === true) return
  for (const key of ['severity', 'layer', 'phase', 'explain'] as const) {
    if (rule[key] !== undefined || (rule.general === true && key === 'phase')) continue
    context.addIssue({ code: 'custom', path: [], message: `${key}: missing (only benign rules go without)` })
  }
}
