/** A range of bytes within a buffer. */
export type Range = { readonly begin: number; readonly end: number }

/** Fewer NULs between other bytes are part of the text. */
const HOLE = Buffer.alloc(16)

/**
 * Finds the first NULs of `bytes` that are not text: a run of at least 16, or the last ones, which text may still replace. In
 * UTF-16 (`unit` 2), `bytes` begins with a whole unit, or with the second half of one if `odd`.
 */
export function findHole(bytes: Buffer, unit: 1 | 2, odd = false): Range | undefined {
  if (!bytes.includes(0)) return undefined
  const inside = bytes.indexOf(HOLE)
  const begin = inside < 0 ? lastNuls(bytes) : inside
  const end = endOfNuls(bytes, begin)
  if (unit === 1) return end > begin ? { begin, end } : undefined
  const shift = odd ? 1 : 0
  const wholeBegin = begin + ((begin + shift) % 2)
  const wholeEnd = end === bytes.length ? end : end - ((end + shift) % 2)
  return wholeEnd > wholeBegin ? { begin: wholeBegin, end: wholeEnd } : undefined
}

/** The end of the NULs that begin at `from`. */
export function endOfNuls(bytes: Buffer, from: number): number {
  let at = from
  while (at < bytes.length && bytes[at] === 0) at++
  return at
}

function lastNuls(bytes: Buffer): number {
  let at = bytes.length
  while (at > 0 && bytes[at - 1] === 0) at--
  return at
}
