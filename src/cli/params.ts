import type { Params } from './answers.ts'

/** The parameters that have a value. */
export function givenParams(params: Readonly<Record<string, string | undefined>>): Params {
  const given = Object.entries(params)
  return Object.fromEntries(given.filter((entry): entry is [string, string] => entry[1] !== undefined))
}
