import type { EventJson } from '../../../event-json.ts'

type Place = Pick<EventJson, 'file' | 'offset' | 'ts'>

/** Of a list of values, each that is higher than all values before it, with its index; so it can be searched by halving. */
type Rise<Value> = { readonly value: Value; readonly at: number }[]

/**
 * Returns a function that finds the first mark after an event: further on in the same file, or later in another one. A desktop
 * may have thousands of events and of marks, so the search starts at the first mark that can be it.
 */
export function searchAfter<One extends { readonly event: Place }>(
  marks: readonly One[],
): (event: Place) => One | undefined {
  const times: Rise<string> = []
  const offsets = new Map<string, Rise<number>>()
  for (const [at, { event }] of marks.entries()) {
    add(times, event.ts, at)
    const own = offsets.get(event.file) ?? []
    offsets.set(event.file, own)
    add(own, event.offset, at)
  }
  return (event) => {
    // No mark before this place is later than the event or further on in its file.
    const from = Math.min(
      firstAbove(times, event.ts),
      firstAbove(offsets.get(event.file) ?? [], event.offset),
    )
    for (let at = from; at < marks.length; at++) {
      const mark = marks[at]
      if (mark !== undefined && isAfter(mark.event, event)) return mark
    }
    return undefined
  }
}

function isAfter(later: Place, { file, offset, ts }: Place): boolean {
  return later.file === file ? later.offset > offset : later.ts > ts
}

function add<Value>(rise: Rise<Value>, value: Value, at: number): void {
  const last = rise.at(-1)
  if (last === undefined || value > last.value) rise.push({ value, at })
}

/** The place of the first value above this one; infinity if there is none. */
function firstAbove<Value>(rise: Rise<Value>, value: Value): number {
  let [low, high] = [0, rise.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const step = rise[middle]
    if (step !== undefined && step.value <= value) low = middle + 1
    else high = middle
  }
  return rise[low]?.at ?? Number.POSITIVE_INFINITY
}
