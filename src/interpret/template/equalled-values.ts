import { maskAt } from './mask.ts'
import { failureIn } from './protected-words.ts'
import { tellsSomething } from './sentence.ts'

/** What a key equals, if it is longer than a word, or nothing at all; what tells something stays. */

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

/** A line with each value that a key equals, and that is longer than a word or empty, replaced by a mask. */
export function withoutEquals(line: string): string {
  const as = (mask: string) => (value: string) => (tellsSomething(value) ? value : mask)
  let left = line
  if (line.includes('=<')) {
    left = line.replace(IN_BRACKETS, (value) =>
      maskAt(value, 1) === undefined ? as('=<<*>>')(value) : value,
    )
  }
  if (line.includes('=[')) left = left.replace(UNNAMED, '<*>')
  if (line.includes('=(')) left = left.replace(IN_PARENTHESES, as('(<*>)'))
  if (HOLDS_NAMES.test(left)) left = left.replace(NAMES, as('<*>'))
  return left.endsWith(')') ? left.replace(ANSWERED, (value) => (failureIn(value) ? value : '(<*>)')) : left
}
