import { albLogger, runsFor as loggedFor } from './alb-logger.ts'
import { albPrint, runsFor } from './alb-print.ts'
import { bootstrapped } from './bootstrap-desktop.ts'
import { type Entry, requested, seenRunning, waitedFor, watcherLog, webLog } from './bootstrap-portal.ts'
import type { Desktop } from './desktops.ts'
import type { Edits } from './edits.ts'
import { EDH_26, type Generation, SOCA_24 } from './generations.ts'
import type { Log } from './scenario.ts'

type Other = {
  readonly hasGpu?: boolean
  /** What the portal got of the broken one. */
  readonly answers?: readonly Entry[]
  /** Where the logs of the broken one are read. */
  readonly below?: string
  /** Instances after the broken one, which are well. */
  readonly later?: readonly Desktop[]
}

/** A desktop with these changes beside one that is well, and what the portal and the load balancer say of both. */
export function beside(
  generation: Generation,
  [broken, well]: readonly [Desktop, Desktop],
  edits: Edits,
  { hasGpu = false, answers = waitedFor(broken), below = '', later = [] }: Other = {},
): Log[] {
  const desktops = [well, broken, ...later]
  return [
    ...bootstrapped(generation, broken, edits, { hasGpu, below }),
    ...[well, ...later].flatMap((one) => bootstrapped(generation, one, {}, { hasGpu })),
    generation === EDH_26
      ? albLogger(generation, loggedFor(...desktops))
      : albPrint(generation.manager, runsFor(...desktops)),
    ...(generation === SOCA_24 ? [] : portal(generation, broken, well, answers)),
  ]
}

function portal(generation: Generation, broken: Desktop, well: Desktop, answers: readonly Entry[]): Log[] {
  return [
    webLog(generation, requested(generation, broken), requested(generation, well)),
    watcherLog(generation, answers, seenRunning(well)),
  ]
}
