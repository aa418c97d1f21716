import { failureIn } from './protected-words.ts'
import { tellsSomething } from './sentence.ts'

/** What is in square brackets within a sentence, as in `servlet [a] takes [Page 1 of 2]`; a code with its name has its own mask. */
const PHRASE = /(?<=\S )\[(?![^[\]]* = )[^[\]]{1,200}\]/g
/** The kinds of failures that programs name in one word. */
const FAULT = /Exception|Error|Fault|Failure/

/** A line with each phrase in brackets replaced by a mask, but no sentence, and none in a line that tells of a failure: it may say what failed. */
export function withoutBrackets(line: string): string {
  if (!line.includes(' [') || FAULT.test(line) || failureIn(line)) return line
  return line.replace(PHRASE, (phrase) => (tellsSomething(phrase) ? phrase : '[<*>]'))
}
