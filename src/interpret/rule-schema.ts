import { z } from 'zod'

/** What a file of `rules/signatures` may hold. Shorthands are widened here, so code sees one shape. */

const SEVERITIES = ['info', 'warning', 'error', 'critical'] as const
const LAYERS = ['product', 'environment', 'dcv', 'driver', 'user'] as const
const LEVEL_NAMES = ['debug', 'info', 'warn', 'error', 'fatal'] as const
const PHASES = [
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
const CAPTURE_TYPES = [
  'text',
  'host',
  'ip',
  'int',
  'path',
  'session',
  'user',
  'uuid',
  'instance',
  'arn',
] as const

const Text = z.string().trim().min(1)
const Slug = z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, 'not in kebab-case')
const Slugs = z.array(Slug).min(1)
/** One or a list of them. */
const Literals = z.preprocess(
  (value) => (typeof value === 'string' ? [value] : value),
  z.array(z.string().min(1)).min(1),
)

/** What a record's text must be like; all of the given parts hold together. */
export type Condition = {
  /** One of them must be contained. */
  readonly literal?: readonly string[] | undefined
  readonly regex?: string | undefined
  readonly flags?: 'i' | 's' | 'is' | 'si' | undefined
  readonly any?: readonly Condition[] | undefined
  readonly all?: readonly Condition[] | undefined
  readonly not?: readonly Condition[] | undefined
}

const Conditions: z.ZodType<readonly Condition[]> = z.lazy(() => z.array(ConditionSchema).min(1))

const conditionKeys = {
  literal: Literals.optional(),
  regex: z.string().min(1).optional(),
  flags: z.enum(['i', 's', 'is', 'si']).optional(),
  any: Conditions.optional(),
  all: Conditions.optional(),
  not: Conditions.optional(),
}

const ConditionSchema: z.ZodType<Condition> = z
  .strictObject(conditionKeys)
  .refine(hasPositive, 'needs one of literal, regex, any, all')

const Match = z
  .strictObject({
    ...conditionKeys,
    level: z
      .preprocess(
        (value) => (typeof value === 'string' ? [value] : value),
        z.array(z.enum(LEVEL_NAMES)).min(1),
      )
      .optional(),
    after: z.strictObject({ literal: z.string().min(1), lines: z.int().min(1).max(1000) }).optional(),
  })
  .refine(
    (match) => match.after !== undefined || hasPositive(match),
    'needs one of literal, regex, any, all, after',
  )

function hasPositive(condition: Condition): boolean {
  return [condition.literal, condition.regex, condition.any, condition.all].some((part) => part !== undefined)
}

const Source = z.preprocess(
  (value) =>
    typeof value === 'string' ? { kinds: [value] } : Array.isArray(value) ? { kinds: value } : value,
  z.strictObject({ kinds: Slugs.optional(), not: Slugs.optional(), profiles: Slugs.optional() }),
)

/** Numbers in YAML are meant as the text they stand for. */
const CaptureValue = z.union([z.string(), z.number(), z.boolean()]).transform(String)

const Sample = z.preprocess(
  (value) => (typeof value === 'string' ? { line: value } : value),
  z.strictObject({
    /** A whole record; the newline that ends a YAML block is no part of it. */
    line: z.string().transform((line) => line.replace(/\n+$/, '')),
    source: Slug.optional(),
    profile: Slug.optional(),
    level: z.enum(LEVEL_NAMES).optional(),
    before: z.array(z.string()).optional(),
    captures: z.record(z.string(), CaptureValue).optional(),
  }),
)

export const RuleDefinition = z
  .strictObject({
    id: Slug,
    version: z.int().min(1),
    status: z.enum(['draft', 'experimental', 'stable', 'deprecated']),
    title: Text,
    severity: z.enum(SEVERITIES).optional(),
    layer: z.enum(LAYERS).optional(),
    phase: z.enum(PHASES).optional(),
    type: z.enum(['event', 'condition']).default('event'),
    milestone: z.enum(['begin', 'done', 'failed']).optional(),
    benign: z.boolean().default(false),
    echo: z.boolean().default(false),
    source: Source.optional(),
    match: Match,
    captures: z.record(z.string(), z.enum(CAPTURE_TYPES)).default({}),
    explain: Text.optional(),
    remedy: z.array(Text).default([]),
    caused_by: z.array(Slug).default([]),
    references: z.array(z.url()).default([]),
    provenance: z.enum(['verified', 'observed', 'inferred']).optional(),
    false_positives: Text.optional(),
    samples: z.strictObject({ match: z.array(Sample).min(1), no_match: z.array(Sample).min(1) }),
  })
  .superRefine((rule, context) => {
    if (rule.benign && rule.milestone) {
      context.addIssue({ code: 'custom', path: ['milestone'], message: 'a benign rule makes no milestone' })
    }
    for (const key of ['severity', 'layer', 'phase', 'explain'] as const) {
      if (!rule.benign && rule[key] === undefined) {
        context.addIssue({
          code: 'custom',
          path: [],
          message: `${key}: missing (only benign rules go without)`,
        })
      }
    }
  })

/** A file is one rule, or a family of them below `rules`. */
export const RuleFamily = z.strictObject({ rules: z.array(RuleDefinition).min(1) })

export type SampleDefinition = z.infer<typeof Sample>
export type RuleDefinition = z.infer<typeof RuleDefinition>
export type CaptureType = (typeof CAPTURE_TYPES)[number]
