import { Exit, usageError } from '../errors.ts'
import { STATUSES } from '../triage/diagnosis/status.ts'
import { checkChoice } from './choice.ts'
import { type AddCommand, type CommonOptions, withCommonOptions } from './command.ts'
import { failRank } from './scan.ts'
import { TIMES } from './time-option.ts'

export type DiagnoseOptions = CommonOptions & {
  readonly all?: boolean
  readonly checklist?: boolean
  readonly status?: string
  readonly from?: string
  readonly utc?: boolean
  readonly failOn?: string
}

export const diagnoseCommand: AddCommand = (program, io, setExit) => {
  withCommonOptions(program.command('diagnose'))
    .description('explain why a desktop does not work, from its logs and those of the machines around it')
    .argument('[SESSION or PATH...]', 'owner/name or a host of the store, or files and folders of logs')
    .option('--all', 'every desktop of the store')
    .option('--checklist', 'everything a desktop needs, step by step, with the command that checks it')
    .option('--status <STATUS>', `only those that are ${STATUSES.join(', ')}`)
    .option('--from <TIME>', `with --all, not before (default: 7d): ${TIMES}`)
    .option('--utc', 'show times in UTC')
    .option(
      '--fail-on <SEVERITY>',
      'exit with 1 if there is a verdict at or above info, warning, error or critical',
    )
    .action(async (subjects: string[], options: DiagnoseOptions) => {
      const failAt = failRank(options.failOn)
      checkChoice('--status', options.status, STATUSES)
      if (subjects.length === 0 && options.all !== true) {
        throw usageError(
          'E_ARGUMENT',
          'nothing to diagnose',
          'Name a desktop as owner/name, a path with logs, or use --all.',
        )
      }
      const { diagnoseAll } = await import('./diagnosing.ts')
      const worst = await diagnoseAll(subjects, options, io)
      if (worst >= failAt) setExit(Exit.findings)
    })
}
