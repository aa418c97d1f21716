import { usageError } from '../errors.ts'

/** Throws a usage error that names all choices if the value of an option is none of them. */
export function checkChoice(option: string, value: string | undefined, choices: readonly string[]): void {
  if (value === undefined || choices.includes(value)) return
  throw usageError('E_OPTION', `${option} cannot be "${value}"`, `Use one of ${choices.join(', ')}.`)
}
