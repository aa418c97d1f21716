import { type AddCommand, type CommonOptions, withCommonOptions } from './command.ts'

export const migrateCommand: AddCommand = (program, io) => {
  withCommonOptions(program.command('migrate'))
    .description('create or upgrade the schema of the store')
    .option('--print', 'print the SQL and change nothing')
    .action(async (options: CommonOptions & { print?: boolean }) => {
      const { migrateStore, printMigrations } = await import('./migrating.ts')
      if (options.print === true) printMigrations(options, io)
      else await migrateStore(options, io)
    })
}
