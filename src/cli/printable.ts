import { cleanText } from '../interpret/clean.ts'

/** Marks that reverse the order of displayed text, so that a name could be mistaken for another. */
const REVERSING = /[\u202a-\u202e\u2066-\u2069]/g

/** Log text that is safe for a terminal: without control characters, and with further lines indented. */
export function printable(text: string, indent: string): string {
  return cleanText(text).replace(REVERSING, '').replaceAll('\n', `\n${indent}`)
}

/** The same on one line, since names of files and desktops may contain anything. */
export function oneLine(text: string): string {
  return printable(text, '').replaceAll('\n', ' ')
}
