import { selectSteps } from '../../../store/alert-query.ts'
import { boundedLate } from '../../../store/alert-span.ts'
import type { AlertRuleOf } from '../alert-rule.ts'
import { selectOf } from './signature-rule.ts'
import { lastOf, type World } from './world.ts'

type Rate = AlertRuleOf<'rate'>

/** The usual number of events of a signature per window, and whether it rises within the current one. */
export type Course = { readonly usual: number; readonly isRising: boolean }

/**
 * With fewer whole windows since its first event than this, a signature has no usual rate: a burst cannot be its own measure.
 */
const LEAST_WINDOWS = 3

/** The courses of signatures that have existed for long enough before the window; others are not in the result. */
export async function coursesOf(
  rule: Rate,
  signatures: readonly string[],
  world: World,
): Promise<ReadonlyMap<string, Course>> {
  const windowsOf = (signature: string) => windowsBefore(rule, signature, world)
  const grown = signatures.filter((signature) => windowsOf(signature) >= LEAST_WINDOWS)
  if (grown.length === 0) return new Map()
  const most = Math.max(...grown.map(windowsOf))
  const span = boundedLate(lastOf(world, (most + 1) * rule.window))
  // The two halves of the current window show the direction; the steps before them make up the older windows.
  const steps = { signatures: grown, stepMs: rule.window / 2 }
  const rows = await selectSteps(world.store, span, selectOf(rule), steps)
  return new Map(
    grown.map((signature) => {
      const counts = rows.filter((row) => row.signature === signature)
      const sum = (isMeant: (step: number) => boolean) =>
        counts.reduce((total, { step, count }) => total + (isMeant(step) ? count : 0), 0)
      const windows = windowsOf(signature)
      const usual = sum((step) => step >= 2 && step < 2 * (windows + 1)) / windows
      return [signature, { usual, isRising: sum((step) => step === 0) >= sum((step) => step === 1) }]
    }),
  )
}

/** The number of whole windows from its first event (or the limit of looking back) to the start of the current one. */
function windowsBefore(rule: Rate, signature: string, { memory, atMs }: World): number {
  const toMs = atMs - rule.window
  const first = memory.signatures[signature]?.first ?? toMs
  const fromMs = Math.max(toMs - rule.usual_over, memory.sinceMs ?? toMs, first)
  return Math.floor((toMs - fromMs) / rule.window)
}
