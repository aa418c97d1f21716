import { z } from 'zod'

/** Something that an answer should contain and could not be read. */
export const NotReadShape = z.object({ source: z.string(), reason: z.string() })

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
