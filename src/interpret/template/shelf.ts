import { isThing } from './family.ts'
import { ANY, type Group } from './group.ts'
import { tellsFailure } from './protected-words.ts'

/** No line is compared with more groups than this, so that hostile lines cannot make it slow. */
const MAX_COMPARED = 2000

/** The place of groups that begin with the name of a thing, or with any word, and go on to tell of it. */
const SUBJECT = 'a thing'

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
      for (const place of new Set([placeOf(line), ...placesOfAny(line)])) take(places.get(place), out)
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
  const isSubject = (first === ANY || isThing(first)) && isTold(words, seps)
  return placeBy(words.length, isSubject ? SUBJECT : first)
}

/** Where the groups are that may begin with any word. */
function placesOfAny({ words, seps }: Begun): string[] {
  const place = placeBy(words.length, ANY)
  return isTold(words, seps) ? [place, placeBy(words.length, SUBJECT)] : [place]
}

function placeBy(length: number, first: string): string {
  return `${length} ${first}`
}

/** Is the first word what the line tells of, as in `cron.service: Stopped`? Which one failed must not be lost. */
function isTold(words: readonly string[], seps: readonly string[]): boolean {
  return seps[1]?.startsWith(':') === true && !words.some(tellsFailure)
}
