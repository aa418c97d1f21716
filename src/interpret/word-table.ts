import { rarityOfWord } from './byte-rarity.ts'
import { type AnyCaseNeedle, CASE_BIT } from './byte-set.ts'
import {
  checkBeside,
  countAt,
  type EnteredNeedle,
  enteredNeedles,
  fewestWords,
  PHASES,
  placesOf,
  wordsAt,
} from './entered-needle.ts'

/** The numbers of an entry, in this order. */
export const ENTRY_SIZE = 4
export const Entry = {
  /** A rare byte of the needle, with CASE_BIT, and its distance from the word: most false candidates end with it. */
  checkByte: 0,
  checkDelta: 1,
  /** The needle, and the position of the word in it. */
  owner: 2,
  delta: 3,
} as const

const TABLE_SIZE = 1 << 19
/** 2^32 divided by the golden ratio, odd: the upper bits of a product depend on all bytes of the word. */
const HASH_FACTOR = 0x9e3779b1 | 0
/** One word in this many is counted, at first and later on; primes, so that no column of a table is always hit. */
const FIRST_STRIDE = 13
const LATER_STRIDE = 127
const FIRST_WORDS = 1 << 14
/** When so many were counted, what was read long ago begins to count less and less. */
const REMEMBERED_WORDS = 1 << 18
/** So many looks at entries take some times as long as choosing the words anew. */
const MOST_LOOKS = 1 << 21
/** A word that was seen so often is not rare, however often it was: small counts are half the memory. */
const MOST_COUNTED = 0xffff

/** There are fewer heads than hashes, since what is accessed often should be small. */
export const HEAD_SHIFT = 3

/** The case bits of four bytes. */
const FOLD = CASE_BIT * 0x01010101

/** A word without the case of its letters. */
export function fold(word: number): number {
  return word | FOLD
}

/** Where a word is entered, in any case. Three instructions: the walk over a chunk does little else. */
export function hashOf(word: number): number {
  return Math.imul(word | FOLD, HASH_FACTOR) >>> 13
}

/**
 * Words of 4 bytes, without the case of letters, under which needles are entered: one for each needle and each of the four
 * alignments at which it may begin, or several if some of its bytes may differ. Any word of a needle would do; the rarest
 * causes the fewest false candidates. Which are rare is counted in what is read, so the choice improves over time, but never
 * changes what is found.
 */
export class WordTable {
  /** One bit for each hash, set if a word has it: small enough for a near cache. */
  readonly present = new Int32Array(TABLE_SIZE / 32)
  /** By the upper bits of the hash: the place of its first entry; the last one is before the first of the next head. */
  readonly heads = new Int32Array((TABLE_SIZE >>> HEAD_SHIFT) + 1)
  /** By place: the word of the entry. Kept apart from the rest, since most false candidates end here. */
  readonly words: Int32Array
  /** By place: ENTRY_SIZE numbers side by side, so that a look costs one memory access. */
  readonly entries: Int32Array
  readonly entered: readonly EnteredNeedle[]
  /** By choice, which is where a needle is entered for one phase: the position of the word in its needle. */
  readonly deltas: Int32Array
  /** Entries that were looked at since the words were chosen; the search adds to them. */
  looks = MOST_LOOKS + 1
  readonly #seen = new Uint16Array(TABLE_SIZE)
  #counted = 0

  /**
   * For all needles of at least SAMPLED_BYTES, and those of `anyCase`, which must have as many; owners are indexes into both
   * lists, one after the other. None is entered before the first call of `learn`.
   */
  constructor(needles: readonly Buffer[], anyCase: readonly AnyCaseNeedle[] = []) {
    this.entered = enteredNeedles(needles, anyCase)
    const places = this.entered.reduce((sum, needle) => sum + placesOf(needle), 0)
    this.words = new Int32Array(places)
    this.entries = new Int32Array(places * ENTRY_SIZE)
    this.deltas = new Int32Array(this.entered.length * PHASES)
  }

