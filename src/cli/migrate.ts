import { loadConfig } from '../config.ts'
import { dataDir, lockDataDir } from '../data-dir.ts'
import { migrate, migrations } from '../store/migrate.ts'
import { type AddCommand, type CommonOptions, withCommonOptions } from './command.ts'
import { openStore } from './write-path.ts'

export const migrateCommand: AddCommand = (program, io) => {
  withCommonOptions(program.command('migrate'))
    .description('create or upgrade the schema of the store')
    .option('--print', 'print the SQL and change nothing')
    .action(async (options: CommonOptions & { print?: boolean }) => {
      if (options.print === true) {
        for (const { name, sql } of migrations()) io.out(`-- ${name}\n${sql}\n`)
        return
      }
      const config = loadConfig(options.config, options)
      const dir = dataDir(config.data)
      const lock = lockDataDir(dir)
      try {
        const store = await openStore(config, dir)
        const steps = await migrate(store)
        await store.close()
        io.out(steps.length === 0 ? 'the schema is up to date\n' : `applied: ${steps.join(', ')}\n`)
      } finally {
        lock.release()
      }
    })
}
