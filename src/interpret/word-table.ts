import { endianness } from 'node:os'

/**
 * Words of 4 bytes under which needles are entered: one for each needle and each of the four alignments at which it may
 * begin. Any word of a needle would do; the rarest makes the fewest vain looks. Which are rare is guessed at first and
 * then counted in what is read, so the choice gets better, but never changes what is found.
 */
export type WordTable = {
  /** One bit for each hash, set where some word has it: small enough for a near cache. */
  readonly present: Int32Array
  /** By the upper bits of the hash: where the first entry begins in `entries`, 0 for none. */
  readonly heads: Int32Array
  /** Entries of ENTRY_SIZE numbers each, side by side so that a look costs one fetch from memory. */
  readonly entries: Int32Array
  /** Counts some of the words, and enters the needles anew when enough is known. */
  learn(words: Int32Array): void
}

/** Numbers of an entry, in this order. The first entry begins at ENTRY_SIZE, so that 0 can mean none. */
const ENTRY_SIZE = 8
export const Entry = {
  word: 0,
  /** Where the next entry with the same head begins, 0 for none. */
  next: 1,
  /** A rare byte of the needle outside the word, and how far from the word it stands: most vain looks end with it. */
  checkByte: 2,
  checkDelta: 3,
  /** Which needle it is, and where in it the word stands. */
  owner: 4,
  delta: 5,
} as const

/** The shortest needle that holds a whole aligned word at each of the four alignments. */
export const SAMPLED_BYTES = 7

const TABLE_SIZE = 1 << 19
/** 2^32 divided by the golden ratio, odd: the upper bits of a product depend on all bytes of the word. */
const HASH_FACTOR = 0x9e3779b1 | 0
/** One word in so many is counted; a prime, so that no column of a table is always hit. */
const LEARN_STRIDE = 127
const FIRST_CHOICE_WORDS = 1 << 12
const LAST_CHOICE_WORDS = 1 << 20

/** Printable bytes of logs, about the most frequent first; what is not here is rarer still. */
const FREQUENT =
  ' eatoinrs0lcd1-2mup/3gf.58hb4679:_vyk"=,[]\'xw()SEITAROCDNjLPqMzFU;GB>HV<WX+*YK{}#|%$&@?!JZQ\\~`^'

/** By byte: the higher, the rarer in logs. */
export const RANKS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const rank = FREQUENT.indexOf(String.fromCharCode(byte))
  return rank < 0 ? FREQUENT.length : rank
})

/** Heads are fewer than hashes: what is looked into often should be small. */
export const HEAD_SHIFT = 3

/** Where a word is entered. Two instructions: the walk over a chunk does little else. */
export function hashOf(word: number): number {
  return Math.imul(word, HASH_FACTOR) >>> 13
}

/** Enters all needles of at least SAMPLED_BYTES; owners are indexes into `needles`. */
export function createWordTable(needles: readonly Buffer[]): WordTable {
  const entries = needles.flatMap((bytes, owner) =>
    bytes.length < SAMPLED_BYTES
      ? []
      : [0, 1, 2, 3].map((phase) => ({ owner, choices: choicesOf(bytes, phase) })),
  )
  const present = new Int32Array(TABLE_SIZE / 32)
  const heads = new Int32Array(TABLE_SIZE >>> HEAD_SHIFT)
  const table = new Int32Array((entries.length + 1) * ENTRY_SIZE)
  const seen = new Uint32Array(TABLE_SIZE)
  let counted = 0
  let nextChoice = FIRST_CHOICE_WORDS

  const enter = () => {
    present.fill(0)
    heads.fill(0)
    for (const [index, { owner, choices }] of entries.entries()) {
      const { word, delta } = rarest(choices, seen)
      const hash = hashOf(word)
      const head = hash >>> HEAD_SHIFT
      const needle = needles[owner] as Buffer
      const check = rarestByte(needle, delta)
      const at = (index + 1) * ENTRY_SIZE
      table.set([word, heads[head] as number, needle[check] ?? 0, check - delta, owner, delta], at)
      heads[head] = at
      present[hash >> 5] = (present[hash >> 5] as number) | (1 << hash)
    }
  }
  enter()
  return {
    present,
    heads,
    entries: table,
    learn(text) {
      for (let i = counted % LEARN_STRIDE; i < text.length; i += LEARN_STRIDE) {
        const hash = hashOf(text[i] as number)
        seen[hash] = (seen[hash] as number) + 1
        counted++
      }
      if (counted < nextChoice) return
      enter()
      if (nextChoice < LAST_CHOICE_WORDS) nextChoice *= 4
      else {
        // What was read long ago counts less and less.
        for (let hash = 0; hash < TABLE_SIZE; hash++) seen[hash] = (seen[hash] as number) >>> 1
        counted >>>= 1
      }
    },
  }
}

/** By the machine's own byte order, as chunks are read. */
const wordAt = (bytes: Buffer, at: number) =>
  endianness() === 'LE' ? bytes.readInt32LE(at) : bytes.readInt32BE(at)

/** A word of a needle that stands at an aligned address if the needle begins at this phase. */
type Choice = { readonly word: number; readonly delta: number; readonly rank: number }

function choicesOf(bytes: Buffer, phase: number): Choice[] {
  const choices: Choice[] = []
  const rank = (at: number) => RANKS[bytes[at] as number] as number
  for (let delta = phase; delta + 4 <= bytes.length; delta += 4) {
    choices.push({
      word: wordAt(bytes, delta),
      delta,
      rank: rank(delta) + rank(delta + 1) + rank(delta + 2) + rank(delta + 3),
    })
  }
  return choices
}

/** Where the rarest byte of a needle stands, but for the four of its word. */
function rarestByte(needle: Buffer, wordAt: number): number {
  let best = wordAt === 0 ? 4 : 0
  for (let i = 0; i < needle.length; i++) {
    if (i >= wordAt && i < wordAt + 4) continue
    if ((RANKS[needle[i] as number] as number) > (RANKS[needle[best] as number] as number)) best = i
  }
  return best
}

function rarest(choices: readonly Choice[], seen: Uint32Array): Choice {
  const count = ({ word }: Choice) => seen[hashOf(word)] as number
  return choices.reduce((best, choice) => {
    const fewer = count(choice) - count(best)
    return fewer < 0 || (fewer === 0 && choice.rank > best.rank) ? choice : best
  })
}
