import { selectSteps } from '../../../store/alert-query.ts'
import { boundedLate } from '../../../store/alert-span.ts'
import type { AlertRuleOf } from '../alert-rule.ts'
import { selectOf } from './signature-rule.ts'
import { lastOf, type World } from './world.ts'

type Rate = AlertRuleOf<'rate'>

/** How a signature was before the window, and whether it becomes more within it. */
export type Course = { readonly usual: number; readonly isRising: boolean }

/** With fewer whole windows since its first event nothing is usual for a signature: a burst is no measure of itself. */
const LEAST_WINDOWS = 3

/** The courses of signatures that have been there for long enough before the window; of the others nothing is known. */
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
  // The two halves of the window tell where it goes; the steps before them are those of older windows.
  const steps = { signatures: grown, stepMs: rule.window / 2 }
  const rows = await selectSteps(world.store, span, selectOf(rule), steps)
  return new Map(
    grown.map((signature) => {
      const own = rows.filter((row) => row.signature === signature)
      const sum = (isMeant: (step: number) => boolean) =>
        own.reduce((total, { step, count }) => total + (isMeant(step) ? count : 0), 0)
      const windows = windowsOf(signature)
      const usual = sum((step) => step >= 2 && step < 2 * (windows + 1)) / windows
      return [signature, { usual, isRising: sum((step) => step === 0) >= sum((step) => step === 1) }]
    }),
  )
}

/** Whole windows from its first event (or as far back as is looked) to the begin of this one. */
function windowsBefore(rule: Rate, signature: string, { memory, atMs }: World): number {
  const toMs = atMs - rule.window
  const first = memory.signatures[signature]?.first ?? toMs
  const fromMs = Math.max(toMs - rule.usual_over, memory.sinceMs ?? toMs, first)
  return Math.floor((toMs - fromMs) / rule.window)
}
