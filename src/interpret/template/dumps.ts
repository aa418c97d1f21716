import { failureIn } from './protected-words.ts'

/**
 * What programs print of their objects: `{'port': 80}`, `Window{41ad6f0 u0 StatusBar}`, `Segment(base=0, size=12)`, `[]`.
 * Keys come and go, so an object counts as one value, unless it reports a failure.
 */

const OPEN = 123
const CLOSE = 125
const QUOTES = new Set([34, 39])
const BACKSLASH = 92
const COLON = 58
const EQUALS = 61
/** The maximum nesting of printed objects. */
const MAX_DEPTH = 20
/** After this many braces that open no object no more are tried: a hostile line must not take quadratic time. */
const MAX_UNCLOSED = 20

/** A number or an address of memory, as the first word of an object that has no keys. */
const IDENTITY = /\{(?:\d+|(?=[a-f]*\d)[0-9a-f]{5,16}|[a-f]{6,8})(?=[\s}:,])/y

/** Two or more pairs in the parentheses of a name; in a sentence a space would precede them. */
const NAMED = /\b[A-Z]\w*\((?:\w+=[^()=]*(?:\([^()]*\))?,\s?){1,40}\w+=[^()]*(?:\([^()]*\)[^()]*)*\)/g
/** What programs print for a missing or optional value: `[]`, `None`, `Some(…)`. */
const OPTIONAL =
  /(?<=[=:,([]\s?|\s)(?:\[\]|set\(\)|None|\(null\)|\{\s?\}|Some\([^()]{0,200}(?:\([^()]{0,200}\))?\))(?=[,;.\s\])}]|$)/g
const HOLDS_OPTIONAL = /\[\]|set\(\)|None|\(null|\{\s?\}|Some\(/
/** Collections as they are printed on the JVM: `Set()`, `HashMap(a -> 1)`, with one of their kind within. */
const COLLECTION =
  /\b(?:Hash|Linked|Tree|Array)*(?:Set|Map|List|Vector|Buffer|Seq)\((?:[^()]|\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\))*\)/g
const HOLDS_COLLECTION = /(?:Set|Map|List|Vector|Buffer|Seq)\(/
/** A list that a name equals. */
const LIST = /(?<==\s?)\[[^[\]]*\]/g

/** Replaces each object that a line prints by `<*>`; a line that is itself an object stays as it is. */
export function withoutDumps(line: string): string {
  const asValue = (dump: string) => (failureIn(dump) ? dump : '<*>')
  let left = line.indexOf('{', 1) > 0 ? withoutBraces(line) : line
  if (left.includes('(')) left = left.replace(NAMED, asValue)
  if (HOLDS_COLLECTION.test(left)) left = left.replace(COLLECTION, asValue)
  if (HOLDS_OPTIONAL.test(left)) left = left.replace(OPTIONAL, '<*>')
  return left.includes('=[') || left.includes('= [') ? left.replace(LIST, asValue) : left
}

function withoutBraces(line: string): string {
  let out = ''
  let from = 0
  const first = line.search(/\S/)
  let unclosed = 0
  for (
    let at = line.indexOf('{', first + 1);
    at >= 0 && unclosed < MAX_UNCLOSED;
    at = line.indexOf('{', at)
  ) {
    const end = endOfObject(line, at)
    if (end === undefined) unclosed++
    if (end === undefined || failureIn(line.slice(at, end))) {
      at++
      continue
    }
    out += `${line.slice(from, at)}<*>`
    from = end
    at = end
  }
  return from === 0 ? line : out + line.slice(from)
}

/** The position after the brace that closes an object, if the object is empty, has keys, or says which one it is. */
function endOfObject(line: string, begin: number): number | undefined {
  let depth = 0
  IDENTITY.lastIndex = begin
  let isObject = IDENTITY.test(line)
  for (let at = begin; at < line.length; at++) {
    const code = line.charCodeAt(at)
    if (QUOTES.has(code)) at = endOfText(line, at)
    else if (code === OPEN && ++depth > MAX_DEPTH) return undefined
    else if (code === CLOSE && --depth === 0) return isObject || at === begin + 1 ? at + 1 : undefined
    else if (code === COLON || code === EQUALS) isObject = true
  }
  return undefined
}

/** The position of the quote that closes the one at `begin`. */
function endOfText(line: string, begin: number): number {
  const quote = line.charCodeAt(begin)
  let at = begin + 1
  while (at < line.length && line.charCodeAt(at) !== quote) at += line.charCodeAt(at) === BACKSLASH ? 2 : 1
  return at
}
