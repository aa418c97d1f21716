import { usageError } from '../errors.ts'
import type { DiagnosisJson } from '../triage/diagnosis/diagnosis-json.ts'
import { type Difference, differences } from '../triage/diagnosis/shown/compare.ts'
import { type AddCommand, type CommonOptions, withCommonOptions } from './command.ts'
import type { Io } from './io.ts'
import { printable } from './printable.ts'
import { tableText } from './table.ts'

/** Longer lines are shortened; the JSON has all of them. */
const MOST_CHARS = 100

export const compareCommand: AddCommand = (program, io) => {
  withCommonOptions(program.command('compare'))
    .description('what differs between two desktops: versions, phases, times, failures, unknown lines')
    .argument('<A>', 'owner/name, or a path with the logs of one desktop')
    .argument('<B>', 'the same; a desktop that works makes the best comparison')
    .action(async (a: string, b: string, options: CommonOptions) => {
      const left = await lastOf(a, options, io)
      const right = await lastOf(b, options, io)
      const found = differences(left, right)
      if (options.json === true) for (const difference of found) io.out(`${JSON.stringify(difference)}\n`)
      else io.out(found.length === 0 ? 'no difference\n' : tableOf(found, left, right, io))
    })
}

/** The diagnosis of the last attempt. */
async function lastOf(subject: string, options: CommonOptions, io: Io): Promise<DiagnosisJson> {
  const { diagnosesOf } = await import('./diagnosing.ts')
  const found = await diagnosesOf([subject], options, io)
  const names = [...new Set(found.map(({ session }) => session))]
  const last = found.at(-1)
  if (last !== undefined && names.length === 1) return last
  throw usageError(
    'E_NOT_ONE',
    `${subject} holds ${names.length === 0 ? 'no desktop' : `${names.length} desktops`}`,
    'Name one as owner/name, or a folder with the logs of one desktop.',
  )
}

function tableOf(found: readonly Difference[], a: DiagnosisJson, b: DiagnosisJson, io: Io): string {
  return tableText<Difference>(
    [
      { head: 'WHAT', cell: ({ what }) => what },
      { head: 'OF', cell: ({ of }) => printable(of.slice(0, MOST_CHARS), ' ') || 'unexplained', least: 40 },
      { head: a.session, cell: (difference) => difference.a, least: 12 },
      { head: b.session, cell: (difference) => difference.b, least: 12 },
    ],
    found,
    io,
  )
}
