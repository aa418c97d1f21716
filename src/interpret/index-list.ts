/** A few indexes below a bound, each once and ascending. Allocated once and refilled for each record. */
export type IndexList = {
  readonly count: number
  add(index: number): void
  /** The index at this place, which must be below `count`. */
  at(place: number): number
  clear(): void
}

/** Makes an empty list for indexes below `bound`. */
export function createIndexList(bound: number): IndexList {
  const held = new Int32Array(bound)
  let count = 0
  return {
    get count() {
      return count
    },
    add(index) {
      let place = count
      while (place > 0 && (held[place - 1] as number) > index) place--
      if (place > 0 && held[place - 1] === index) return
      held.copyWithin(place + 1, place, count)
      held[place] = index
      count++
    },
    at: (place) => held[place] as number,
    clear() {
      count = 0
    },
  }
}
