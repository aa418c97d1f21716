import { z } from 'zod'
import { STATUSES } from '../triage/diagnosis/status.ts'
import { STATES as SIGNATURE_STATES } from '../triage/novelty/state.ts'
import { WaitShape } from './diagnosis-shapes.ts'
import { EventShape } from './event-shapes.ts'

/**
 * The shapes of what answers list besides events and diagnoses, for the OpenAPI document; tests compare them with real
 * answers.
 */

const time = z.iso.datetime({ precision: 6 })
const count = z.number().min(0)

export const SessionShape = z
  .object({
    session: z.string().describe('owner/name, or a host without a known desktop'),
    cluster: z.string(),
    owner: z.string(),
    name: z.string(),
    attempts: count,
    host: z.string(),
    profile: z.string(),
    os: z.enum(['linux', 'windows']),
    status: z.enum(STATUSES),
    phase: z.string(),
    first_seen: time,
    last_seen: time,
    failures: count.describe(
      'events of its last attempt, error or critical: one for each rule that matches a line, and what rules say of several events',
    ),
    last_rule_id: z.string(),
    verdict_title: z.string().optional(),
    waits_for: WaitShape.optional().describe('of a stalled one'),
    portal_state: z.string().optional().describe('the state in the portal, or inactive'),
  })
  .meta({ id: 'Session' })

export const TrendShape = z
  .object({
    bucket: z.string().describe('when it begins'),
    rule_id: z.string().describe("'' for failures that no rule explains"),
    title: z.string(),
    severity: z.string(),
    count,
    sessions: count,
    hosts: count,
  })
  .meta({ id: 'Trend' })

export const UnassignedShape = z
  .object({
    ...{ cluster: z.string(), source: z.string().describe('kind of log') },
    rule_id: z.string().describe("'' for failures that no rule explains"),
    ...{ title: z.string(), severity: z.string(), phase: z.string(), count },
    ...{ first_seen: time, last_seen: time },
    last: EventShape.describe('the last of them'),
  })
  .meta({ id: 'Unassigned' })

export const SIGNATURE = {
  id: z.string(),
  kind: z.enum(['rule', 'template']),
  title: z.string(),
  severity: z.string(),
  first_seen: time,
  last_seen: time,
  count,
  sessions: count,
  hosts: count,
  state: z.enum(SIGNATURE_STATES),
  escalating: z.boolean(),
  novel: z.boolean().describe('worth reporting: no rule explains it, and it is not a single event'),
  rank: z.number().describe('share of its desktops that failed, 0 to 1'),
  trend: z.array(count).describe('counts of the last 24 hours, oldest first'),
  profiles: z.array(z.string()),
  example: z.string(),
  rule_id: z.string().optional().describe('the rule that now explains the template'),
  aliases: z.array(z.string()).optional().describe('other ids of the same template'),
  until: z.string().optional(),
  below: count.optional(),
  note: z.string().optional(),
}

export const SignatureShape = z.object(SIGNATURE).meta({ id: 'Signature' })

export const AlertShape = z
  .object({
    fingerprint: z.string(),
    rule: z.string(),
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()),
    state: z
      .enum(['pending', 'firing', 'resolved'])
      .describe('people are notified of a firing one, unless it is silenced, inhibited or muted'),
    since: z.iso.datetime(),
    ends_at: z.iso.datetime().optional(),
    value: z.number(),
    held_until: z.iso
      .datetime()
      .optional()
      .describe(
        'no notice has told of it yet; it waits until then at most, to be told together with others of its group',
      ),
    silenced_by: z.array(z.string()).describe('ids of silences'),
    inhibited_by: z.array(z.string()).describe('fingerprints of alerts that fire'),
    muted_by: z.array(z.string()).describe('names of time intervals, if all of its routes are mute now'),
  })
  .meta({ id: 'Alert' })

export const CoverageShape = z
  .object({
    source: z.string(),
    kind: z.string(),
    rule_id: z.string(),
    title: z.string().optional().describe('of the rule; absent if the rule is unknown'),
    severity: z.string(),
    count,
    sessions: count,
    explained: z
      .boolean()
      .describe('a rule explains them; a general rule only names their kind, and explains nothing'),
  })
  .meta({ id: 'Coverage' })
