import type { Mask } from './mask.ts'
import { isProtected } from './protected-words.ts'

const TOP_LEVEL = 'com|net|org|edu|gov|mil|io|local|internal|localdomain|info|biz|lan|corp|arpa'
const COUNTRY =
  'de|fr|uk|jp|cn|kr|tw|hk|br|nl|it|es|pl|ru|se|ch|at|be|ca|au|us|eu|cz|pt|gr|hu|dk|fi|ro|mx|ar|za|tr|ua|sg|my|th|vn|il|nz'

/** What a single word, without characters at which words are split, may stand for. */
const WITHIN: readonly (readonly [RegExp, Mask])[] = [
  [/^[+-]?(?:\d[\d.,]*|\.\d+)(?:[eE][+-]?\d+)?(?:%|[A-Za-zµ]{1,3}(?:\/s)?)?$/, '<num>'],
  [/^[+-]?0[xX][0-9a-fA-F]+[hlLuU]*$/, '<hex>'],
  [/^[0-9a-fA-F]{8,}$/, '<hex>'],
  [/^[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+$/, '<mail>'],
  [/^(?:~|\.{1,2})?\/.*[^/]/, '<path>'],
  [/^[\w.@~%+-]+(?:\/[\w.@~%+$-]+){2,}\/?$/, '<path>'],
  // A class of a package, as Android names its components.
  [/^[a-z]\w*(?:\.\w+)+\/[\w.$]+$/, '<path>'],
  [new RegExp(`^(?:[A-Za-z0-9_-]+\\.)+(?:${TOP_LEVEL})$`), '<host>'],
  [new RegExp(`^(?:[A-Za-z0-9_-]+\\.){2,}(?:${COUNTRY})$`), '<host>'],
  [/^localhost$/i, '<host>'],
  [/^(?:true|false)$/i, '<bool>'],
  // A disk.
  [/^(?:sd|vd|xvd)[a-jl-z]$/, '<*>'],
  [/\d/, '<*>'],
]

/** The names that end in a digit without being a value: protocols and algorithms. Whichever digit: see `shapeOf`. */
const NUMBERED_NAME = /^(?:IPv?\d|SOCKS\d[ah]?|SMBv?\d|NFSv?\d|NTLMv\d|MD\d|HTTP\d)$/i

const PLAIN = /^[A-Za-z]+$/
const HEX_OR_BOOL = /^(?:[0-9a-fA-F]{8,}|true|false|localhost|(?:sd|vd|xvd)[a-jl-z])$/i

/** The mask of a word that is a value by its form, or the word itself. */
export function masked(word: string): string {
  if (PLAIN.test(word) && !HEX_OR_BOOL.test(word)) return word
  if (isProtected(word) || NUMBERED_NAME.test(word)) return word
  for (const [regex, mask] of WITHIN) if (regex.test(word)) return mask
  return word
}
