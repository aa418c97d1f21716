import { type AddCommand, type CommonOptions, withCommonOptions } from './command.ts'

export type ReportOptions = CommonOptions & { readonly out?: string }

export const reportCommand: AddCommand = (program, io) => {
  withCommonOptions(program.command('report'))
    .description(
      'write everything known about a desktop into a folder, to hand to somebody; secrets are masked',
    )
    .argument('<SESSION>', 'owner/name, or a host whose desktop is not known')
    .option('--out <DIR>', 'where to write it (default: ./dcvlens-report-OWNER-NAME)')
    .action(async (session: string, options: ReportOptions) =>
      (await import('./reporting.ts')).report(session, options, io),
    )
}
