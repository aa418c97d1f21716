import { compareText } from '../../../event-json.ts'
import { type PhaseModel, phasesOf } from '../course/phase-model.ts'
import { type Attempt, nameOf } from '../story.ts'

/** An attempt, its number among those of its desktop (from 1), and the phases of its profile. */
export type Numbered = { readonly attempt: Attempt; readonly number: number; readonly model: PhaseModel }

/**
 * Numbers the attempts of each desktop; by desktop and begin. `only` names the desktops and hosts that are asked for, if not all
 * are. Attempts of a profile without phases are left out.
 */
export function numbered(
  attempts: readonly Attempt[],
  phases: readonly PhaseModel[],
  only: ReadonlySet<string> | undefined,
): Numbered[] {
  const counts = new Map<string, number>()
  return attempts
    .map((attempt) => ({ attempt, name: nameOf(attempt), first: firstOf(attempt) }))
    .filter(({ name, attempt }) => only === undefined || only.has(name) || only.has(attempt.host))
    .sort(
      (a, b) =>
        compareText(a.name, b.name) ||
        compareText(a.attempt.cluster, b.attempt.cluster) ||
        compareText(a.first, b.first),
    )
    .flatMap(({ attempt, name }) => {
      const model = phasesOf(phases, attempt.profile, attempt.os)
      if (model === undefined) return []
      // Two clusters may have desktops of the same name.
      const key = `${attempt.cluster}\0${name}`
      const number = (counts.get(key) ?? 0) + 1
      counts.set(key, number)
      return [{ attempt, number, model }]
    })
}

function firstOf({ files, events }: Attempt): string {
  return [...files.map(({ first_ts }) => first_ts), ...events.map(({ ts }) => ts)].sort()[0] ?? ''
}
