import { cleanText } from '../interpret/clean.ts'

/** Text of a log as a terminal may have it: no control character can reach it, further lines are indented. */
export function printable(text: string, indent: string): string {
  return cleanText(text).replaceAll('\n', `\n${indent}`)
}
