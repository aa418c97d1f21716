import { z } from 'zod'
import { STATUSES } from '../triage/diagnosis/status.ts'
import { EventShape, NumberedEventShape } from './event-shapes.ts'
import { NotReadShape } from './page-shape.ts'

/** The shapes of a diagnosis and its parts, for the OpenAPI document. */

const time = z.iso.datetime({ precision: 6 })
const count = z.number().min(0)

export const WaitShape = z.object({
  phase: z.string(),
  since: time.optional(),
  after: z.string().describe('the last event that was seen of it'),
  for: z.array(z.string()).describe('one of these should have come'),
})

const VerdictShape = z.object({
  phase: z.string(),
  rule_id: z.string(),
  title: z.string(),
  severity: z.string(),
  layer: z.string(),
  confidence: z.enum(['certain', 'likely', 'possible']),
  explain: z.string(),
  remedy: z.array(z.string()),
})

export const PhaseShape = z.object({
  phase: z.string(),
  state: z.enum(['done', 'failed', 'running', 'missing', 'skipped', 'not_checked']),
  start: time.optional(),
  end: time.optional(),
  duration_s: z.number().optional(),
  usual_s: z.number(),
  evidence: z.array(z.string()).optional(),
})

export const FindingShape = z.object({
  rule_id: z.string(),
  title: z.string(),
  severity: z.string(),
  phase: z.string(),
  type: z.enum(['sequence', 'threshold', 'absence', 'condition', 'impairment']),
  per: z.enum(['session', 'host', 'cluster']),
  count,
  first_seen: time,
  last_seen: time,
  cleared_at: time.optional().describe('when a condition was over, the last time; absent while it lasts'),
  times: z.int().optional().describe('how often a condition came and was over, if more than once'),
  evidence: z.array(z.string()),
})

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
    around: z
      .array(EventShape)
      .optional()
      .describe(
        'the lines of the log around the first evidence, with it; where a single desktop is asked for',
      ),
    again: count.describe('how often the cause itself was repeated'),
    consequences: z.array(FoldedShape),
    before: z.array(FoldedShape).describe('failures before the cause, which do not follow from it'),
    beside: z.array(FoldedShape).describe('failures that are there besides, and have to be mended, too'),
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
      .describe(
        'instance_type, ami, subnet, dcv_version, domain_controller, load_balancer, address: as far as its logs name them',
      ),
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
