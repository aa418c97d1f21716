import { loadConfig } from '../config.ts'
import { dataDir, lockDataDir } from '../data-dir.ts'
import { usageError } from '../errors.ts'
import { clusterSql, migrate, migrations } from '../store/migrate.ts'
import { waitingBy } from './first-contact.ts'
import type { Io } from './io.ts'
import type { MigrateOptions } from './migrate.ts'
import { openStore } from './open-store.ts'

/** Prints the SQL of every step, for a cluster if one is named; touches nothing. */
export function printMigrations({ json, cluster }: MigrateOptions, io: Io): void {
  for (const { sql, ...known } of migrations()) {
    const step = { ...known, sql: cluster === undefined ? sql : clusterSql(sql, cluster) }
    io.out(json === true ? `${JSON.stringify(step)}\n` : `-- ${step.name}\n${step.sql}\n`)
  }
}

/** Brings the schema of the store up to date and prints the steps that this took. */
export async function migrateStore(options: MigrateOptions, io: Io): Promise<void> {
  const config = loadConfig(options.config, options)
  if (options.cluster !== undefined && config.store === undefined) {
    throw usageError(
      'E_CLUSTER',
      '--cluster needs a ClickHouse server: the embedded store is a folder of this machine',
      'Name a server of the cluster with --store URL.',
    )
  }
  const dir = dataDir(config.data)
  const lock = lockDataDir(dir)
  try {
    const store = await openStore(config, dir, waitingBy(io))
    const steps = await migrate(store, options.cluster)
    await store.close()
    if (options.json === true) {
      io.out(`${JSON.stringify({ version: migrations().at(-1)?.version, applied: steps })}\n`)
    } else io.out(steps.length === 0 ? 'the schema is up to date\n' : `applied: ${steps.join(', ')}\n`)
  } finally {
    lock.release()
  }
}
