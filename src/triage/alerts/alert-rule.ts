import { z } from 'zod'
import { Duration } from '../../duration.ts'
import { PHASES, Slug } from '../../interpret/rule-parts.ts'
import { SEVERITIES } from '../../model.ts'
import { STATUSES } from '../diagnosis/status.ts'

const Text = z.string().trim().min(1)
/** A duration above zero: a back-test would not end with a step of zero, and a window of zero never holds anything. */
const Span = Duration.refine((ms) => ms > 0, 'must be longer than nothing')
const DAY_MS = 86_400_000
const HOUR_MS = 3_600_000

/** Shorter gaps of a failure do not count as an absence, since evaluation does not remember them. */
export const LEAST_AWAY_MS = HOUR_MS

const Quiet = Duration.refine(
  (ms) => ms >= LEAST_AWAY_MS,
  'must be at least 1h: a shorter pause of a failure is no absence',
)

/** Labels that identify an alert; a rule cannot set them. */
const OWN_LABELS = new Set(['alertname', 'severity', 'signature', 'session', 'source', 'change', 'trouble'])

const COMMON = {
  id: Slug,
  title: Text,
  enabled: z.boolean().default(true),
  /** Severity of the alert. Without it, that of the signature it is about, or `warning`. */
  severity: z.enum(SEVERITIES).optional(),
  /** The condition must hold for this long. */
  for: Duration.default(0),
  /** The condition must have been false for this long, so that flapping stays one alert. */
  keep_firing_for: Duration.default(0),
  /** How often the rule is evaluated. */
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
  /** Likely cause and what to do, if the signature does not say. */
  explain: Text.optional(),
  remedy: z.array(Text).default([]),
}

/** Which events count. */
const SELECT = {
  /** This severity or worse. Without it `error`, or any severity if `rules` lists what counts. */
  min_severity: z.enum(SEVERITIES).optional(),
  rules: z.array(Slug).optional(),
  without_rules: z.array(Slug).optional(),
  sources: z.array(Slug).optional(),
  profiles: z.array(Slug).optional(),
  phases: z.array(z.enum(PHASES)).optional(),
}

/** Number of events, and of desktops and hosts with them, from which a notice is sent. */
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
  /** Longer than `recent`: a signature that appears just after a notice must still be firing when the next notice is sent. */
  keep_firing_for: Duration.default(15 * 60_000),
  /**
   * Signatures that appear within this time after the first line of their source and product generation are taken as known.
   * Without it, `learnHours` of the configuration.
   */
  learning: Duration.optional(),
  /** A signature is new for this long after its first event. */
  recent: Span.default(HOUR_MS),
  /** New signatures within this time after a notice are reported together at its end. Without it, as long as `recent`. */
  gather: Duration.optional(),
  /** If there are more new signatures than this, the rest become one alert with their number. */
  digest_over: z.int().min(1).max(200).default(20),
})

const RegressedSignature = z.strictObject({
  ...COMMON,
  ...SELECT,
  ...ENOUGH,
  kind: z.literal('regressed_signature'),
  /** The signature was absent for at least this long, or somebody had marked it as resolved. */
  quiet: Quiet.default(7 * DAY_MS),
  recent: Span.default(HOUR_MS),
})

const FirstAfterChange = z.strictObject({
  ...COMMON,
  ...SELECT,
  ...ENOUGH,
  kind: z.literal('first_after_change'),
  /** What counts as a change of a cluster: its product generation, an AMI, or a milestone's capture of one of these names. */
  changes: z
    .array(z.enum(['profile', 'ami', 'version']))
    .min(1)
    .default(['profile', 'ami', 'version']),
  /** A failure is attributed to a change for this long after it. */
  within: Span.default(DAY_MS),
  /** Before, the signature was absent for at least this long. */
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
    /** At least this many events within the window. */
    at_least: z.int().min(1),
    /** And this many times the usual number for such a window, measured from the time before it. */
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
  /** One alert for each combination of these. */
  by: z.array(z.enum(['cluster', 'profile', 'os', 'phase', 'rule', 'session'])).default(['cluster']),
})

const Collector = z.strictObject({
  ...COMMON,
  kind: z.literal('collector'),
  trouble: z.enum(['store_down', 'behind', 'unreadable', 'losses', 'undelivered']),
  /** The limit: number of files, lost bytes or notices; seconds for `store_down` and `behind`. */
  over: z.number().min(0).default(0),
  /** Losses noted within this time count. */
  window: Span.default(HOUR_MS),
})

const Absence = z.strictObject({
  ...COMMON,
  kind: z.literal('absence'),
  every: Span.default(5 * 60_000),
  sources: z.array(Slug).min(1),
  /** Nothing was written for this long. */
  quiet: Duration,
  /** Only sources that wrote something within this time before. */
  known: Duration.default(DAY_MS),
  by: z.array(z.enum(['cluster', 'host'])).default(['cluster']),
})

/** A condition on stored events, or on the collector itself, of which people want to be notified. */
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
