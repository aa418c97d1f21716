import { LEVELS, type Level } from '../model.ts'

/** Vendors' words for our levels, in lower case; those of two letters are Xorg's. */
const WORDS: readonly (readonly [Level, string])[] = [
  ['debug', 'trace debug verbose fine finer finest db'],
  ['info', 'info information informational notice note ii ni'],
  ['warn', 'warn warning ww'],
  ['error', 'error err severe invalid ee'],
  ['fatal', 'fatal critical crit alert emerg emergency panic'],
]
/** Xorg's markers of two equal signs: probed, default, from the configuration, from the command line, a notice. */
const SIGNS = '-=*+!'
/** sssd uses one bit per level; a mask of several bits marks what is always written. */
const SSSD: ReadonlyMap<number, Level> = new Map([
  [0x0010, 'fatal'],
  [0x0020, 'error'],
  [0x0040, 'error'],
  [0x0080, 'warn'],
  [0x0400, 'debug'],
  [0x1000, 'debug'],
  [0x2000, 'debug'],
  [0x4000, 'debug'],
  [0x10000, 'debug'],
  [0x20000, 'debug'],
])
const LETTERS = 26
const LOWER_A = 97
const LOWER_X = 120
const ZERO = 48
const MAX_HEX_DIGITS = 6
const INFO = code('info')

/** A trie of the words: node n continues with letter c at `next[n * 26 + c]`, 0 means nowhere; `ends[n]` is a level. */
const { next, ends } = trie()

/**
 * Reads one level in any vendor's spelling, from its first byte; sets `out.level` and returns where it ends, or -1 if there
 * is none.
 */
export function readLevel(bytes: Uint8Array, at: number, end: number, out: { level: number }): number {
  let node = 0
  let i = at
  for (; i < end; i++) {
    const letter = ((bytes[i] as number) | 0x20) - LOWER_A
    if (letter < 0 || letter >= LETTERS) break
    node = next[node * LETTERS + letter] as number
    if (node === 0) return -1
  }
  if (i === at) return readCode(bytes, at, end, out)
  const level = ends[node] as number
  if (level === 0) return -1
  out.level = level
  return i
}

/** Xorg's signs and sssd's bits. */
function readCode(bytes: Uint8Array, at: number, end: number, out: { level: number }): number {
  if (end - at < 2) return -1
  const first = bytes[at] as number
  const second = bytes[at + 1] as number
  if (first === ZERO && second === LOWER_X) return readBits(bytes, at + 2, end, out)
  if (first !== second || !isSign(first)) return -1
  out.level = INFO
  return at + 2
}

function readBits(bytes: Uint8Array, at: number, end: number, out: { level: number }): number {
  const stop = Math.min(end, at + MAX_HEX_DIGITS)
  let bits = 0
  let i = at
  for (; i < stop; i++) {
    const digit = hexDigit(bytes[i] as number)
    if (digit < 0) break
    bits = bits * 16 + digit
  }
  if (i === at) return -1
  out.level = code(SSSD.get(bits) ?? 'info')
  return i
}

function hexDigit(byte: number): number {
  if (byte >= ZERO && byte < ZERO + 10) return byte - ZERO
  const letter = (byte | 0x20) - LOWER_A
  return letter >= 0 && letter < 6 ? letter + 10 : -1
}

function isSign(byte: number): boolean {
  for (let i = 0; i < SIGNS.length; i++) if (SIGNS.charCodeAt(i) === byte) return true
  return false
}

function code(level: Level): number {
  return LEVELS.indexOf(level)
}

function trie(): { next: Uint16Array; ends: Uint8Array } {
  const nodes: number[] = new Array(LETTERS).fill(0)
  const levels: number[] = [0]
  for (const [level, words] of WORDS) {
    for (const word of words.split(' ')) {
      let node = 0
      for (const letter of word) {
        const edge = node * LETTERS + letter.charCodeAt(0) - LOWER_A
        if (nodes[edge] === 0) {
          nodes[edge] = levels.push(0) - 1
          nodes.push(...new Array<number>(LETTERS).fill(0))
        }
        node = nodes[edge] as number
      }
      levels[node] = code(level)
    }
  }
  return { next: Uint16Array.from(nodes), ends: Uint8Array.from(levels) }
}
