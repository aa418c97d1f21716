type Select = <Row>(sql: string) => Promise<Row[]>

/**
 * Returns a function that finds the cluster over which the tables of a database are distributed: by the engine of the table
 * `schema_migrations`; undefined if there are no tables, or if they are plain tables of one server. The answer is remembered
 * once there are tables, since their engine never changes.
 */
export function clusterFinder(database: string, select: Select): () => Promise<string | undefined> {
  let found: { readonly cluster: string | undefined } | undefined
  return async () => {
    if (found !== undefined) return found.cluster
    const [table] = await select<{ engine_full: string }>(
      `SELECT engine_full FROM system.tables WHERE database = '${database}' AND name = 'schema_migrations'
       SETTINGS max_execution_time = 60`,
    )
    if (table === undefined) return undefined
    found = { cluster: clusterOf(table.engine_full) }
    return found.cluster
  }
}

/** `Distributed('main', 'dcvlens', …)` → `main`. */
function clusterOf(engine: string): string | undefined {
  const [, name] = /^Distributed\('((?:[^'\\]|\\.)*)'/.exec(engine) ?? []
  return name?.replaceAll(/\\(.)/g, '$1')
}
