import { z } from 'zod'
import { Duration } from '../duration.ts'
import { needed, Slug, Slugs, TOLD } from './rule-parts.ts'

/** Events of a story that a correlation is tried on: which rule, when after the beginning. */
const StoryEvent = z.strictObject({ rule: Slug, at: Duration })
const Story = z.strictObject({
  events: z.array(StoryEvent).min(1),
  /** Up to when the story is known. */
  until: Duration,
})

const CORRELATED = {
  ...TOLD,
  /** Events of one desktop, one host or one cluster are looked at together. */
  per: z.enum(['session', 'host', 'cluster']),
  within: Duration,
  samples: z.strictObject({ match: z.array(Story).min(1), no_match: z.array(Story).min(1) }),
}

/** Something begins, and what must follow does not. */
export const Absence = z
  .strictObject({ ...CORRELATED, type: z.literal('absence'), after: Slugs, expects: Slugs })
  .superRefine(needed)

/** Events in this order. */
export const Sequence = z
  .strictObject({ ...CORRELATED, type: z.literal('sequence'), steps: z.array(Slug).min(2) })
  .superRefine(needed)

/** Too many events. */
export const Threshold = z
  .strictObject({ ...CORRELATED, type: z.literal('threshold'), of: Slugs, count: z.int().min(2) })
  .superRefine(needed)

/** A rule about events instead of records. */
export type CorrelationDefinition = z.infer<typeof Absence | typeof Sequence | typeof Threshold>
export type StoryDefinition = z.infer<typeof Story>
