import { type AddCommand, type CommonOptions, withCommonOptions } from './command.ts'

export type MigrateOptions = CommonOptions & { readonly cluster?: string }

export const migrateCommand: AddCommand = (program, io) => {
  withCommonOptions(program.command('migrate'))
    .description('create or upgrade the schema of the store')
    .option('--print', 'print the SQL and change nothing')
    .option(
      '--cluster <NAME>',
      'make replicated, distributed tables on this cluster of the server (see `system.clusters`); only for the first migration',
    )
    .action(async (options: MigrateOptions & { print?: boolean }) => {
      const { migrateStore, printMigrations } = await import('./migrating.ts')
      if (options.print === true) printMigrations(options, io)
      else await migrateStore(options, io)
    })
}
