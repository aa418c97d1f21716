import { isProtected } from './protected-words.ts'

/** The kind of value at a place of a template. */
export type Mask =
  | '<*>'
  | '<arn>'
  | '<bool>'
  | '<hex>'
  | '<host>'
  | '<ip>'
  | '<mac>'
  | '<mail>'
  | '<num>'
  | '<path>'
  | '<session>'
  | '<time>'
  | '<url>'
  | '<user>'
  | '<uuid>'

const LESS = 60

/** Is this a mask? No other word begins with `<`. */
export function isMask(word: string): boolean {
  return word.charCodeAt(0) === LESS
}

const END = '(?![A-Za-z0-9_])'
/** Not followed by anything that makes it part of a longer name. */
const ALONE = '(?![A-Za-z0-9_]|[.-][A-Za-z0-9])'
const MONTHS = 'Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec'
const CLOCK = '\\d{1,2}:\\d{1,2}:\\d{1,2}(?:[.,:]\\d{1,9})?(?:Z|[+-]\\d\\d:?\\d\\d)?'
const AFTER_DATE = `(?:[T:_-]${CLOCK})?${END}`
const HEX2 = '[0-9a-fA-F]{2}'
const HEX4 = '[0-9a-fA-F]{1,4}'
/** A part of a host's name. */
const LABEL = '[A-Za-z0-9_-]+'
/** What a source file ends in: `app.py:80` is a line of a file, no address. */
const SOURCE_FILE =
  'c|cc|cpp|cs|cxx|conf|cfg|go|h|hpp|ini|java|js|json|kt|log|lua|m|mm|php|pl|pm|ps1|py|rb|rs|scala|sh|sql|swift|ts|tsx|txt|vb|xml|yaml|yml'
const IN_URL = '[^\\s"\'<>,;()\\[\\]{}|]'
const IN_WINDOWS = '[^\\s"\'<>,;()|]'

/** A kind of value, with a cheap check whether it may begin at a place, since most words are none. */
type Entity = readonly [RegExp, Mask, (text: string, at: number) => boolean]

const isDigit = (code: number) => code >= 48 && code <= 57
const COLON = 58
const DASH = 45
const SLASH = 47
const BACKSLASH = 92
/** Is one of these characters at one of the next places? */
const soon = (text: string, at: number, from: number, to: number, codes: readonly number[]) => {
  for (let i = at + from; i <= at + to; i++) if (codes.includes(text.charCodeAt(i))) return true
  return false
}
const hasPort = (text: string, at: number) => {
  const colon = text.indexOf(':', at)
  return colon > at && isDigit(text.charCodeAt(colon + 1)) && !isDigit(text.charCodeAt(colon - 1))
}
const startsWithDigit = (text: string, at: number) => isDigit(text.charCodeAt(at))
const DATE_MARKS = [DASH, SLASH, 46]