  /**
   * Counts some of the words that are to be looked up next. Chooses anew if what was looked at in vain has cost more than a
   * choice: logs of another kind may have begun.
   */
  learn(words: Int32Array): void {
    const seen = this.#seen
    const stride = this.#counted < FIRST_WORDS ? FIRST_STRIDE : LATER_STRIDE
    this.#counted += countSome(words, stride, this.#counted % stride, seen)
    if (this.looks > MOST_LOOKS) {
      enterAll(this, seen)
      this.looks = 0
    }
    if (this.#counted < REMEMBERED_WORDS) return
    for (let hash = 0; hash < TABLE_SIZE; hash++) seen[hash] = (seen[hash] as number) >>> 1
    this.#counted >>>= 1
  }
}

/** Counts one word in each `stride`, from the given one on; returns how many were counted. */
function countSome(words: Int32Array, stride: number, from: number, seen: Uint16Array): number {
  let count = 0
  for (let i = from; i < words.length; i += stride) {
    const hash = hashOf(words[i] as number)
    const before = seen[hash] as number
    if (before < MOST_COUNTED) seen[hash] = before + 1
    count++
  }
  return count
}

/**
 * Chooses the rarest words and enters them. `choose` leaves each head at the end of its entries; every entry is written one
 * place before its head, so that in the end the head is where its entries begin.
 */
function enterAll(table: WordTable, seen: Uint16Array): void {
  choose(table, seen)
  const { heads, words, entries, deltas } = table
  for (let choice = 0; choice < deltas.length; choice++) {
    const needle = table.entered[Math.floor(choice / PHASES)] as EnteredNeedle
    const delta = deltas[choice] as number
    const { byte, at } = checkBeside(needle, delta)
    const chosen = wordsAt(needle, delta)
    // No iterators here and below: a choice visits thousands of words, and delays each start.
    for (let i = 0; i < chosen.length; i++) {
      const word = chosen[i] as number
      const head = hashOf(word) >>> HEAD_SHIFT
      const place = (heads[head] as number) - 1
      heads[head] = place
      words[place] = fold(word)
      const entry = place * ENTRY_SIZE
      entries[entry + Entry.checkByte] = byte
      entries[entry + Entry.checkDelta] = at - delta
      entries[entry + Entry.owner] = needle.owner
      entries[entry + Entry.delta] = delta
    }
  }
}

/** Chooses the words; `heads` then holds where the entries of each head end. */
function choose({ present, heads, deltas, entered }: WordTable, seen: Uint16Array): void {
  present.fill(0)
  heads.fill(0)
  for (let choice = 0; choice < deltas.length; choice++) {
    const needle = entered[Math.floor(choice / PHASES)] as EnteredNeedle
    const delta = rarestWord(needle, choice % PHASES, seen)
    deltas[choice] = delta
    const words = wordsAt(needle, delta)
    for (let i = 0; i < words.length; i++) {
      const hash = hashOf(words[i] as number)
      present[hash >> 5] = (present[hash >> 5] as number) | (1 << hash)
      heads[hash >>> HEAD_SHIFT] = (heads[hash >>> HEAD_SHIFT] as number) + 1
    }
  }
  for (let head = 1; head < heads.length; head++)
    heads[head] = (heads[head] as number) + (heads[head - 1] as number)
}

function seenOften(words: Int32Array, seen: Uint16Array): number {
  let count = 0
  for (let i = 0; i < words.length; i++) count += seen[hashOf(words[i] as number)] as number
  return count
}

/**
 * Among the words of a needle that are at an aligned address if it begins at this phase, the one that was seen least; of
 * several, the one with the rarest bytes.
 */
function rarestWord(needle: EnteredNeedle, phase: number, seen: Uint16Array): number {
  const words = fewestWords(needle, phase)
  let best = phase
  let fewest = Number.POSITIVE_INFINITY
  let rarest = -1
  for (let delta = phase; delta + 4 <= needle.bytes.length; delta += 4) {
    if (countAt(needle, delta) > words) continue
    const count = seenOften(wordsAt(needle, delta), seen)
    if (count > fewest) continue
    const rank = rarityOfWord(needle.bytes, delta)
    if (count === fewest && rank <= rarest) continue
    best = delta
    fewest = count
    rarest = rank
  }
  return best
}
