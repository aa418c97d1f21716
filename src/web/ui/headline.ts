import type { Overview } from './answers.ts'

/** The one thing to know. */
export function headline({ sessions }: Pick<Overview, 'sessions'>): string {
  const all = Object.values(sessions).reduce((sum, count) => sum + count, 0)
  const bad = (sessions.failed ?? 0) + (sessions.stalled ?? 0)
  if (all === 0) return 'No desktop has written anything yet'
  if (bad === 0) return all === 1 ? 'The desktop is well' : `All ${all} desktops are well`
  return `${bad} of ${all} ${all === 1 ? 'desktop does' : 'desktops do'} not work`
}
