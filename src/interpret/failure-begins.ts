import type { RecordChunk } from '../model.ts'
import type { Columns } from './columns.ts'
import { FAILURE_BEGINS } from './failure-words.ts'

/** By the first byte of a text: the second bytes with which it may be a failure, whatever else it contains. */
const BEGINS: readonly (readonly number[] | undefined)[] = Array.from({ length: 128 }, (_, first) => {
  const begins = FAILURE_BEGINS.filter((begin) => begin.charCodeAt(0) === first)
  return begins.length === 0 ? undefined : begins.map((begin) => begin.charCodeAt(1))
})

/** Marks the records whose texts begin as failures do; what is so short cannot be searched for. */
export function suspectBegins(
  { bytes, count }: RecordChunk,
  { textBegin, suspect }: Columns,
  replaced: ReadonlyMap<number, string>,
): void {
  for (let row = 0; row < count; row++) {
    const at = textBegin[row] as number
    if (beginsAsFailure(bytes[at] as number, bytes[at + 1] as number)) suspect[row] = 1
  }
  for (const [row, text] of replaced) {
    if (beginsAsFailure(text.charCodeAt(0), text.charCodeAt(1))) suspect[row] = 1
  }
}

function beginsAsFailure(first: number, second: number): boolean {
  return BEGINS[first]?.includes(second) === true
}
