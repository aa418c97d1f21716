import { rarestByte } from './byte-rarity.ts'
import { type AnyCaseNeedle, type ByteSet, CASE_BIT } from './byte-set.ts'
import { SAMPLED_BYTES } from './entered-needle.ts'
import { appendHit, createHitList, type HitList, insertHit, sortHits } from './hit-list.ts'
import { ENTRY_SIZE, Entry, fold, HEAD_SHIFT, hashOf, WordTable } from './word-table.ts'

/**
 * Finds every occurrence of every needle in a chunk of bytes. A needle of 7 bytes or more contains a whole 4-byte word at an
 * aligned address wherever it begins, so the chunk is walked one aligned word at a time: one load, one multiplication, one
 * look into a table of bits. Only words under which a needle is entered are examined further. Shorter needles are searched
 * one by one.
 */
export type Prefilter = {
  /** Ascending; valid up to the count of the last scan. Replaced when grown, so read them after each scan. */
  readonly positions: Int32Array
  readonly needles: Int32Array
  scan(bytes: Buffer, used: number): number
}

/**
 * Makes the search for a fixed list of needles, compared as UTF-8, and then for those of `anyCase`, which must have at
 * least 7 bytes.
 */
export function createPrefilter(
  needles: readonly string[],
  anyCase: readonly AnyCaseNeedle[] = [],
): Prefilter {
  const encoded = needles.map((needle) => Buffer.from(needle))
  if (encoded.some((needle) => needle.length === 0)) throw new Error('a needle may not be empty')
  const hits = createHitList()
  const table = new WordTable(encoded, anyCase)
  const short = encoded.flatMap((bytes, needle) =>
    bytes.length < SAMPLED_BYTES ? [{ bytes, needle, rarest: rarestByte(bytes) }] : [],
  )
  return {
    get positions() {
      return hits.positions
    },
    get needles() {
      return hits.needles
    },
    scan(bytes, used) {
      hits.count = 0
      if (table.words.length > 0) sweep({ table, needles: encoded, anyCase, hits, bytes, used })
      const long = hits.count
      const text = bytes.subarray(0, used)
      for (const wanted of short) searchShort(wanted, text, hits)
      if (hits.count > long) sortHits(hits, encoded.length + anyCase.length)
      return hits.count
    },
  }
}

type Sweep = {
  readonly table: WordTable
  readonly needles: readonly Buffer[]
  /** Those that ignore case; their numbers follow. */
  readonly anyCase: readonly AnyCaseNeedle[]
  readonly hits: HitList
  readonly bytes: Buffer
  readonly used: number
}

function sweep(state: Sweep): void {
  const { table, bytes, used } = state
  const lead = -bytes.byteOffset & 3
  const count = (used - lead) >> 2
  if (count <= 0) return
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + lead, count)
  table.learn(words)
  const present = table.present
  const whole = count & ~3
  // Four words per iteration, with one branch, since most find nothing. Only the lowest bit of each look counts.
  for (let i = 0; i < whole; i += 4) {
    const ha = hashOf(words[i] as number)
    const hb = hashOf(words[i + 1] as number)
    const hc = hashOf(words[i + 2] as number)
    const hd = hashOf(words[i + 3] as number)
    const a = (present[ha >> 5] as number) >>> ha
    const b = (present[hb >> 5] as number) >>> hb
    const c = (present[hc >> 5] as number) >>> hc
    const d = (present[hd >> 5] as number) >>> hd
    if (((a | b | c | d) & 1) === 0) continue
    const at = lead + 4 * i
    if ((a & 1) !== 0) probe(state, words[i] as number, at)
    if ((b & 1) !== 0) probe(state, words[i + 1] as number, at + 4)
    if ((c & 1) !== 0) probe(state, words[i + 2] as number, at + 8)
    if ((d & 1) !== 0) probe(state, words[i + 3] as number, at + 12)
  }
  for (let i = whole; i < count; i++) probe(state, words[i] as number, lead + 4 * i)
}

/** Compares the needles entered under the word at `at`. */
function probe(state: Sweep, read: number, at: number): void {
  const { bytes } = state
  const { table } = state
  const { words, entries, heads } = table
  const word = fold(read)
  const head = hashOf(word) >>> HEAD_SHIFT
  const first = heads[head] as number
  const end = heads[head + 1] as number
  table.looks += end - first
  for (let place = first; place < end; place++) {
    if (words[place] !== word) continue
    const entry = place * ENTRY_SIZE
    const check = (bytes[at + (entries[entry + Entry.checkDelta] as number)] as number) | CASE_BIT
    if (check !== entries[entry + Entry.checkByte]) continue
    const owner = entries[entry + Entry.owner] as number
    const begin = at - (entries[entry + Entry.delta] as number)
    if (begin >= 0 && isNeedleAt(state, owner, begin)) insertHit(state.hits, begin, owner)
  }
}

function isNeedleAt({ needles, anyCase, bytes, used }: Sweep, owner: number, begin: number): boolean {
  const exact = needles[owner]
  return exact === undefined
    ? isAnyOf(anyCase[owner - needles.length] as AnyCaseNeedle, bytes, begin, used)
    : standsAt(exact, bytes, begin, used)
}

function isAnyOf(needle: AnyCaseNeedle, bytes: Buffer, begin: number, used: number): boolean {
  if (begin + needle.length > used) return false
  for (let i = 0; i < needle.length; i++) {
    if ((needle[i] as ByteSet).has[bytes[begin + i] as number] === 0) return false
  }
  return true
}

function standsAt(needle: Buffer, bytes: Buffer, begin: number, used: number): boolean {
  if (begin + needle.length > used) return false
  for (let i = 0; i < needle.length; i++) if (bytes[begin + i] !== needle[i]) return false
  return true
}

type Short = { readonly bytes: Buffer; readonly needle: number; readonly rarest: number }

/**
 * Searches for the rarest byte of the needle, then checks its neighbours: searching for a frequent first letter would stop
 * everywhere.
 */
function searchShort({ bytes, needle, rarest }: Short, text: Buffer, hits: HitList): void {
  const rare = bytes[rarest] as number
  for (let at = text.indexOf(rare, rarest); at >= 0; at = text.indexOf(rare, at + 1)) {
    if (standsAt(bytes, text, at - rarest, text.length)) appendHit(hits, at - rarest, needle)
  }
}
