import { isThing } from './family.ts'
import { ANY, type Group } from './group.ts'
import { tellsFailure } from './protected-words.ts'

/** No line is compared with more groups than this, so that hostile lines cannot make it slow. */
const MAX_COMPARED = 2000

/** What a line or a group begins with, and how it goes on. */
type Begun = Pick<Group, 'words' | 'seps'>

/** Groups by the number of their words and their first word, so that similar ones are together. */
export type Shelf = {
  /** Groups of this length whose first word is the same or may be any. */
  near(line: Begun): Group[]
  add(group: Group): void
  remove(group: Group): void
}

/** Makes an empty shelf. */
export function createShelf(): Shelf {
  const places = new Map<string, Set<Group>>()
  const take = (groups: Set<Group> | undefined, out: Group[]) => {
    for (const group of groups ?? []) {
      if (out.length >= MAX_COMPARED) return
      out.push(group)
    }
  }
  return {
    near(line) {
      const out: Group[] = []
      take(places.get(placeOf(line)), out)
      if (line.words[0] !== ANY) take(places.get(placeBy(line.words.length, ANY)), out)
      return out
    },
    add(group) {
      const place = placeOf(group)
      const groups = places.get(place) ?? new Set()
      places.set(place, groups.add(group))
    },
    remove(group) {
      const place = placeOf(group)
      const groups = places.get(place)
      groups?.delete(group)
      if (groups?.size === 0) places.delete(place)
    },
  }
}

function placeOf({ words, seps }: Begun): string {
  const [first = ''] = words
  return placeBy(words.length, isSubject(first, seps[1], words) ? 'a thing' : first)
}

function placeBy(length: number, first: string): string {
  return `${length} ${first}`
}

/** Is this a thing of which the line tells, as `cron.service: Stopped`? Which one failed must not be lost. */
function isSubject(first: string, after: string | undefined, words: readonly string[]): boolean {
  return after?.startsWith(':') === true && isThing(first) && !words.some(tellsFailure)
}
