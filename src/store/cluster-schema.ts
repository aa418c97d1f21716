import { DATABASE } from './database.ts'

/**
 * What a step of the schema is on a cluster. The numbered migrations are written for one server; this file derives the rest.
 * Each table `x` becomes `x_local` on every server, replicated within its shard, and `x`, which distributes over all shards: rows
 * are written to and read from `x` as on one server.
 */

/**
 * All rows of a desktop are in one shard, so that its timeline reads only that one. Rows of no desktop are spread over the
 * shards by host.
 */
const BY_DESKTOP = "cityHash64(owner, session, if(session = '', host, ''))"

/** The shard of a row, for each table. */
const SHARD: Readonly<Record<string, string>> = {
  schema_migrations: 'cityHash64(version)',
  lines: BY_DESKTOP,
  events: BY_DESKTOP,
  losses: BY_DESKTOP,
  signature_states: 'cityHash64(id)',
}

/**
 * A batch that is repeated is recognised by its token for this long: blocks, and a week in seconds. Newer servers remember
 * it for an hour only.
 */
const REMEMBERED = 'replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 604800'

/** The table that holds the rows of `table` of one shard. */
export function localTable(table: string): string {
  return `${DATABASE}.${table}_local`
}

/** The clause that runs a statement on every server of a cluster. */
export function onCluster(cluster: string): string {
  return `ON CLUSTER ${literal(cluster)}`
}

/**
 * The statements that do on a cluster what a statement of a migration does on one server, in the order in which they run.
 * Throws on a statement that no migration has used so far.
 */
export function clusterStatements(sql: string, cluster: string): string[] {
  const on = onCluster(cluster)
  const [, verb = '', table = ''] =
    new RegExp(`^(\\w+ \\w+(?: IF NOT EXISTS)?) (?:${DATABASE}\\.)?(\\w+)`).exec(sql) ?? []
  const rest = sql.slice(sql.indexOf(table, verb.length) + table.length)
  if (verb === 'CREATE DATABASE IF NOT EXISTS') return [`${sql} ${on}`]
  if (verb === 'INSERT INTO') return [sql]
  if (verb === 'CREATE TABLE IF NOT EXISTS') {
    return [
      `${verb} ${localTable(table)} ${on}${replicated(rest, table)}`,
      `${verb} ${DATABASE}.${table} ${on} AS ${localTable(table)}\nENGINE = Distributed(${literal(cluster)}, ${literal(DATABASE)}, ${literal(`${table}_local`)}, ${shardOf(table)})`,
    ]
  }
  if (verb !== 'ALTER TABLE') throw new Error(`no form for clusters of: ${sql}`)
  const local = `${verb} ${localTable(table)} ${on}${rest}`
  // Columns are known to both tables; projections and indexes exist only where the rows are.
  return /^ (?:ADD|DROP|MODIFY|RENAME) COLUMN/.test(rest)
    ? [local, `${verb} ${DATABASE}.${table} ${on}${rest}`]
    : [local]
}

/** The rest of a CREATE TABLE, with an engine that keeps a copy on each server of the shard. */
function replicated(rest: string, table: string): string {
  // The path is written out, since the default one has an id that a server which joins later would not know.
  const engine = `ReplicatedMergeTree(${literal(`/clickhouse/tables/{shard}/${DATABASE}/${table}_local`)}, '{replica}')`
  const body = rest.replace('ENGINE = MergeTree', `ENGINE = ${engine}`)
  return /\bSETTINGS\b/.test(body)
    ? body.replace(/\bSETTINGS\b/, `SETTINGS ${REMEMBERED},`)
    : `${body} SETTINGS ${REMEMBERED}`
}

function shardOf(table: string): string {
  const shard = SHARD[table]
  if (shard === undefined) throw new Error(`by what are the rows of ${table} shared out over a cluster?`)
  return shard
}

function literal(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
}
