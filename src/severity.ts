import { SEVERITIES } from './model.ts'

/** The place of a severity among all of them, the least first; -1 for a word that is none. */
export function severityRank(name: string | undefined): number {
  return (SEVERITIES as readonly string[]).indexOf(name ?? '')
}

/** Compares two severities, the worse one first. */
export function worstFirst(a: string | undefined, b: string | undefined): number {
  return severityRank(b) - severityRank(a)
}
