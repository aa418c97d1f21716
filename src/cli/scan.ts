import { Exit, usageError } from '../errors.ts'
import { SEVERITIES, type Severity } from '../model.ts'
import { type AddCommand, type CommonOptions, withCommonOptions } from './command.ts'

export type ScanOptions = CommonOptions & {
  readonly all?: boolean
  readonly notes?: boolean
  readonly failOn?: string
}

export const scanCommand: AddCommand = (program, io, setExit) => {
  withCommonOptions(program.command('scan'))
    .description('classify files, folders and bundles (.tar, .tar.gz, .zip) without any store')
    .argument('<PATH...>', 'files, compressed (.gz) too, folders or bundles')
    .option('--all', 'print every record, not only those that a rule or a failure word tells of')
    .option('--notes', 'show notes (severity info), too; they are no failures')
    .option(
      '--fail-on <SEVERITY>',
      'exit with 1 if there is an event at or above info, warning, error or critical',
    )
    .action(async (paths: string[], options: ScanOptions) => {
      const failAt = severityRank(options.failOn)
      const { scan } = await import('./scanning.ts')
      const worst = await scan(paths, options, io)
      if (worst >= failAt) setExit(Exit.findings)
    })
}

/** Rank of a severity by its name; infinity where none is given. */
export function severityRank(name: string | undefined): number {
  if (name === undefined) return Number.POSITIVE_INFINITY
  const rank = SEVERITIES.indexOf(name as Severity)
  if (rank >= 0) return rank
  throw usageError('E_OPTION', `--fail-on ${name} is no severity`, `Use one of ${SEVERITIES.join(', ')}.`)
}
