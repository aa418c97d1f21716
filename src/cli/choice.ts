import { usageError } from '../errors.ts'
import { similarIds } from '../interpret/similar-ids.ts'

/**
 * Throws a usage error if an option has a value that is not among its choices; the hint names the most similar ones, or all.
 */
export function checkChoice(option: string, value: string | undefined, choices: readonly string[]): void {
  if (value === undefined || choices.includes(value)) return
  throw usageError('E_OPTION', `${option} cannot be "${value}"`, nearHint(value, choices))
}

/** The most similar words, or all of them. */
export function nearHint(word: string, known: readonly string[]): string {
  const near = similarIds(word, known)
  return near.length > 0 ? `Did you mean ${near.join(', ')}?` : `Use one of ${known.join(', ')}.`
}
