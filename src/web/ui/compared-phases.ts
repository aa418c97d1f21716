import type { PhaseJson } from '../../triage/diagnosis/course/phase-states.ts'
import { shownState } from './shown-phase.ts'
import { durationText } from './time-text.ts'

type Cell = { readonly state: string; readonly took: string }

/** A phase of two desktops, side by side. */
export type PhaseRow = {
  readonly phase: string
  readonly here: Cell
  readonly there: Cell
  /** In words; empty if they are alike. */
  readonly difference: string
  readonly isApart: boolean
}

/** The criterion of the command line: at least twice as long, and at least a minute longer. */
const SLOWER = 2
const SLOWER_S = 60

/** The phases of both; those of the first one come first. */
export function phaseRows(a: readonly PhaseJson[], b: readonly PhaseJson[]): PhaseRow[] {
  const names = [...new Set([...a, ...b].map(({ phase }) => phase))]
  return names.map((phase) => {
    const [here, there] = [a, b].map((phases) => phases.find((one) => one.phase === phase))
    const difference = differenceOf(here, there)
    return { phase, here: cellOf(here), there: cellOf(there), difference, isApart: difference !== '' }
  })
}

function cellOf(phase: PhaseJson | undefined): Cell {
  if (phase === undefined) return { state: 'not_checked', took: '' }
  const { duration_s } = phase
  const state = shownState(phase)
  return { state, took: duration_s === undefined || duration_s === 0 ? '' : durationText(duration_s) }
}

function differenceOf(here: PhaseJson | undefined, there: PhaseJson | undefined): string {
  if (here === undefined || there === undefined) return here === undefined ? 'only there' : 'only here'
  if (here.state !== there.state)
    return isWell(here) === isWell(there) ? '' : isWell(there) ? 'not done here' : 'done here only'
  if (here.duration_s === undefined || there.duration_s === undefined) return ''
  const [less, more] = [here.duration_s, there.duration_s].toSorted((x, y) => x - y) as [number, number]
  if (more < SLOWER * less || more - less < SLOWER_S) return ''
  const apart = durationText(more - less)
  return here.duration_s > there.duration_s ? `${apart} longer` : `${apart} shorter`
}

function isWell({ state }: PhaseJson): boolean {
  return state === 'done'
}
