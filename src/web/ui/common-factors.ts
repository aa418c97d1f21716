import type { Overview } from './answers.ts'

type Factor = Overview['common'][number]

/** A trait, with the failures among desktops with it and without it. */
export type ClearFactor = Factor & { readonly elsewhere: { readonly failed: number; readonly of: number } }

/** Fewer failed desktops with the same trait may be a coincidence. */
const LEAST_FAILED = 3
/** With fewer other desktops there is nothing to compare with. */
const LEAST_ELSEWHERE = 2
/** Clearly more often than elsewhere: by this share of all, and by this factor. */
const LEAST_APART = 0.25
const LEAST_TIMES = 1.5

/** What failed desktops clearly have in common. */
export function clearFactors(common: readonly Factor[], sessions: Overview['sessions']): ClearFactor[] {
  const all = Object.values(sessions).reduce((sum, count) => sum + count, 0)
  const failed = (sessions.failed ?? 0) + (sessions.stalled ?? 0)
  return common
    .map((factor) => ({
      ...factor,
      elsewhere: { failed: Math.max(0, failed - factor.failed), of: Math.max(0, all - factor.of) },
    }))
    .filter(isClear)
}

function isClear({ failed, of, elsewhere }: ClearFactor): boolean {
  if (failed < LEAST_FAILED || elsewhere.of < LEAST_ELSEWHERE) return false
  const [here, there] = [failed / of, elsewhere.failed / elsewhere.of]
  return here - there >= LEAST_APART && here >= LEAST_TIMES * there
}

/** `all 4 failed; elsewhere 1 of 7`. */
export function factorText({ failed, of, elsewhere }: ClearFactor): string {
  const here = failed === of ? `all ${of} desktops failed` : `${failed} of ${of} desktops failed`
  return `${here}; elsewhere ${elsewhere.failed === 0 ? 'none' : elsewhere.failed} of ${elsewhere.of}`
}

/** `8 of 8; of 11 ready ones 0`: a trait of the desktops that fail for one cause. */
export function shareText({ failed, of }: Factor, desktops: number, ready: number): string {
  return `${failed} of ${desktops}; of ${ready} ready ones ${of - failed}`
}
