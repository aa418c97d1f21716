import type { EventJson } from '../../../event-json.ts'
import { isHostWide, isOfDcvServer, isOfSession } from '../log-habits.ts'
import { isShared } from '../story.ts'
import type { Step } from './phase-model.ts'
import { later, type Standpoint } from './progress.ts'

/** The phase of a failure by its rule. What the server of DCV says of users, it says when they log in. */
export function phaseOf({ phase, source }: EventJson): EventJson['phase'] {
  return phase === 'identity' && isOfDcvServer(source) ? 'connect' : phase
}

/** Failures of a host's setup (packages, disk, network, AWS) may also occur earlier or later. */
export const EARLY: ReadonlySet<string> = new Set(['user-data', 'setup'])

/**
 * The step of a failure: by the phase of its rule; if that is not specific enough, by the step that its file was at (or the
 * one before, if that one had ended, or is a few lines inside of it, and the file is about it as well), by how far the
 * attempt had come when its host wrote the line, or, where such files are not about it, by the step with which they begin.
 */
export function stepOfFailure(
  event: EventJson,
  steps: readonly Step[],
  { byPlace, isEnded, reached }: Standpoint,
): Step | undefined {
  const byRule = steps.find(({ phase }) => phase === phaseOf(event))
  // The system log of a host is about all steps, whichever look into it.
  const ofSource = isHostWide(event.source)
    ? []
    : steps.filter(({ sources }) => sources.includes(event.source ?? ''))
  const [bySource] = ofSource
  if (byRule === undefined) return byPlace ?? bySource
  // No file of the host reports its launch. Files that do are shared, and mention other steps only by name.
  if (byRule.phase === 'launch')
    return isShared(event.source) ? byRule : (byPlace ?? bySource ?? reached ?? byRule)
  if (byRule.phase === 'reboot' && isHostWide(event.source)) return bootAt(reached, byRule, steps)
  if (!EARLY.has(byRule.phase)) return byRule
  // What a session lacks is found when it is created, and reported by its own logs.
  const session = steps.find(({ phase }) => phase === 'session')
  if (session !== undefined && isOfSession(event.source)) return session
  if (byPlace !== undefined) {
    const isBefore = steps.indexOf(byPlace) - steps.indexOf(byRule) === 1
    const isOver = isEnded || byPlace.inside === byRule.phase
    return isOver && isBefore && byRule.sources.includes(event.source ?? '') ? byRule : byPlace
  }
  if (event.ts_quality === 'parsed' && reached !== undefined)
    return later(bySource, launchedOr(byRule, reached, event), steps)
  return startOf(ofSource, byRule)
}

/** The step that was reached; the launch is over once its host writes. */
function launchedOr(byRule: Step, reached: Step, { source }: EventJson): Step {
  return reached.phase === 'launch' && !isShared(source) ? byRule : reached
}

/** What keeps a host from booting is of its user data if none of its own steps was begun: then it is the first boot. */
function bootAt(reached: Step | undefined, reboot: Step, steps: readonly Step[]): Step {
  const isFirst = reached === undefined || reached.phase === 'launch'
  return (isFirst ? steps.find(({ phase }) => phase === 'user-data') : undefined) ?? reboot
}

/** The step with which files of these steps begin, if they are not about the step of the rule. */
function startOf(steps: readonly Step[], byRule: Step): Step {
  const [first] = steps
  if (first === undefined || steps.includes(byRule)) return byRule
  return steps.length === 1 || EARLY.has(first.phase) ? first : byRule
}
