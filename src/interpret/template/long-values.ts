import { withoutEquals } from './equalled-values.ts'
import { METHODS } from './methods.ts'

/** Values longer than a word, or shorter than one: a code with its name, a list of hosts, a request, nothing at all. */

/** The name right after a code in hexadecimal says the same as the code: `[HRESULT = 0x80004005 - E_FAIL]`. */
const NAMED_CODE = /(0x[0-9a-fA-F]{4,16}) - [A-Za-z][\w ]{0,60}(?=[\])])/g
/** `node-[1-31 40]`, `compute-A[1,3]`: after a dash, or several, unlike the process in `sshd[12]`. */
const HOSTS =
  /(?<![\w.-])[A-Za-z][\w.]{0,60}(?:(?:-[\w.]{1,60}){0,8}-[A-Za-z]?\[\d[\d, -]{0,200}\]|(?:-[\w.]{1,60}){0,8}\[\d+[,-]\d[\d,-]{0,200}\])/g
const HOLDS_HOSTS = /-[A-Za-z]?\[\d|\w\[\d+[,-]\d/
const EMPTY_QUOTES = /(?<=[\s=:,([])(?:''|"")(?=[\s,;.)\]]|$)/g
/** `server: , client: x`. */
const NO_VALUE = /(?<=\w:) (?=,)/g
/** What a web server is asked for, which may be no more than `/`. */
const REQUEST = new RegExp(`(?<=\\b(?:${METHODS.join('|')}) )\\S+ HTTP/\\d(?:\\.\\d)?(?![\\w.])`, 'g')

/** A line with each such value replaced by a mask. */
export function withoutLongValues(line: string): string {
  let left = line
  if (left.includes('0x') && left.includes(' - ')) left = left.replace(NAMED_CODE, '$1')
  if (HOLDS_HOSTS.test(left)) left = left.replace(HOSTS, '<*>')
  if (left.includes(' HTTP/')) left = left.replace(REQUEST, '<path>')
  if (left.includes('=')) left = withoutEquals(left)
  if (left.includes(': ,')) left = left.replace(NO_VALUE, ' <*>')
  return left.includes("''") || left.includes('""') ? left.replace(EMPTY_QUOTES, "'<*>'") : left
}
