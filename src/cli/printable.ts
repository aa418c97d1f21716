import { cleanText } from '../interpret/clean.ts'

/** Marks that reverse the order in which text is shown: a name with one reads as another. */
const REVERSING = /[\u202a-\u202e\u2066-\u2069]/g

/** Text of a log in a form that is safe for a terminal: no control character reaches it, further lines are indented. */
export function printable(text: string, indent: string): string {
  return cleanText(text).replace(REVERSING, '').replaceAll('\n', `\n${indent}`)
}

/** The same in one line: the name of a file or a desktop may contain anything. */
export function oneLine(text: string): string {
  return printable(text, '').replaceAll('\n', ' ')
}
