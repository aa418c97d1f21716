import { z } from 'zod'
import { Duration } from '../duration.ts'
import { DESCRIPTION, needed, Slug, Slugs } from './rule-parts.ts'

/** Events of a sample story: the rule, and when after the beginning. */
const StoryEvent = z.strictObject({ rule: Slug, at: Duration })
const Story = z.strictObject({
  events: z.array(StoryEvent).min(1),
  /** The time up to which the story is known. */
  until: Duration,
})

const CORRELATED = {
  ...DESCRIPTION,
  /** Events are looked at together per desktop, host or cluster. */
  per: z.enum(['session', 'host', 'cluster']),
  within: Duration,
  samples: z.strictObject({ match: z.array(Story).min(1), no_match: z.array(Story).min(1) }),
}

/** Something begins, and what must follow does not come. */
export const Absence = z
  .strictObject({ ...CORRELATED, type: z.literal('absence'), after: Slugs, expects: Slugs })
  .superRefine(needed)

/** Events in this order. */
export const Sequence = z
  .strictObject({ ...CORRELATED, type: z.literal('sequence'), steps: z.array(Slug).min(2) })
  .superRefine(needed)

/** At least this many events within a window. */
export const Threshold = z
  .strictObject({
    ...CORRELATED,
    type: z.literal('threshold'),
    of: Slugs,
    count: z.int().min(2),
    /** Those closer to the last one that counts are the same happening, told in several lines. */
    apart: Duration.optional(),
  })
  .superRefine(needed)

/** A rule about events rather than records. */
export type CorrelationDefinition = z.infer<typeof Absence | typeof Sequence | typeof Threshold>
export type StoryDefinition = z.infer<typeof Story>
