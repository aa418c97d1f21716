import { z } from 'zod'
import { Duration } from '../duration.ts'
import { Absence, type CorrelationDefinition, Sequence, Threshold } from './correlation-schema.ts'
import { isRawMap } from './raw-map.ts'
import { DESCRIPTION, LEVEL_NAMES, needed, orShort, SHORTHANDS, Slug, Slugs, Source } from './rule-parts.ts'

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

/** One string or a list of strings. */
const Literals = orShort(
  (value) => (typeof value === 'string' ? [value] : value),
  z.array(z.string().min(1)).min(1),
  [{ type: 'string' }],
)

/** What a record's text must be like; all given parts must hold. */
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
    level: orShort(
      (value) => (typeof value === 'string' ? [value] : value),
      z.array(z.enum(LEVEL_NAMES)).min(1),
      [{ type: 'string' }],
    ).optional(),
    after: z.strictObject({ literal: z.string().min(1), lines: z.int().min(1).max(1000) }).optional(),
  })
  .refine(
    (match) => match.after !== undefined || hasPositive(match),
    'needs one of literal, regex, any, all, after',
  )

function hasPositive(condition: Condition): boolean {
  return [condition.literal, condition.regex, condition.any, condition.all].some((part) => part !== undefined)
}

/** Numbers in YAML mean the text they stand for. */
const CaptureValue = z.union([z.string(), z.number(), z.boolean()]).transform(String)

const Sample = orShort(
  (value) => (typeof value === 'string' ? { line: value } : value),
  z.strictObject({
    /** A whole record; the newline that ends a YAML block is not part of it. */
    line: z.string().transform((line) => line.replace(/\n+$/, '')),
    source: Slug.optional(),
    profile: Slug.optional(),
    level: z.enum(LEVEL_NAMES).optional(),
    before: z.array(z.string()).optional(),
    captures: z.record(z.string(), CaptureValue).optional(),
  }),
  [{ type: 'string' }],
)

/** A rule about single records. */
const LineRule = z
  .strictObject({
    ...DESCRIPTION,
    type: z.enum(['event', 'condition']),
    milestone: z.enum(['begin', 'done', 'failed']).optional(),
    benign: z.boolean().default(false),
    /** Tried only on what looks like a failure and no other rule matches. */
    general: z.boolean().default(false),
    echo: z.boolean().default(false),
    source: Source.optional(),
    match: Match,
    captures: z.record(z.string(), z.enum(CAPTURE_TYPES)).default({}),
    /** For a condition: what ends it, and after how long a silence it ends. */
    clears_on: Slugs.optional(),
    within: Duration.optional(),
    samples: z.strictObject({ match: z.array(Sample).min(1), no_match: z.array(Sample).min(1) }),
  })
  .superRefine(needed)
  .superRefine((rule, context) => {
    const fault = (path: PropertyKey[], message: string) =>
      context.addIssue({ code: 'custom', path, message })
    if (rule.benign && rule.milestone) fault(['milestone'], 'a benign rule makes no milestone')
    if (rule.general && (rule.benign || rule.milestone || rule.match.after)) {
      fault(['general'], 'a general rule is a signature, and looks at one record')
    }
    for (const key of ['clears_on', 'within'] as const) {
      if (rule[key] !== undefined && rule.type !== 'condition') fault([key], 'only a condition ends')
    }
  })

const TypedRule = z.discriminatedUnion('type', [LineRule, Absence, Sequence, Threshold])

/** A rule about records or about events; without a type, about single records. */
export const AnyRule = z.preprocess(
  (value) => (isRawMap(value) && value['type'] === undefined ? { ...value, type: 'event' } : value),
  TypedRule,
)

/** A file is one rule, or a family of them below `rules`. */
export const RuleFamily = z.strictObject({ rules: z.array(AnyRule).min(1) })

/** The JSON Schema of a rule file, for editors that complete and check. */
export function ruleJsonSchema(): object {
  return z.toJSONSchema(z.union([TypedRule, z.strictObject({ rules: z.array(TypedRule).min(1) })]), {
    io: 'input',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      const { required = [] } = jsonSchema
      if (zodSchema === (LineRule as unknown)) jsonSchema.required = required.filter((key) => key !== 'type')
      const forms = SHORTHANDS.get(zodSchema)
      if (forms === undefined) return
      const long = { ...jsonSchema }
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key]
      jsonSchema.anyOf = [...forms.map((form) => ({ ...form })), long]
    },
  })
}

export type SampleDefinition = z.infer<typeof Sample>
export type LineDefinition = z.infer<typeof LineRule>
export type RuleDefinition = LineDefinition | CorrelationDefinition
export type CaptureType = (typeof CAPTURE_TYPES)[number]
