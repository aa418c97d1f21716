import type { DiagnosisJson } from '../triage/diagnosis/diagnose.ts'
import { type AddCommand, type CommonOptions, withCommonOptions } from './command.ts'
import type { Io } from './io.ts'
import { paint } from './paint.ts'
import { tableText } from './table.ts'

export const blameCommand: AddCommand = (program, io) => {
  withCommonOptions(program.command('blame'))
    .description('the phases of a desktop by the time they took, against what is usual')
    .argument('<SESSION or PATH...>', 'owner/name or a host of the store, or files and folders of logs')
    .action(async (subjects: string[], options: CommonOptions) => {
      const { diagnosesOf } = await import('./diagnosing.ts')
      const found = await diagnosesOf(subjects, options, io)
      for (const one of found) tell(one, options.json === true, io)
    })
}

type Spent = { readonly phase: string; readonly duration_s: number; readonly usual_s: number }

function tell({ session, attempt, host, phases }: DiagnosisJson, json: boolean, io: Io): void {
  const spent = phases
    .flatMap(({ phase, duration_s, usual_s }): Spent[] =>
      duration_s === undefined ? [] : [{ phase, duration_s, usual_s }],
    )
    .sort((a, b) => b.duration_s - a.duration_s)
  if (json) {
    io.out(`${JSON.stringify({ session, attempt, host, phases: spent })}\n`)
    return
  }
  io.out(`${paint(io, 'bold', session)}  attempt ${attempt}  ${host}\n`)
  if (spent.length === 0) io.out('  its logs have no times from which to tell how long a phase took\n')
  else io.out(tableText<Spent>(COLUMNS(io), spent))
}

/** A phase that took this many times the usual is worth a look. */
const SLOW = 2

const COLUMNS = (io: Io) => [
  { head: 'TIME', cell: ({ duration_s }: Spent) => `${duration_s} s`, right: true },
  { head: 'USUAL', cell: ({ usual_s }: Spent) => `${usual_s} s`, right: true },
  {
    head: 'PHASE',
    cell: ({ phase }: Spent) => phase,
    paint: ({ duration_s, usual_s }: Spent, cell: string) =>
      duration_s > SLOW * usual_s ? paint(io, 'yellow', cell) : cell,
  },
]
