import { usageError } from '../errors.ts'
import type { Store } from './client.ts'
import { DATABASE } from './database.ts'
import { QUESTION_LIMITS } from './query-limits.ts'

/** A server of a cluster. Older ClickHouse does not tell `internal_replication`. */
type Member = { readonly cluster: string; readonly shard_num: number; readonly internal_replication?: number }

/**
 * Returns the name of a cluster on which our tables can be made, or are already; throws a usage error that says what is
 * missing. Changes nothing.
 */
export async function checkedCluster(store: Store, wanted: string): Promise<string> {
  const made = await store.cluster()
  if (made === wanted) return wanted
  if (made !== undefined) {
    throw usageError(
      'E_CLUSTER',
      `the tables are on the cluster ${made}, not on ${wanted}`,
      `Leave --cluster out: every command finds ${made} by itself.`,
    )
  }
  await checkMembers(store, wanted)
  await checkMacros(store)
  await refusePlainTables(store)
  return wanted
}

async function checkMembers(store: Store, wanted: string): Promise<void> {
  const all = await store.query<Member>(`SELECT * FROM system.clusters SETTINGS ${QUESTION_LIMITS}`)
  const members = all.filter(({ cluster }) => cluster === wanted)
  if (members.length === 0) {
    const known = [...new Set(all.map(({ cluster }) => cluster))]
    throw usageError(
      'E_CLUSTER',
      `the server knows no cluster ${wanted}`,
      known.length === 0
        ? 'It is in no cluster (system.clusters is empty): add it to remote_servers in the configuration of every server.'
        : `Use one of ${known.join(', ')} (system.clusters), or add it to remote_servers in the configuration of every server.`,
    )
  }
  const copied = members.find(
    ({ shard_num, internal_replication }) =>
      internal_replication === 0 && members.filter((other) => other.shard_num === shard_num).length > 1,
  )
  if (copied === undefined) return
  throw usageError(
    'E_CLUSTER',
    `internal_replication is off in shard ${copied.shard_num} of the cluster ${wanted}: every row would be written once for each replica`,
    'Set <internal_replication>true</internal_replication> in each shard of remote_servers.',
  )
}

async function checkMacros(store: Store): Promise<void> {
  const rows = await store.query<{ macro: string }>(
    `SELECT macro FROM system.macros SETTINGS ${QUESTION_LIMITS}`,
  )
  const missing = ['shard', 'replica'].filter((name) => rows.every(({ macro }) => macro !== name))
  if (missing.length === 0) return
  throw usageError(
    'E_CLUSTER',
    `the server has no macro ${missing.join(' and no macro ')}, by which replicated tables find each other`,
    'Set <macros> in the configuration of every server: <shard> equal within a shard, <replica> different for each server.',
  )
}

/** Throws if the server already has tables of its own: they cannot be turned into tables of a cluster in place. */
async function refusePlainTables(store: Store): Promise<void> {
  const tables = await store.query(
    `SELECT name FROM system.tables WHERE database = '${DATABASE}' AND name = 'schema_migrations' SETTINGS ${QUESTION_LIMITS}`,
  )
  if (tables.length === 0) return
  throw usageError(
    'E_CLUSTER',
    `the server has the tables of ${DATABASE} already, for itself alone`,
    `Rename them away (RENAME DATABASE ${DATABASE} TO ${DATABASE}_alone) and run this again; then copy each table: INSERT INTO ${DATABASE}.lines SELECT * FROM ${DATABASE}_alone.lines SETTINGS insert_distributed_sync = 1.`,
  )
}
