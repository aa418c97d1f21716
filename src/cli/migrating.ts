import { loadConfig } from '../config.ts'
import { dataDir, lockDataDir } from '../data-dir.ts'
import { migrate, migrations } from '../store/migrate.ts'
import type { CommonOptions } from './command.ts'
import { waitingBy } from './first-contact.ts'
import type { Io } from './io.ts'
import { openStore } from './open-store.ts'

/** Prints the SQL of every step; touches nothing. */
export function printMigrations({ json }: CommonOptions, io: Io): void {
  for (const step of migrations()) {
    io.out(json === true ? `${JSON.stringify(step)}\n` : `-- ${step.name}\n${step.sql}\n`)
  }
}

/** Brings the schema of the store up to date and prints the steps that this took. */
export async function migrateStore(options: CommonOptions, io: Io): Promise<void> {
  const config = loadConfig(options.config, options)
  const dir = dataDir(config.data)
  const lock = lockDataDir(dir)
  try {
    const store = await openStore(config, dir, waitingBy(io))
    const steps = await migrate(store)
    await store.close()
    if (options.json === true) {
      io.out(`${JSON.stringify({ version: migrations().at(-1)?.version, applied: steps })}\n`)
    } else io.out(steps.length === 0 ? 'the schema is up to date\n' : `applied: ${steps.join(', ')}\n`)
  } finally {
    lock.release()
  }
}
