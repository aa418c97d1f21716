import { endianness } from 'node:os'
import { rarestBeside } from './byte-rarity.ts'
import { type AnyCaseNeedle, CASE_BIT } from './byte-set.ts'

/** The shortest needle that contains a whole aligned word at each of the four alignments. */
export const SAMPLED_BYTES = 7

/** A needle may begin at any byte of an aligned word. */
export const PHASES = 4

/** A needle with more entries would be found nearly everywhere. */
const MOST_PLACES = 4096

/** A needle as a word table sees it. */
export type EnteredNeedle = {
  readonly owner: number
  /** Where one of several bytes may stand, the first stands for them: it is only compared with other guesses. */
  readonly bytes: Buffer
  /** Undefined if all bytes are known. */
  readonly open: Open | undefined
}

/** What is open in a needle, with the words that may stand at a position, as far as they were asked for. */
type Open = { readonly sets: AnyCaseNeedle; readonly words: (Int32Array | undefined)[] }

/**
 * The needles of at least SAMPLED_BYTES, and those of `anyCase`, which must have as many; owners are indexes into both lists,
 * one after the other.
 */
export function enteredNeedles(
  needles: readonly Buffer[],
  anyCase: readonly AnyCaseNeedle[],
): EnteredNeedle[] {
  const exact = needles.map((bytes, owner): EnteredNeedle => ({ owner, bytes, open: undefined }))
  const open = anyCase.map(
    (sets, index): EnteredNeedle => ({
      owner: needles.length + index,
      bytes: Buffer.from(sets.map(({ folded }) => folded[0] ?? 0)),
      open: { sets, words: [] },
    }),
  )
  return [...exact.filter(({ bytes }) => bytes.length >= SAMPLED_BYTES), ...open]
}

const only = new Int32Array(1)

/** All words of four bytes that may stand at a position, as numbers in the machine's byte order; valid until the next call. */
export function wordsAt({ bytes, open }: EnteredNeedle, delta: number): Int32Array {
  if (open === undefined) {
    only[0] = LITTLE ? bytes.readInt32LE(delta) : bytes.readInt32BE(delta)
    return only
  }
  open.words[delta] ??= combinations(open.sets.slice(delta, delta + 4))
  return open.words[delta]
}

/** How many words these are. */
export function countAt({ open }: EnteredNeedle, delta: number): number {
  if (open === undefined) return 1
  let count = 1
  for (let at = delta; at < delta + 4; at++) count *= open.sets[at]?.folded.length ?? 1
  return count
}

/** How many entries a needle takes; throws if too little of it is known for a table to be of use. */
export function placesOf(needle: EnteredNeedle): number {
  let places = 0
  for (let phase = 0; phase < PHASES; phase++) places += fewestWords(needle, phase)
  if (places > MOST_PLACES) throw new Error(`needle ${needle.owner} leaves too much open`)
  return places
}

/** The number of words at the position where they are fewest, if the needle begins so many bytes before an aligned word. */
export function fewestWords(needle: EnteredNeedle, phase: number): number {
  if (needle.open === undefined) return 1
  let fewest = Number.POSITIVE_INFINITY
  for (let delta = phase; delta + 4 <= needle.bytes.length; delta += 4) {
    fewest = Math.min(fewest, countAt(needle, delta))
  }
  return fewest
}

/** Where to look first if the word at a position is found: the rarest known byte outside it, if there is one. */
export function checkBeside({ bytes, open }: EnteredNeedle, delta: number): { byte: number; at: number } {
  const at = open === undefined ? rarestBeside(bytes, delta) : knownBeside(open.sets, delta)
  return { byte: (bytes[at] as number) | CASE_BIT, at }
}

function knownBeside(sets: AnyCaseNeedle, delta: number): number {
  const isKnown = ({ folded }: AnyCaseNeedle[number]) => folded.length === 1
  const outside = sets.findIndex((set, at) => isKnown(set) && (at < delta || at >= delta + 4))
  return outside >= 0 ? outside : sets.findIndex(isKnown)
}

/** The words that take one byte from each of four sets. */
function combinations(sets: AnyCaseNeedle): Int32Array {
  const found = new Int32Array(sets.reduce((product, { folded }) => product * folded.length, 1))
  let count = 1
  for (const [at, { folded }] of sets.entries()) {
    const shift = 8 * (LITTLE ? at : 3 - at)
    // Down from the last byte: the words as they were give way to those with the first byte at the end.
    for (let choice = folded.length - 1; choice >= 0; choice--) {
      const bits = (folded[choice] as number) << shift
      for (let i = 0; i < count; i++) found[choice * count + i] = (found[i] as number) | bits
    }
    count *= folded.length
  }
  return found
}

const LITTLE = endianness() === 'LE'
