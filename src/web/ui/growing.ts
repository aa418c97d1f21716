import type { SignatureItem } from './answers.ts'

/** The number of hourly buckets that count as recent. */
const RECENT = 3

/** Is a failure becoming more frequent now? One that grew earlier and has since been silent is not. */
export function isGrowing({ escalating, trend }: Pick<SignatureItem, 'escalating' | 'trend'>): boolean {
  return escalating === true && (trend === undefined || trend.slice(-RECENT).some((count) => count > 0))
}
