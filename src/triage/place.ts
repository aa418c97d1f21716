import { z } from 'zod'
import { NOT_OURS, text } from './parameters.ts'

/** The place of an event: time, file, generation and offset. Pages of events end at such a place. */
export const EventPlace = z.tuple([
  z.iso.datetime({ precision: 6 }),
  z.string(),
  z.int().min(0).max(0xffff_ffff),
  z.int().min(0),
])

/** The place of a row of `events`: a line has one row for each rule. */
export const VerdictPlace = z.tuple([...EventPlace.def.items, z.string()])

/** The place of a desktop in the list, newest line first: its last line, cluster, owner and name. */
export const SessionPlace = z.tuple([z.iso.datetime({ precision: 6 }), z.string(), z.string(), z.string()])

const Cursor = z.tuple([z.string(), z.unknown()])

/**
 * A cursor that holds the place where a page of this question ended; rows added since do not shift the next page. It is of
 * no use to another question: places look alike there, but the order may be another.
 */
export function cursorTo<Place extends z.ZodType>(question: string, place: Place) {
  return text
    .transform((value, context): z.output<Place> => {
      const [of, end] = Cursor.safeParse(parsed(value)).data ?? []
      const read = place.safeParse(end)
      if (of === question && read.success) return read.data
      context.addIssue(NOT_OURS)
      return z.NEVER
    })
    .describe('`next` of the previous page')
}

/** The cursor of the page that follows a place. */
export function cursorText(question: string, place: readonly unknown[]): string {
  return Buffer.from(JSON.stringify([question, place])).toString('base64url')
}

/** Undefined if it is not JSON; the schema checks the rest. */
function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString())
  } catch {
    return undefined
  }
}

/** Microseconds of `2026-01-02T03:04:05.123456Z`, as text, since a double cannot hold them. */
export function microsOf(ts: string): string {
  const seconds = Date.parse(`${ts.slice(0, 19)}Z`) / 1000
  return `${BigInt(seconds) * 1_000_000n + BigInt(ts.slice(20, 26))}`
}
