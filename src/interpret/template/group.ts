import { isMask } from './mask.ts'

/** In a group's words, a place where any word may be. */
export const ANY = '*'

/** In a group's words, a place where any words may be, or none. */
export const RUN = '**'

/** Lines of one template: the words they share, and the places where they differ. */
export type Group = {
  /** Hash of the masked words of its first line; never changes. */
  readonly id: string
  /** Constant words, `ANY`, and at most one `RUN`; what is `ANY` stays so. */
  readonly words: string[]
  /** What is shown for each word: itself, or the kind of its values. */
  readonly shown: string[]
  readonly seps: readonly string[]
  /** The number of the miner's line with which it began. */
  readonly bornAt: number
  /** The number of the last line that belonged to it. */
  usedAt: number
  /** The group that absorbed it, once they turned out to be the same. */
  into?: Group
  /** The text as shown; cached until its words change. */
  text?: string
}

// Makes terminal escape sequences harmless.
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]+/g
const MAX_TEXT = 2000

/** The template as people read it: one line, without control characters, at most 2,000 characters. */
export function textOf(group: Group): string {
  if (group.text === undefined) {
    let text = group.seps[0] as string
    for (const [i, word] of group.shown.entries()) text += word + (group.seps[i + 1] as string)
    group.text = text.replace(UNPRINTABLE, ' ').trim().slice(0, MAX_TEXT)
  }
  return group.text
}

/** The words that distinguish groups: the kind of a value does not count. */
export function plainWords(words: readonly string[]): string[] {
  return words.map((word) => (isMask(word) ? ANY : word))
}

/** The same as one text: lines of the same form have the same template. */
export function formOf(words: readonly string[]): string {
  let form = ''
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    const plain = isMask(word) ? ANY : word
    form = i === 0 ? plain : `${form} ${plain}`
  }
  return form
}

/** Makes a place one for any word. */
export function open(group: Group, place: number): void {
  if (group.words[place] === ANY) return
  group.words[place] = ANY
  group.shown[place] = '<*>'
  delete group.text
}

/** A group like this one, with a run of any words between so many on the left and on the right. */
export function withRun(group: Group, left: number, right: number): Group {
  const around = <Item>(items: readonly Item[], ...between: Item[]) => [
    ...items.slice(0, left),
    ...between,
    ...items.slice(items.length - right),
  ]
  const { id, bornAt, usedAt, words, shown, seps } = group
  return {
    id,
    words: around(words, RUN),
    shown: around(shown, '<*>'),
    seps: [...seps.slice(0, left + 1), ...seps.slice(seps.length - right - 1)],
    bornAt,
    usedAt,
  }
}

/** The group that a group has become part of. */
export function latest(group: Group): Group {
  let last = group
  while (last.into !== undefined) last = last.into
  return last
}
