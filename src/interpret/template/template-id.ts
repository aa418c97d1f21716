import { hash } from 'node:crypto'

const ID_DIGITS = 16

/** The id of a template, from the masked words with which it was first seen: 16 hex digits, the same everywhere. */
export function idOf(form: string): string {
  return hash('sha256', form, 'hex').slice(0, ID_DIGITS)
}
