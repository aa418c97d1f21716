import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorText, OpsError } from '../errors.ts'
import { PROGRAM_FOLDER } from '../program-folder.ts'
import { isRefusal, type Store } from './client.ts'
import { checkedCluster } from './cluster-check.ts'
import { clusterStatements } from './cluster-schema.ts'
import { DATABASE } from './database.ts'

/** One step of the schema: a file of plain SQL, `NNNN-name.sql`. */
export type Migration = { readonly version: number; readonly name: string; readonly sql: string }

const FOLDER = join(PROGRAM_FOLDER, 'store', 'migrations')

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

/** The first table, which records the steps taken. */
const STEPS = `CREATE TABLE IF NOT EXISTS ${DATABASE}.schema_migrations (version UInt32, name String, applied_at DateTime DEFAULT now()) ENGINE = MergeTree ORDER BY version`

/**
 * Brings the schema up to date and returns the names of the steps taken. A step can be repeated after a crash, since its SQL
 * says IF NOT EXISTS. With `wanted`, makes the tables on that cluster; where they are on one already, they stay on it.
 */
export async function migrate(store: Store, wanted?: string): Promise<string[]> {
  const found = await reached(store.cluster())
  const cluster = wanted === undefined ? found : await checkedCluster(store, wanted)
  const run = (statement: string) => runOn(store, cluster, statement)
  if (found === undefined) {
    await reached(run(`CREATE DATABASE IF NOT EXISTS ${DATABASE}`))
    await run(STEPS)
  }
  const missing = await missingSteps(store)
  for (const { version, name, sql } of missing) {
    for (const statement of statements(sql)) await run(statement)
    await run(`INSERT INTO ${DATABASE}.schema_migrations (version, name) VALUES (${version}, '${name}')`)
  }
  return missing.map(({ name }) => name)
}

async function missingSteps(store: Store): Promise<Migration[]> {
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
  return all.filter(({ version }) => version > done)
}

/** Runs a statement of a migration, on one server or in its form for a cluster. */
async function runOn(store: Store, cluster: string | undefined, statement: string): Promise<void> {
  if (cluster === undefined) return store.command(statement)
  for (const sql of clusterStatements(statement, cluster)) {
    try {
      await store.command(sql)
    } catch (cause) {
      if (!isRefusal(cause)) throw cause
      throw new OpsError(
        'E_CLUSTER_REFUSES',
        `the cluster ${cluster} refuses: ${errorText(cause)}`,
        'Check that all its servers run, with Keeper (or ZooKeeper) and the macros shard and replica, and that the user may CREATE, ALTER and INSERT there and has the rights CLUSTER and REMOTE. Then run it again: what is made already is kept.',
        { cause },
      )
    }
  }
}

async function reached<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (cause) {
    if (cause instanceof OpsError) throw cause
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

/** The SQL of a step as it runs on a cluster. */
export function clusterSql(sql: string, cluster: string): string {
  return statements(sql)
    .flatMap((statement) => clusterStatements(statement, cluster))
    .map((statement) => `${statement};\n`)
    .join('')
}

/** The statements of a file, which end with `;` at the end of a line. Comment lines are dropped. */
function statements(sql: string): string[] {
  const code = sql.replaceAll(/^\s*--.*$/gm, '')
  return code
    .split(/;\s*$/m)
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '')
}
