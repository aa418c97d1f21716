/**
 * Bytes of which any may stand at one place of a needle that ignores case. `folded` are those bytes with CASE_BIT,
 * each once.
 */
export type ByteSet = { readonly has: Uint8Array; readonly folded: readonly number[] }

/** A needle that may be written in several ways: what may stand at each of its places. */
export type AnyCaseNeedle = readonly ByteSet[]

/** What upper and lower case of an ASCII letter have in common: the same bits with this one set. */
export const CASE_BIT = 0x20

// Needles are strings, so each set is named by a character that no log contains.
const FIRST_SYMBOL = 0xe000
const sets: ByteSet[] = []
const symbols = new Map<string, string>()

/** The character that stands for the bytes for which `holds` is true, in either case. */
export function symbolFor(holds: (byte: number) => boolean): string {
  const set = setOf(BYTES.filter((byte) => holds(byte) || (isLetter(byte) && holds(byte ^ CASE_BIT))))
  const key = set.has.join('')
  const known = symbols.get(key)
  if (known !== undefined) return known
  const symbol = String.fromCharCode(FIRST_SYMBOL + sets.push(set) - 1)
  symbols.set(key, symbol)
  return symbol
}

/** Length in bytes of what a needle stands for, how many of these are known, and how many may stand in the other places. */
export function measure(needle: string): { bytes: number; known: number; choices: number } {
  const named = [...needle].flatMap((character) => setNamed(character.charCodeAt(0)) ?? [])
  // As UTF-8, a symbol itself has three bytes.
  const bytes = Buffer.byteLength(needle) - 2 * named.length
  return {
    bytes,
    known: bytes - named.length,
    choices: named.reduce((sum, set) => sum + set.folded.length, 0),
  }
}

/** The places of a needle that ignores case: of a small letter only, so that capitals can be asked for. */
export function byteSetsOf(needle: string): AnyCaseNeedle {
  return [...needle].flatMap((character) => {
    const named = setNamed(character.charCodeAt(0))
    return named ?? [...Buffer.from(character)].map((byte) => EITHER_CASE[byte] as ByteSet)
  })
}

/** Needles in a form for JSON: each set as its bytes in Latin-1, and each needle as indexes of sets. */
export type PackedNeedles = {
  readonly sets: readonly string[]
  readonly needles: readonly (readonly number[])[]
}

/** The inverse of `unpackNeedles`. */
export function packNeedles(needles: readonly AnyCaseNeedle[]): PackedNeedles {
  const different = [...new Set(needles.flat())]
  const indexes = new Map(different.map((set, index) => [set, index]))
  return {
    sets: different.map(({ has }) =>
      String.fromCharCode(...[...has.keys()].filter((byte) => has[byte] === 1)),
    ),
    needles: needles.map((needle) => needle.map((set) => indexes.get(set) as number)),
  }
}

/** The inverse of `packNeedles`. */
export function unpackNeedles({ sets: packed, needles }: PackedNeedles): AnyCaseNeedle[] {
  const unpacked = packed.map((bytes) => setOf([...Buffer.from(bytes, 'latin1')]))
  return needles.map((needle) => needle.map((index) => unpacked[index] as ByteSet))
}

function setNamed(code: number): ByteSet | undefined {
  return sets[code - FIRST_SYMBOL]
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte)
const EITHER_CASE = BYTES.map((byte) => {
  const isSmall = isLetter(byte) && (byte & CASE_BIT) !== 0
  return setOf(isSmall ? [byte, byte ^ CASE_BIT] : [byte])
})

function isLetter(byte: number): boolean {
  const lower = byte | CASE_BIT
  return lower >= 0x61 && lower <= 0x7a
}

function setOf(bytes: readonly number[]): ByteSet {
  const has = new Uint8Array(256)
  for (const byte of bytes) has[byte] = 1
  return { has, folded: [...new Set(bytes.map((byte) => byte | CASE_BIT))] }
}
