import { type AddCommand, type CommonOptions, withCommonOptions } from './command.ts'

export type ReportOptions = CommonOptions & { readonly out?: string }

export const reportCommand: AddCommand = (program, io) => {
  withCommonOptions(program.command('report'))
    .description(
      'a folder with all that is known of a desktop, for those who are asked for help; secrets are masked',
    )
    .argument('<SESSION>', 'owner/name, or a host of which no desktop is known')
    .option('--out <DIR>', 'where to write it (default: ./dcvlens-report-OWNER-NAME)')
    .action(async (session: string, options: ReportOptions) =>
      (await import('./reporting.ts')).report(session, options, io),
    )
}
