import { type AddCommand, type CommonOptions, withCommonOptions } from './command.ts'

export const ingestCommand: AddCommand = (program, io) => {
  withCommonOptions(program.command('ingest'))
    .description(
      'read everything there is now into the store, then exit; what is already stored is not stored twice',
    )
    .argument('[PATH...]', 'files, folders or bundles (default: the default locations of this machine)')
    .action(async (paths: string[], options: CommonOptions) => {
      const { ingest } = await import('./ingesting.ts')
      await ingest(paths, options, io)
    })
}
