import type { EventJson } from '../../event-json.ts'

type Place = Pick<EventJson, 'file' | 'offset' | 'ts'>

/** Values that were higher than all before them, and where they stand. */
type Rise<Value> = { readonly value: Value; readonly at: number }[]

/**
 * Gives what finds the first of some marks that is after an event: behind it in its file, or later in another one. A desktop
 * may have thousands of both, so marks that cannot be it are passed over.
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
    // None before this place is later, and none of its file is behind it.
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

/** Where the first value stands that is above this one; infinity where none is. */
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
