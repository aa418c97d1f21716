import { z } from 'zod'
import { LEVELS, SEVERITIES } from '../model.ts'
import { STATUSES } from '../triage/diagnosis/status.ts'
import { STATES as SIGNATURE_STATES } from '../triage/novelty/state.ts'
import { FindingShape, PhaseShape, VerdictShape, WaitShape } from './diagnosis-shapes.ts'

/** The shapes of answers, for the OpenAPI document; tests compare them with real answers. */

const time = z.iso.datetime({ precision: 6 })
const severity = z.enum(SEVERITIES)
const count = z.number().min(0)

/** Something that an answer should contain and could not be read. */
export const NotReadShape = z.object({ source: z.string(), reason: z.string() })

export const EventShape = z
  .object({
    event_id: z.string(),
    ts: time,
    ts_quality: z.enum(['', 'parsed', 'inherited', 'observed', 'mtime']),
    profile: z.string().optional(),
    cluster: z.string().optional(),
    owner: z.string().optional(),
    session: z.string().optional().describe('name of the desktop, without its owner'),
    session_uuid: z.string().optional(),
    host: z.string().optional(),
    source: z.string().optional(),
    file: z.string(),
    file_id: z.string(),
    generation: count,
    offset: count,
    length: count,
    continued: z.literal(1).optional(),
    level: z.enum(LEVELS).optional(),
    component: z.string().optional(),
    message: z.string(),
    kind: z.enum(['signature', 'milestone', 'unknown', 'line']),
    rule_id: z.string().optional(),
    rule_version: count.optional(),
    severity: severity.optional(),
    phase: z.string().optional(),
    layer: z.string().optional(),
    template_id: z.string().optional(),
    captures: z.record(z.string(), z.string()).optional(),
    duplicate_of: z.string().optional().describe('the event in another file of which this is a copy'),
    copies: z
      .array(z.object({ file: z.string(), offset: count, length: count }))
      .optional()
      .describe('its copies in other files'),
    cleared_at: time.optional().describe('when the condition that it reports was over'),
    because: z
      .array(z.string())
      .optional()
      .describe('events from which this was concluded; it is then not a line itself and has no bytes'),
  })
  .meta({ id: 'Event' })

/** Events with line numbers, where these can be counted. */
export const NumberedEventShape = EventShape.extend({
  line: count.optional().describe('number of its line in the file, if the file is on this machine'),
}).meta({ id: 'NumberedEvent' })

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

const FoldedShape = z.object({ rule_id: z.string(), title: z.string(), count })

export const DiagnosisShape = z
  .object({
    session: z.string(),
    attempt: count,
    host: z.string(),
    instance: z.string(),
    session_uuid: z.string(),
    cluster: z.string(),
    profile: z.string(),
    os: z.enum(['linux', 'windows']),
    status: z.enum(STATUSES),
    verdict: VerdictShape.optional(),
    evidence: z.array(NumberedEventShape),
    again: count.describe('how often the cause itself was repeated'),
    consequences: z.array(FoldedShape),
    before: z.array(FoldedShape).describe('failures before the cause, which do not follow from it'),
    findings: z
      .array(FindingShape)
      .describe('conclusions from several events, and conditions with their end'),
    phases: z.array(PhaseShape),
    not_checked: z.array(NotReadShape),
    evidence_incomplete: z.boolean(),
    unexplained: z
      .array(z.object({ template_id: z.string(), example: z.string(), count }))
      .describe('failures that no rule explains, alike ones counted'),
    traits: z
      .record(z.string(), z.string())
      .describe('instance_type, ami, subnet, dcv_version, domain_controller: as far as its logs name them'),
    waits_for: WaitShape.optional().describe('of a stalled one'),
    portal: z
      .object({
        state: z.string(),
        is_active: z.boolean(),
        created_at: z.string(),
        deactivated_at: z.string(),
        instance: z.string(),
        instance_type: z.string(),
        known: z.literal(false).optional().describe('its database has no row of it'),
        disagreement: z.string().optional(),
      })
      .optional()
      .describe("what the portal's database says of it"),
    probe: z
      .object({
        at: time,
        ok: z.boolean(),
        title: z.string(),
        status: count.optional(),
        server: z.string().optional(),
        error: z.string().optional(),
      })
      .optional()
      .describe('what its address answered'),
  })
  .meta({ id: 'Diagnosis' })

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

/** A list that may have further pages. */
export function pageOf(item: z.ZodType) {
  return z.object({
    items: z.array(item),
    next: z.string().optional().describe('cursor of the next page; absent on the last one'),
    not_read: z
      .array(NotReadShape)
      .optional()
      .describe('what the answer should contain and could not be read'),
  })
}
