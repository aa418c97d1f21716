import { z } from 'zod'

/** Parts of which the parameters of questions are made; what is wrong is told in the words of who gave it. */
export const text = z
  .string({ error: ({ input }) => (input === undefined ? 'is missing' : 'must be given once') })
  .min(1, 'must not be empty')

/** UTC unless it says otherwise. */
export const time = z.union(
  [z.iso.datetime({ offset: true, local: true }), z.iso.date()],
  'must be a time like 2026-01-31T08:00:00Z',
)

const MAX_LIMIT = 100_000
const NO_LIMIT = `must be a whole number from 1 to ${MAX_LIMIT}`
export const limit = z.coerce.number(NO_LIMIT).int(NO_LIMIT).min(1, NO_LIMIT).max(MAX_LIMIT, NO_LIMIT)

export const flag = z.stringbool({ error: 'must be true or false' })

export const NOT_OURS = 'is not one that an answer gave'
/** Place of the last row of a page, where rows have no better one than their number. */
export const rowCursor = text.regex(/^\d{1,9}$/, NOT_OURS).transform(Number)
