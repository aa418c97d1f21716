/** Values longer than a word, or shorter than one: a code with its name, a list of hosts, nothing in quotes. */

/** The name right after a code in hexadecimal says the same as the code: `[HRESULT = 0x80004005 - E_FAIL]`. */
const NAMED_CODE = /(0x[0-9a-fA-F]{4,16}) - [A-Za-z][\w ]{0,60}(?=[\])])/g
/** `node-[1-31 40]`, `compute-A[1,3]`: after a dash, unlike the process in `sshd[12]`. */
const HOSTS = /(?<![\w.-])[A-Za-z][\w.]{0,60}(?:-[\w.]{1,60}){0,8}-[A-Za-z]?\[\d[\d, -]{0,200}\]/g
const HOLDS_HOSTS = /-[A-Za-z]?\[\d/
const EMPTY_QUOTES = /(?<=[\s=:,([])(?:''|"")(?=[\s,;.)\]]|$)/g

/** A line with each such value replaced by a mask. */
export function withoutLongValues(line: string): string {
  let left = line
  if (left.includes('0x') && left.includes(' - ')) left = left.replace(NAMED_CODE, '$1')
  if (HOLDS_HOSTS.test(left)) left = left.replace(HOSTS, '<*>')
  return left.includes("''") || left.includes('""') ? left.replace(EMPTY_QUOTES, "'<*>'") : left
}
