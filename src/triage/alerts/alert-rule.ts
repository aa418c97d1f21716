import { z } from 'zod'
import { Duration } from '../../duration.ts'
import { PHASES, Slug } from '../../interpret/rule-parts.ts'
import { SEVERITIES } from '../../model.ts'
import { STATUSES } from '../diagnosis/status.ts'

const Text = z.string().trim().min(1)
/** How often a rule is looked at, and how far back: of no time at all it would never end, or never find anything. */
const Span = Duration.refine((ms) => ms > 0, 'must be longer than nothing')
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** A shorter pause of a failure is no absence: nothing remembers it. */
export const LEAST_AWAY_MS = HOUR_MS

const Quiet = Duration.refine(
  (ms) => ms >= LEAST_AWAY_MS,
  'must be at least 1h: a shorter pause of a failure is no absence',
)

/** Labels that say what an alert is; a rule cannot set them. */
const OWN_LABELS = new Set(['alertname', 'severity', 'signature', 'session', 'source', 'change', 'trouble'])

const COMMON = {
  id: Slug,
  title: Text,
  enabled: z.boolean().default(true),
  /** Of the alert; without one that of the signature it is about, or `warning`. */
  severity: z.enum(SEVERITIES).optional(),
  /** It must be so for this long. */
  for: Duration.default(0),
  /** And no longer be so for this long, so that what flaps is one alert. */
  keep_firing_for: Duration.default(0),
  /** How often it is looked at. */
  every: Span.default(60_000),
  labels: z
    .record(
      z
        .string()
        .regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/, 'must be letters, digits and _')
        .refine((name) => !OWN_LABELS.has(name), 'is a label that every alert has of itself'),
      Text,
    )
    .default({}),
  /** Likely cause and what to do, where the signature does not tell them. */
  explain: Text.optional(),
  remedy: z.array(Text).default([]),
}

/** Which events count. */
const SELECT = {
  /** At or above; without it `error`, or anything if `rules` names what counts. */
  min_severity: z.enum(SEVERITIES).optional(),
  rules: z.array(Slug).optional(),
  without_rules: z.array(Slug).optional(),
  sources: z.array(Slug).optional(),
  profiles: z.array(Slug).optional(),
  phases: z.array(z.enum(PHASES)).optional(),
}

/** How many events, and of how many desktops and hosts, it takes to be worth a notice. */
const ENOUGH = {
  min_count: z.int().min(1).default(1),
  min_sessions: z.int().min(0).default(0),
  min_hosts: z.int().min(0).default(0),
}

const NewSignature = z.strictObject({
  ...COMMON,
  ...SELECT,
  ...ENOUGH,
  kind: z.literal('new_signature'),
  /** It goes on for longer than `recent`, so that what came just after a notice is still there for the next one. */
  keep_firing_for: Duration.default(15 * 60_000),
  /**
   * What comes within this time after the first line of its source and product generation is known from the beginning;
   * without it, `learnHours` of the configuration.
   */
  learning: Duration.optional(),
  /** So long after its first event it is new. */
  recent: Span.default(HOUR_MS),
  /** What is new within this time after a notice is told together, at its end; without it, as long as `recent`. */
  gather: Duration.optional(),
  /** With more new ones than this, those beyond are one alert, which counts them. */
  digest_over: z.int().min(1).max(200).default(20),
})

const RegressedSignature = z.strictObject({
  ...COMMON,
  ...SELECT,
  ...ENOUGH,
  kind: z.literal('regressed_signature'),
  /** It was away for at least this long, or somebody had said that it is resolved. */
  quiet: Quiet.default(7 * DAY_MS),
  recent: Span.default(HOUR_MS),
})

const FirstAfterChange = z.strictObject({
  ...COMMON,
  ...SELECT,
  ...ENOUGH,
  kind: z.literal('first_after_change'),
  /** What is new on a cluster: its product generation, an AMI, or what milestones capture under one of these names. */
  changes: z
    .array(z.enum(['profile', 'ami', 'version']))
    .min(1)
    .default(['profile', 'ami', 'version']),
  /** So long after a change a failure is laid at its door. */
  within: Span.default(DAY_MS),
  /** The signature was away for this long before. */
  quiet: Quiet.default(7 * DAY_MS),
  recent: Span.default(HOUR_MS),
  learning: Duration.optional(),
})

const Rate = z
  .strictObject({
    ...COMMON,
    ...SELECT,
    kind: z.literal('rate'),
    measure: z.enum(['events', 'sessions', 'hosts']).default('events'),
    window: Span.default(HOUR_MS),
    /** At least so many within the window. */
    at_least: z.int().min(1),
    /** And so many times what is usual in such a window, as the time before it tells. */
    times_usual: z.number().min(1).optional(),
    usual_over: Duration.default(7 * DAY_MS),
  })
  .refine((rule) => rule.usual_over >= 2 * rule.window, 'usual_over must be at least twice the window')
  .refine(
    (rule) => rule.times_usual === undefined || rule.measure === 'events',
    'times_usual compares events only',
  )

const Sessions = z.strictObject({
  ...COMMON,
  kind: z.literal('sessions'),
  every: Span.default(5 * 60_000),
  status: z.array(z.enum(STATUSES)).min(1).default(['failed']),
  window: Span.default(HOUR_MS),
  at_least: z.int().min(1),
  /** One alert for each of these together. */
  by: z.array(z.enum(['cluster', 'profile', 'os', 'phase', 'rule', 'session'])).default(['cluster']),
})

const Collector = z.strictObject({
  ...COMMON,
  kind: z.literal('collector'),
  trouble: z.enum(['store_down', 'behind', 'unreadable', 'losses', 'undelivered']),
  /** More than so many: files, bytes lost, notices; seconds for `store_down` and `behind`. */
  over: z.number().min(0).default(0),
  /** Of losses: those noted within it. */
  window: Span.default(HOUR_MS),
})

const Absence = z.strictObject({
  ...COMMON,
  kind: z.literal('absence'),
  every: Span.default(5 * 60_000),
  sources: z.array(Slug).min(1),
  /** Nothing came for so long. */
  quiet: Duration,
  /** Only of what wrote something within this time. */
  known: Duration.default(DAY_MS),
  by: z.array(z.enum(['cluster', 'host'])).default(['cluster']),
})

/** A condition over stored events (or the collector itself) that people want to be told of. */
export const AlertRule = z.discriminatedUnion('kind', [
  NewSignature,
  RegressedSignature,
  FirstAfterChange,
  Rate,
  Sessions,
  Collector,
  Absence,
])
export type AlertRule = z.infer<typeof AlertRule>
export type AlertRuleOf<Kind extends AlertRule['kind']> = Extract<AlertRule, { kind: Kind }>

export const AlertRuleFile = z.strictObject({ rules: z.array(AlertRule).min(1) })
