import type { Mask } from './mask.ts'

/** Not followed by anything that makes it part of a longer word. */
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
const IPV4 = '\\d{1,3}(?:\\.\\d{1,3}){3}'
const IN_URL = '[^\\s"\'<>,;()\\[\\]{}|]'
const IN_WINDOWS = '[^\\s"\'<>,;()|]'

/** A kind of value, with a cheap check whether it may begin at a place, since most words are none. */
type Entity = readonly [regex: RegExp, mask: Mask, mayBegin: (text: string, at: number) => boolean]

const isDigit = (code: number) => code >= 48 && code <= 57
const COLON = 58
const DASH = 45
const DOT = 46
const SLASH = 47
const BACKSLASH = 92
/** Is one of these characters in [first, last]? */
const hasOneOf = (codes: readonly number[], text: string, first: number, last: number) => {
  for (let i = first; i <= last; i++) if (codes.includes(text.charCodeAt(i))) return true
  return false
}
const hasPort = (text: string, at: number) => {
  const colon = text.indexOf(':', at)
  return colon > at && isDigit(text.charCodeAt(colon + 1)) && !isDigit(text.charCodeAt(colon - 1))
}
const startsWithDigit = (text: string, at: number) => isDigit(text.charCodeAt(at))
const DATE_MARKS = [DASH, DOT, SLASH]

/** Values that contain characters at which words are split, in the order in which they are tried at the start of a word. */
const ACROSS: readonly Entity[] = [
  [sticky(`[A-Za-z][A-Za-z0-9+.-]{0,20}://${IN_URL}+`), '<url>', (text, at) => text.indexOf('://', at) > at],
  [sticky(`arn:aws[\\w-]*:${IN_URL}+`), '<arn>', (text, at) => text.startsWith('arn:', at)],
  [
    sticky(`[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![A-Za-z0-9_@])`),
    '<uuid>',
    (text, at) => text.charCodeAt(at + 8) === DASH,
  ],
  [
    sticky(`(?:${HEX2}[:-]){5,19}${HEX2}${END}`),
    '<mac>',
    (text, at) => hasOneOf([COLON, DASH], text, at + 5, at + 5),
  ],
  [
    sticky(`\\d{4}[-/.]\\d{1,2}[-/.]\\d{1,2}${AFTER_DATE}`),
    '<time>',
    (text, at) => startsWithDigit(text, at) && hasOneOf(DATE_MARKS, text, at + 4, at + 4),
  ],
  [
    sticky(`\\d{1,2}[/.]\\d{1,2}[/.]\\d{4}${AFTER_DATE}`),
    '<time>',
    (text, at) => startsWithDigit(text, at) && hasOneOf(DATE_MARKS, text, at + 3, at + 5),
  ],
  [
    sticky(`\\d{1,2}[/-](?:${MONTHS})[/-]\\d{4}(?::${CLOCK})?${END}`),
    '<time>',
    (text, at) => startsWithDigit(text, at) && hasOneOf(DATE_MARKS, text, at + 5, at + 6),
  ],
  [
    sticky(`${CLOCK}${END}`),
    '<time>',
    (text, at) => startsWithDigit(text, at) && hasOneOf([COLON], text, at + 1, at + 2),
  ],
  [
    sticky(`(?:::ffff:)?${IPV4}(?:/\\d{1,2})?(?::\\d{1,5})?${ALONE}`),
    '<ip>',
    (text, at) =>
      text.charCodeAt(at) === COLON || (startsWithDigit(text, at) && hasOneOf([DOT], text, at + 1, at + 3)),
  ],
  [
    sticky(
      `(?:(?:${HEX4}:){7}${HEX4}|(?:${HEX4}:){1,6}(?::${HEX4}){1,6}|(?:${HEX4}:){2,7}:|::\\d)(?:%\\w{1,16})?(?:/\\d{1,3})?${END}`,
    ),
    '<ip>',
    (text, at) => hasOneOf([COLON], text, at, at + 4),
  ],
  [
    sticky(
      `(?:localhost|(?:${LABEL}\\.)+(?!(?:${SOURCE_FILE}):)[a-z]{2,24}):\\d{1,5}(?![A-Za-z0-9_:]|[.-][A-Za-z0-9])`,
    ),
    '<host>',
    (text, at) => hasPort(text, at),
  ],
  // A host by its name, if it has one, and its address.
  [
    sticky(
      `(?:unknown|localhost|${LABEL}(?:\\.${LABEL})+)\\[(?:${IPV4}|[0-9a-fA-F:]{2,39})\\](?::\\d{1,5})?${END}`,
    ),
    '<host>',
    (text, at) => text.indexOf('[', at) > at,
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

function sticky(source: string): RegExp {
  return new RegExp(source, 'y')
}
