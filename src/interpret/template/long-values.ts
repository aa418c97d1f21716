import { maskAt } from './mask.ts'
import { failureIn } from './protected-words.ts'

/** Values longer than a word, or shorter than one: a code with its name, a list of hosts, a request, nothing at all. */

/** The name right after a code in hexadecimal says the same as the code: `[HRESULT = 0x80004005 - E_FAIL]`. */
const NAMED_CODE = /(0x[0-9a-fA-F]{4,16}) - [A-Za-z][\w ]{0,60}(?=[\])])/g
/** `node-[1-31 40]`, `compute-A[1,3]`: after a dash, or several, unlike the process in `sshd[12]`. */
const HOSTS =
  /(?<![\w.-])[A-Za-z][\w.]{0,60}(?:(?:-[\w.]{1,60}){0,8}-[A-Za-z]?\[\d[\d, -]{0,200}\]|(?:-[\w.]{1,60}){0,8}\[\d+[,-]\d[\d,-]{0,200}\])/g
const HOLDS_HOSTS = /-[A-Za-z]?\[\d|\w\[\d+[,-]\d/
const EMPTY_QUOTES = /(?<=[\s=:,([])(?:''|"")(?=[\s,;.)\]]|$)/g
/** `from=<>`, `helo=<My desk>`; an address of mail has its own mask. */
const IN_BRACKETS = /=<[^<>@]{0,200}>/g
/** `name=[unknown]`, `(id)=(7, 12)`. */
const UNNAMED = /(?<==)\[unknown\]/g
const IN_PARENTHESES = /(?<==)\([^()]{1,200}\)/g
/** `name=My Driver - Main`, up to a comma, a bracket or the end. */
const NAMES = /(?<=(?:^|[\s,(])[\w.-]{1,40}=)[A-Z]\w*(?: (?:-|[A-Z]\w*)){1,6}(?=[,)\]]|$)/g
const HOLDS_NAMES = /=[A-Z]\w* [A-Z-]/
/** What another server answered, by a code of success: `status=sent (250 queued as A1B2)`, at the end. */
const ANSWERED = /(?<=\w=[\w-]{1,40} )\(2\d\d[ -].*\)$/
/** `server: , client: x`. */
const NO_VALUE = /(?<=\w:) (?=,)/g
/** What a web server is asked for, which may be no more than `/`. */
const REQUEST = /(?<=\b(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|CONNECT) )\S+ HTTP\/\d(?:\.\d)?(?![\w.])/g

/** A line with each such value replaced by a mask. */
export function withoutLongValues(line: string): string {
  let left = line
  if (left.includes('0x') && left.includes(' - ')) left = left.replace(NAMED_CODE, '$1')
  if (HOLDS_HOSTS.test(left)) left = left.replace(HOSTS, '<*>')
  if (left.includes(' HTTP/')) left = left.replace(REQUEST, '<path>')
  if (left.includes('=')) left = withoutLongEquals(left)
  if (left.includes(': ,')) left = left.replace(NO_VALUE, ' <*>')
  return left.includes("''") || left.includes('""') ? left.replace(EMPTY_QUOTES, "'<*>'") : left
}

/** What a key equals, unless it tells of a failure. */
function withoutLongEquals(line: string): string {
  const as = (mask: string) => (value: string) => (failureIn(value) ? value : mask)
  let left = line
  if (line.includes('=<')) {
    left = line.replace(IN_BRACKETS, (value) =>
      maskAt(value, 1) === undefined ? as('=<<*>>')(value) : value,
    )
  }
  if (line.includes('=[')) left = left.replace(UNNAMED, '<*>')
  if (line.includes('=(')) left = left.replace(IN_PARENTHESES, as('(<*>)'))
  if (HOLDS_NAMES.test(left)) left = left.replace(NAMES, as('<*>'))
  return left.endsWith(')') ? left.replace(ANSWERED, as('(<*>)')) : left
}
