import { isThing } from './family.ts'
import { ANY, type Group, RUN } from './group.ts'
import { tellsFailure } from './protected-words.ts'

/** No line is compared with more groups than this, so that hostile lines cannot make it slow. */
const MAX_COMPARED = 2000

/** The same for groups of any length. */
const MAX_STARTING = 500

/** The place of groups that begin with the name of a thing, or with any word, and go on to tell of it. */
const SUBJECT = 'a thing'

/** What a line or a group begins with, and how it goes on. */
type Begun = Pick<Group, 'words' | 'seps'>

/**
 * An index of groups: by their number of words together with their first word, and by their first word alone. Only groups
 * found by it are compared with a line.
 */
export type Shelf = {
  /** Groups of this length whose first word is the same or may be any. */
  near(line: Begun): Group[]
  /** Groups of any length whose first word is the same. */
  startingAs(words: readonly string[]): Group[]
  /** The groups with a run to which these words may belong. */
  withRun(words: readonly string[]): Group[]
  add(group: Group): void
  remove(group: Group): void
}

/** Makes an empty shelf. */
export function createShelf(): Shelf {
  const places = new Map<string, Set<Group>>()
  const take = (groups: Set<Group> | undefined, out: Group[], most: number) => {
    for (const group of groups ?? []) {
      if (out.length >= most) return
      out.push(group)
    }
  }
  const at = (names: readonly string[], most = MAX_COMPARED) => {
    const out: Group[] = []
    for (const name of new Set(names)) take(places.get(name), out, most)
    return out
  }
  return {
    near: (line) => at([placeOf(line), ...placesOfAny(line)]),
    startingAs: ([first = '']) => at([startOf(first)], MAX_STARTING),
    withRun: ([first = '']) => at([runsAt(first), runsAt(ANY)]),
    add(group) {
      for (const place of placesOf(group)) {
        const groups = places.get(place) ?? new Set()
        places.set(place, groups.add(group))
      }
    },
    remove(group) {
      for (const place of placesOf(group)) {
        const groups = places.get(place)
        groups?.delete(group)
        if (groups?.size === 0) places.delete(place)
      }
    },
  }
}

function placesOf(group: Begun): string[] {
  const [first = ''] = group.words
  return group.words.includes(RUN) ? [runsAt(first)] : [placeOf(group), startOf(first)]
}

function startOf(first: string): string {
  return `start ${first}`
}

function runsAt(first: string): string {
  return `run ${first}`
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
