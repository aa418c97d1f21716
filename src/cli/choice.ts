import { usageError } from '../errors.ts'
import { similarIds } from '../interpret/similar-ids.ts'

/** Throws a usage error if the value of an option is none of its choices; names those that are spelt most like it, or all. */
export function checkChoice(option: string, value: string | undefined, choices: readonly string[]): void {
  if (value === undefined || choices.includes(value)) return
  throw usageError('E_OPTION', `${option} cannot be "${value}"`, nearHint(value, choices))
}

/** The words that are spelt most like it, or all of them. */
export function nearHint(word: string, known: readonly string[]): string {
  const near = similarIds(word, known)
  return near.length > 0 ? `Did you mean ${near.join(', ')}?` : `Use one of ${known.join(', ')}.`
}
