// A cluster of one shard with one replica. The engine has neither Keeper nor a network, so what needs these is proven by its
// parser, recorded, and then executed in the form that one server has: `x_local` is a plain table, `x` its Distributed table.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { literal, readTableFrom } from './front-sql.mjs'

/**
 * The configuration of a server in the cluster; the engine reads it from its working folder.
 * @param {string} folder
 * @param {{ name: string, macros: readonly string[], internal: boolean }} cluster
 */
export function writeClusterConfig(folder, { name, macros, internal }) {
  const replica = (/** @type {number} */ port) =>
    `<replica><host>127.0.0.1</host><port>${port}</port></replica>`
  const shard = `<internal_replication>${internal}</internal_replication>${replica(9000)}${replica(9001)}`
  const told = macros.map((macro) => `<${macro}>01</${macro}>`).join('')
  const config = `<clickhouse><macros>${told}</macros><remote_servers><${name}><shard>${shard}</shard></${name}></remote_servers></clickhouse>`
  writeFileSync(join(folder, 'config.xml'), config)
}

/**
 * @param {(sql: string) => Promise<string>} ask gives the single value of a query
 * @param {string} name
 */
export function openCluster(ask, name) {
  /** @type {string[]} */
  const statements = []
  const engineFull = `if(engine = 'Proxy', ${literal(`Distributed('${name}', 'dcvlens', 'x_local')`)}, engine_full)`
  const tables = `(SELECT * REPLACE (${engineFull} AS engine_full) FROM system.tables)`

  return {
    /** What was asked of the whole cluster, and each insert, as the parser writes it. */
    statements,

    /**
     * The statement that the engine executes.
     * @param {string} sql
     */
    async read(sql) {
      if (!/\bON CLUSTER\b/.test(sql)) return readTableFrom(sql, 'tables', tables)
      statements.push(await ask(`SELECT formatQuerySingleLine(${literal(sql)})`))
      return sql
        .replace(/ ON CLUSTER '[^']*'/, '')
        .replace(/ReplicatedMergeTree\('[^']*', '[^']*'\)/, 'MergeTree')
        .replace('replicated_deduplication_window =', 'non_replicated_deduplication_window =')
        .replace(
          /ENGINE = Distributed\('\w+', '(\w+)', '(\w+)', ([\s\S]+)\)$/,
          "remote('127.0.0.1', $1, $2, 'default', '', $3)",
        )
        .replace(/ AS \w+\.\w+\s+remote\(/, ' AS remote(')
    },
  }
}