/** Values that contain characters at which words are split, in the order in which they are tried at the start of a word. */
const ACROSS: readonly Entity[] = [
  [sticky(`[A-Za-z][A-Za-z0-9+.-]{0,20}://${IN_URL}+`), '<url>', (text, at) => text.indexOf('://', at) > at],
  [sticky(`arn:aws[\\w-]*:${IN_URL}+`), '<arn>', (text, at) => text.startsWith('arn:', at)],
  [
    sticky(`[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}${END}`),
    '<uuid>',
    (text, at) => text.charCodeAt(at + 8) === DASH,
  ],
  [sticky(`(?:${HEX2}[:-]){5,19}${HEX2}${END}`), '<mac>', (text, at) => soon(text, at, 5, 5, [COLON, DASH])],
  [
    sticky(`\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}${AFTER_DATE}`),
    '<time>',
    (text, at) => startsWithDigit(text, at) && soon(text, at, 4, 4, DATE_MARKS),
  ],
  [
    sticky(`\\d{1,2}[/.]\\d{1,2}[/.]\\d{4}${AFTER_DATE}`),
    '<time>',
    (text, at) => startsWithDigit(text, at) && soon(text, at, 3, 5, DATE_MARKS),
  ],
  [
    sticky(`\\d{1,2}[/-](?:${MONTHS})[/-]\\d{4}(?::${CLOCK})?${END}`),
    '<time>',
    (text, at) => startsWithDigit(text, at) && soon(text, at, 5, 6, DATE_MARKS),
  ],
  [
    sticky(`${CLOCK}${END}`),
    '<time>',
    (text, at) => startsWithDigit(text, at) && soon(text, at, 1, 2, [COLON]),
  ],
  [
    sticky(`(?:::ffff:)?\\d{1,3}(?:\\.\\d{1,3}){3}(?:/\\d{1,2})?(?::\\d{1,5})?${ALONE}`),
    '<ip>',
    (text, at) => text.charCodeAt(at) === COLON || (startsWithDigit(text, at) && soon(text, at, 1, 3, [46])),
  ],
  [
    sticky(
      `(?:(?:${HEX4}:){7}${HEX4}|(?:${HEX4}:){1,6}(?::${HEX4}){1,6}|(?:${HEX4}:){2,7}:|::1)(?:%\\w{1,16})?(?:/\\d{1,3})?${END}`,
    ),
    '<ip>',
    (text, at) => soon(text, at, 0, 4, [COLON]),
  ],
  [
    sticky(
      `(?:localhost|(?:${LABEL}\\.)+(?!(?:${SOURCE_FILE}):)[a-z]{2,24}):\\d{1,5}(?![A-Za-z0-9_:]|[.-][A-Za-z0-9])`,
    ),
    '<host>',
    (text, at) => hasPort(text, at),
  ],
  [
    sticky('/[^\\s"\'<>,;()?]*\\?[^\\s"\'<>]*'),
    '<path>',
    (text, at) => text.charCodeAt(at) === SLASH && text.indexOf('?', at) > at,
  ],
  [
    sticky(`[A-Za-z]:\\\\${IN_WINDOWS}*`),
    '<path>',
    (text, at) => text.charCodeAt(at + 2) === BACKSLASH && text.charCodeAt(at + 1) === COLON,
  ],
  [
    sticky(`\\\\\\\\[^\\s"'<>,;()|\\\\]+\\\\${IN_WINDOWS}*`),
    '<path>',
    (text, at) => text.charCodeAt(at) === BACKSLASH,
  ],
]

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
  [/^(?:true|false)$/i, '<bool>'],
  // A disk.
  [/^(?:sd|vd|xvd)[a-jl-z]$/, '<*>'],
  [/\d/, '<*>'],
]

const WRITTEN = sticky('<(?:\\*|[a-z]{2,7})>')
const MASKS: ReadonlySet<string> = new Set<Mask>([
  ...ACROSS.map(([, mask]) => mask),
  ...WITHIN.map(([, mask]) => mask),
  '<session>',
  '<user>',
])

/** What programs write for a missing value. */
const NO_VALUE = new Set(['<none>', '<null>', '<nil>', '<empty>', '<unknown>', '<unnamed>'])

/** Finds the mask written at `at`, so that a template is its own template. */
export function maskAt(
  text: string,
  at: number,
): { readonly end: number; readonly mask: string } | undefined {
  WRITTEN.lastIndex = at
  const mask = WRITTEN.exec(text)?.[0]
  if (mask === undefined) return undefined
  const end = at + mask.length
  if (NO_VALUE.has(mask)) return { end, mask: '<*>' }
  return MASKS.has(mask) ? { end, mask } : undefined
}

/** Finds the value that begins at `at` and may contain characters at which words are split. */
export function entityAt(
  text: string,
  at: number,
): { readonly end: number; readonly mask: Mask } | undefined {
  for (const [regex, mask, mayBegin] of ACROSS) {
    if (!mayBegin(text, at)) continue
    regex.lastIndex = at
    if (regex.test(text)) return { end: regex.lastIndex, mask }
  }
  return undefined
}

/** Names that end in a digit, of which there are few. */
const NUMBERED_NAME = /^(?:IPv?[46]|SOCKS[45][ah]?|SMBv?[123]|NFSv?[34]|NTLMv[12]|MD[45]|HTTP[23])$/i

const PLAIN = /^[A-Za-z]+$/
const HEX_OR_BOOL = /^(?:[0-9a-fA-F]{8,}|true|false|(?:sd|vd|xvd)[a-jl-z])$/i

/** The mask of a word that is a value by its form, or the word itself. */
export function masked(word: string): string {
  if (PLAIN.test(word) && !HEX_OR_BOOL.test(word)) return word
  if (isProtected(word) || NUMBERED_NAME.test(word)) return word
  for (const [regex, mask] of WITHIN) if (regex.test(word)) return mask
  return word
}

function sticky(source: string): RegExp {
  return new RegExp(source, 'y')
}
