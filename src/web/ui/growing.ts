import type { SignatureItem } from './answers.ts'

/** Buckets of the trend, an hour each, that count as now. */
const RECENT = 3

/** Does a failure become more now? One that grew in the morning and is silent since does not. */
export function isGrowing({ escalating, trend }: Pick<SignatureItem, 'escalating' | 'trend'>): boolean {
  return escalating === true && (trend === undefined || trend.slice(-RECENT).some((count) => count > 0))
}
