import { z } from 'zod'
import { LEVELS, SEVERITIES } from '../model.ts'

/** The shapes of events, for the OpenAPI document. */

const time = z.iso.datetime({ precision: 6 })
const count = z.number().min(0)

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
    severity: z.enum(SEVERITIES).optional(),
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
