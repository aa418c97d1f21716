import { isMask } from './entities.ts'

/** In a group's words, a place where anything may stand. */
export const ANY = '*'

/** Lines of one template: the words they share, the places where they differ. */
export type Group = {
  /** Hash of the masked words of its first line: never changes. */
  readonly id: string
  /** Constant words and `ANY`; what is `ANY` stays it. */
  readonly words: string[]
  /** What is shown of each word: itself or the kind of its values. */
  readonly shown: string[]
  readonly seps: readonly string[]
  /** Number of the miner's line it began with. */
  readonly bornAt: number
  /** Number of the last line that was its. */
  usedAt: number
  /** The group that took it in, once they turned out to be one. */
  into?: Group
  /** As shown, until its words change. */
  text?: string
}

// Ends the escape sequences of terminals before they begin.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g
const MAX_TEXT = 2000

/** Gives the template as people read it: one line, without control characters, of at most 2,000 characters. */
export function textOf(group: Group): string {
  if (group.text === undefined) {
    let text = group.seps[0] as string
    for (const [i, word] of group.shown.entries()) text += word + (group.seps[i + 1] as string)
    group.text = text.replace(UNPRINTABLE, ' ').trim().slice(0, MAX_TEXT)
  }
  return group.text
}

/** The words by which groups are told apart: the kind of a value does not count. */
export function plainWords(words: readonly string[]): string[] {
  return words.map((word) => (isMask(word) ? ANY : word))
}

/** The same as one text: lines of one form are one template. */
export function formOf(words: readonly string[]): string {
  let form = ''
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    const plain = isMask(word) ? ANY : word
    form = i === 0 ? plain : `${form} ${plain}`
  }
  return form
}

/** Makes a place one where anything may stand. */
export function open(group: Group, place: number): void {
  if (group.words[place] === ANY) return
  group.words[place] = ANY
  group.shown[place] = '<*>'
  delete group.text
}

/** Gives the group that a group has become part of. */
export function latest(group: Group): Group {
  let last = group
  while (last.into !== undefined) last = last.into
  return last
}
