import { z } from 'zod'

/** Parts of a diagnosis, for the OpenAPI document. */

const time = z.iso.datetime({ precision: 6 })
const count = z.number().min(0)

export const WaitShape = z.object({
  phase: z.string(),
  since: time.optional(),
  after: z.string().describe('the last event that was seen of it'),
  for: z.array(z.string()).describe('one of these should have come'),
})

export const VerdictShape = z.object({
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
