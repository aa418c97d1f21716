import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorText, OpsError } from '../errors.ts'
import { DATABASE, isRefusal, type Store } from './client.ts'

/** One step of the schema: a file of plain SQL, `NNNN-name.sql`. */
export type Migration = { readonly version: number; readonly name: string; readonly sql: string }

const FOLDER = join(import.meta.dirname, 'migrations')

/** The shipped steps, in order. */
export function migrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((name) => /^\d{4}-.+\.sql$/.test(name))
    .sort()
    .map((name) => ({
      version: Number(name.slice(0, 4)),
      name,
      sql: readFileSync(join(FOLDER, name), 'utf8'),
    }))
}

/**
 * Brings the schema up to date and returns the names of the steps taken. A step can be repeated after a crash, since its SQL
 * says IF NOT EXISTS.
 */
export async function migrate(store: Store): Promise<string[]> {
  await reach(store)
  await store.command(
    `CREATE TABLE IF NOT EXISTS ${DATABASE}.schema_migrations (version UInt32, name String, applied_at DateTime DEFAULT now()) ENGINE = MergeTree ORDER BY version`,
  )
  const rows = await store.query<{ version: number }>(
    `SELECT max(version) AS version FROM ${DATABASE}.schema_migrations`,
  )
  const done = rows[0]?.version ?? 0
  const all = migrations()
  const newest = all.at(-1)?.version ?? 0
  if (done > newest) {
    throw new OpsError(
      'E_SCHEMA_NEWER',
      `the store has schema ${done}, this program knows ${newest}`,
      'Use the newer dcvlens that made it: an older one could write rows that it does not understand.',
    )
  }
  const missing = all.filter((migration) => migration.version > done)
  for (const migration of missing) {
    for (const statement of statements(migration.sql)) await store.command(statement)
    await store.command(
      `INSERT INTO ${DATABASE}.schema_migrations (version, name) VALUES (${migration.version}, '${migration.name}')`,
    )
  }
  return missing.map((migration) => migration.name)
}

async function reach(store: Store): Promise<void> {
  try {
    await store.command(`CREATE DATABASE IF NOT EXISTS ${DATABASE}`)
  } catch (cause) {
    throw new OpsError(
      'E_STORE_DOWN',
      isRefusal(cause)
        ? `the store refuses: ${errorText(cause)}`
        : `the store does not answer: ${errorText(cause)}`,
      'Check that ClickHouse runs, and that --store names it and a user that may create tables.',
      { cause },
    )
  }
}

/** The statements of a file, which end with `;` at the end of a line. Comment lines are dropped. */
function statements(sql: string): string[] {
  const code = sql.replaceAll(/^\s*--.*$/gm, '')
  return code
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}
