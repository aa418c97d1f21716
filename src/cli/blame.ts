import type { PhaseJson } from '../triage/diagnosis/course/phase-states.ts'
import type { DiagnosisJson } from '../triage/diagnosis/diagnosis-json.ts'
import { type UsualTime, usualTimes } from '../triage/usual-times.ts'
import { type AddCommand, type CommonOptions, withCommonOptions } from './command.ts'
import type { Io } from './io.ts'
import { paint } from './paint.ts'
import { tableText } from './table.ts'

export const blameCommand: AddCommand = (program, io) => {
  withCommonOptions(program.command('blame'))
    .description(
      'the phases of a desktop by the time they took, against the usual time of desktops like it; a phase that failed or still runs comes first',
    )
    .argument('<SESSION or PATH...>', 'owner/name or a host of the store, or files and folders of logs')
    .action(async (subjects: string[], options: CommonOptions) => {
      const { diagnosesOf, othersThan } = await import('./diagnosing.ts')
      const found = await diagnosesOf(subjects, options, io)
      const others = await othersThan(subjects, found, options, io)
      for (const diagnosis of found) tell(diagnosis, others, options.json === true, io)
    })
}

/** The time that a phase took, or has taken so far; undefined if the logs do not say when it began or failed. */
type Spent = Pick<PhaseJson, 'phase' | 'state' | 'duration_s'> & UsualTime

function tell(diagnosis: DiagnosisJson, others: readonly DiagnosisJson[], json: boolean, io: Io): void {
  const { session, attempt, host } = diagnosis
  const spent = spentOf(diagnosis, usualTimes(diagnosis, others), io.clock.nowMs())
  if (json) {
    io.out(`${JSON.stringify({ session, attempt, host, phases: spent })}\n`)
    return
  }
  io.out(`${paint(io, 'bold', session)}  attempt ${attempt}  ${host}\n`)
  if (spent.length === 0) io.out('  its logs have no times from which to tell how long a phase took\n')
  else io.out(tableText<Spent>(COLUMNS(io), spent, io))
}

/** Phases that failed or have not ended, then the others; each group by time spent. */
function spentOf(
  { status, phases, evidence }: DiagnosisJson,
  usualOf: (phase: string) => UsualTime,
  nowMs: number,
): Spent[] {
  const failedMs = Math.max(
    ...evidence.filter(({ ts_quality }) => ts_quality === 'parsed').map(({ ts }) => Date.parse(ts)),
  )
  const untilMs = status === 'failed' ? failedMs : nowMs
  return phases
    .flatMap(({ phase, state, start, duration_s }): Spent[] => {
      const seconds = duration_s ?? (isOpen(state) ? secondsFrom(start, untilMs) : undefined)
      if (seconds === undefined && state !== 'failed') return []
      return [{ phase, state, ...(seconds === undefined ? {} : { duration_s: seconds }), ...usualOf(phase) }]
    })
    .sort(
      (a, b) =>
        Number(isOpen(b.state)) - Number(isOpen(a.state)) || (b.duration_s ?? 0) - (a.duration_s ?? 0),
    )
}

/** Has it begun without ending well? */
function isOpen(state: PhaseJson['state']): boolean {
  return state === 'failed' || state === 'running' || state === 'missing'
}

function secondsFrom(start: string | undefined, untilMs: number): number | undefined {
  const seconds = start === undefined ? -1 : Math.round((untilMs - Date.parse(start)) / 1000)
  return seconds < 0 ? undefined : seconds
}

/** A phase that took this many times the usual is worth a look. */
const SLOW = 2
const MARKS: Partial<Record<PhaseJson['state'], string>> = {
  failed: 'FAILED after this time',
  running: 'running so far',
  missing: 'not finished so far',
}

function isSlow({ duration_s = 0, usual_s }: Spent): boolean {
  return duration_s > SLOW * usual_s
}

function stateText(spent: Spent): string {
  const { state, duration_s, usual_s } = spent
  if (duration_s === undefined) return 'FAILED, after an unknown time'
  const isMeasured = state === 'done' && usual_s > 0
  const times = isMeasured && isSlow(spent) ? `, ${(duration_s / usual_s).toFixed(1)} times the usual` : ''
  return `${MARKS[state] ?? state}${times}`
}

const COLUMNS = (io: Io) => [
  {
    head: 'TIME',
    cell: ({ duration_s }: Spent) => (duration_s === undefined ? '?' : `${duration_s} s`),
    right: true,
  },
  { head: 'USUAL', cell: ({ usual_s }: Spent) => `${usual_s} s`, right: true },
  {
    head: 'BY',
    cell: ({ usual_of }: Spent) => (usual_of === 0 ? 'product' : `${usual_of} desktops like it`),
  },
  {
    head: 'PHASE',
    cell: ({ phase }: Spent) => phase,
    paint: (spent: Spent, cell: string) => (isSlow(spent) ? paint(io, 'yellow', cell) : cell),
  },
  {
    head: 'STATE',
    cell: (spent: Spent) => stateText(spent),
    paint: ({ state }: Spent, cell: string) => (state === 'failed' ? paint(io, 'red', cell) : cell),
  },
]
