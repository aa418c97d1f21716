import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { Duration } from '../../duration.ts'
import { errorCode, usageError } from '../../errors.ts'
import { faultText, parseYaml } from '../../yaml-file.ts'
import type { InhibitRule } from './inhibition.ts'
import { type Matcher, matcherOf } from './matchers.ts'
import { addressOf } from './receivers/address.ts'
import { Receiver } from './receivers/receiver-schema.ts'
import { type Env, readSecret } from './receivers/secret.ts'
import { TimeInterval } from './time-interval.ts'

const MatcherText = z.string().transform((text, context): Matcher => {
  const matcher = matcherOf(text)
  if (matcher !== undefined) return matcher
  context.addIssue({ code: 'custom', message: 'is no matcher, as severity="error" or cluster=~"soca-.*"' })
  return z.NEVER
})
const Matchers = z.array(MatcherText).default([])
/** An interval of zero would notify a group every second. */
const Interval = Duration.refine((ms) => ms > 0, 'must be longer than nothing')
const Names = z.array(z.string().min(1))

/** One branch of the tree of routes; settings that are not given are inherited from the branch above. */
export type RouteConfig = {
  readonly receiver?: string | undefined
  readonly matchers: readonly Matcher[]
  readonly continue: boolean
  readonly group_by?: readonly string[] | undefined
  readonly group_wait?: number | undefined
  readonly group_interval?: number | undefined
  readonly repeat_interval?: number | undefined
  readonly mute_time_intervals: readonly string[]
  readonly active_time_intervals: readonly string[]
  readonly routes: readonly RouteConfig[]
}

const Route: z.ZodType<RouteConfig> = z.lazy(() =>
  z.strictObject({
    receiver: z.string().optional(),
    matchers: Matchers,
    continue: z.boolean().default(false),
    /** Labels by whose values alerts are combined into one notice; `...` is all labels. */
    group_by: Names.optional(),
    group_wait: Duration.optional(),
    group_interval: Interval.optional(),
    repeat_interval: Interval.optional(),
    mute_time_intervals: Names.default([]),
    active_time_intervals: Names.default([]),
    routes: z.array(Route).default([]),
  }),
)

const AlertingFile = z
  .strictObject({
    /** Address at which people reach dcvlens; links in notices start with it. */
    base_url: z.url({ protocol: /^https?$/, error: 'must be like https://dcvlens.example.com' }).optional(),
    receivers: z.array(Receiver).default([]),
    route: Route.optional(),
    inhibit_rules: z
      .array(
        z.strictObject({
          source_matchers: Matchers,
          target_matchers: Matchers,
          equal: Names.default([]),
        }),
      )
      .default([]),
    time_intervals: z
      .array(z.strictObject({ name: z.string().min(1), time_intervals: z.array(TimeInterval).min(1) }))
      .default([]),
    /** Alert rules look only at lines older than this: lines need a while from the disk to the store. */
    delay: Duration.default(30_000),
    /** A notice that could not be delivered for this long is given up, and counted. */
    give_up: Duration.default(86_400_000),
  })
  .superRefine((file, context) => {
    const fault = (path: PropertyKey[], message: string) =>
      context.addIssue({ code: 'custom', path, message })
    const receivers = new Set<string>()
    file.receivers.forEach(({ name }, index) => {
      if (receivers.has(name)) fault(['receivers', index, 'name'], `${name} is there twice`)
      receivers.add(name)
    })
    const intervals = new Set(file.time_intervals.map(({ name }) => name))
    if (file.route === undefined) {
      if (receivers.size > 0) fault([], 'route is missing: no alert would go to a receiver')
      return
    }
    if (file.route.receiver === undefined) fault(['route'], 'route.receiver is missing')
    if (file.route.matchers.length > 0) fault(['route', 'matchers'], 'the first route takes every alert')
    checkRoute(file.route, ['route'], { receivers, intervals, fault })
  })

type Known = {
  readonly receivers: ReadonlySet<string>
  readonly intervals: ReadonlySet<string>
  readonly fault: (path: PropertyKey[], message: string) => void
}

function checkRoute(route: RouteConfig, path: PropertyKey[], known: Known): void {
  const { receiver } = route
  if (receiver !== undefined && !known.receivers.has(receiver)) {
    known.fault([...path, 'receiver'], `${receiver} is the name of no receiver`)
  }
  for (const key of ['mute_time_intervals', 'active_time_intervals'] as const) {
    route[key].forEach((name, index) => {
      if (!known.intervals.has(name)) known.fault([...path, key, index], `${name} is no time interval`)
    })
  }
  route.routes.forEach((child, index) => {
    checkRoute(child, [...path, 'routes', index], known)
  })
}

/** How alerts are delivered, after validation. */
export type Alerting = Omit<z.infer<typeof AlertingFile>, 'inhibit_rules'> & {
  readonly inhibit_rules: readonly InhibitRule[]
}

/** No receivers: alerts exist and can be looked at, but nobody is notified. */
const NO_DELIVERY: Alerting = {
  receivers: [],
  inhibit_rules: [],
  time_intervals: [],
  delay: 30_000,
  give_up: 86_400_000,
}

/**
 * Reads the file that `alerting` in the configuration names. Throws a usage error that lists every fault, and for missing
 * secrets.
 */
export function loadAlerting(file: string | undefined, env: Env): Alerting {
  const alerting = readAlerting(file)
  for (const receiver of alerting.receivers) checkSecrets(receiver, env)
  return alerting
}

/** The same, without checking secrets: for commands that send nothing. */
export function readAlerting(file: string | undefined): Alerting {
  if (file === undefined) return NO_DELIVERY
  const parsed = parseYaml(file, textOf(file), AlertingFile)
  if (!parsed.ok) {
    const faults = parsed.faults.map(faultText).join('\n')
    throw usageError('E_ALERTING', faults, 'Correct the file; deploy/alerting.example.yaml shows every key.')
  }
  const { inhibit_rules, ...rest } = parsed.value
  const rules = inhibit_rules.map(({ source_matchers, target_matchers, equal }) => ({
    ...{ source: source_matchers, target: target_matchers, equal },
  }))
  return { ...rest, inhibit_rules: rules }
}

/** Throws a usage error if a secret of a receiver is missing. */
export function checkSecrets(receiver: Receiver, env: Env): void {
  const { type } = receiver
  if (type === 'webhook' || type === 'alertmanager' || type === 'slack') addressOf(receiver, env)
  for (const [key, name] of Object.entries(receiver)) {
    if (typeof name !== 'string') continue
    if (key.endsWith('_env')) readSecret({ env: name }, env)
    if (key.endsWith('_file')) readSecret({ file: name }, env)
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw usageError(
      'E_ALERTING',
      `${file} cannot be read (${errorCode(error)})`,
      'Check `alerting` in the file given with --config.',
    )
  }
}
