import { ANY, type Group } from './group.ts'

/** No line is compared with more groups than this, so that hostile lines cannot make it slow. */
const MAX_COMPARED = 2000

/** Groups by the number of their words and their first word, so that similar ones are together. */
export type Shelf = {
  /** Groups of this length whose first word is the same or may be any. */
  near(words: readonly string[]): Group[]
  add(group: Group): void
  remove(group: Group): void
}

/** Makes an empty shelf. */
export function createShelf(): Shelf {
  const places = new Map<string, Set<Group>>()
  const key = (length: number, first: string | undefined) => `${length} ${first ?? ''}`
  const take = (groups: Set<Group> | undefined, out: Group[]) => {
    for (const group of groups ?? []) {
      if (out.length >= MAX_COMPARED) return
      out.push(group)
    }
  }
  return {
    near(words) {
      const out: Group[] = []
      take(places.get(key(words.length, words[0])), out)
      if (words[0] !== ANY) take(places.get(key(words.length, ANY)), out)
      return out
    },
    add(group) {
      const place = key(group.words.length, group.words[0])
      const groups = places.get(place) ?? new Set()
      places.set(place, groups.add(group))
    },
    remove(group) {
      const place = key(group.words.length, group.words[0])
      const groups = places.get(place)
      groups?.delete(group)
      if (groups?.size === 0) places.delete(place)
    },
  }
}
