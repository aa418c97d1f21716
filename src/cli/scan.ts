import { Exit } from '../errors.ts'
import { SEVERITIES, type Severity } from '../model.ts'
import { checkChoice } from './choice.ts'
import { type AddCommand, type CommonOptions, withCommonOptions } from './command.ts'

export type ScanOptions = CommonOptions & {
  readonly all?: boolean
  readonly notes?: boolean
  readonly failOn?: string
}

export const scanCommand: AddCommand = (program, io, setExit) => {
  withCommonOptions(program.command('scan'))
    .description('classify files, folders and bundles (.tar, .tar.gz, .zip) without any store')
    .argument('<PATH...>', 'files (also .gz), folders or bundles')
    .option('--all', 'print every record, not only those that a rule matches or that look like a failure')
    .option('--notes', 'include notes (severity info), which are not failures')
    .option(
      '--fail-on <SEVERITY>',
      'exit with 1 if there is an event at or above info, warning, error or critical',
    )
    .action(async (paths: string[], options: ScanOptions) => {
      const failAt = failRank(options.failOn)
      const { scan } = await import('./scanning.ts')
      const worst = await scan(paths, options, io)
      if (worst >= failAt) setExit(Exit.findings)
    })
}

/** The rank of the severity in `--fail-on`; infinity if none is given. */
export function failRank(name: string | undefined): number {
  if (name === undefined) return Number.POSITIVE_INFINITY
  checkChoice('--fail-on', name, SEVERITIES)
  return SEVERITIES.indexOf(name as Severity)
}
