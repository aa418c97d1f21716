import { DATABASE, type Store } from './client.ts'

/** Rights without which nothing can be stored; tables are made IF NOT EXISTS at each start, which needs the right, too. */
const NEEDED = ['SELECT', 'INSERT', 'CREATE TABLE', 'CREATE DATABASE'] as const

/** Which rights the user of a server lacks on our database. */
export async function selectMissingRights(store: Store): Promise<string[]> {
  const rows = await store.query<Record<string, string>>('SHOW GRANTS FINAL')
  return missingRights(rows.flatMap((row) => Object.values(row)))
}

/** Which rights none of these statements of SHOW GRANTS gives on all of our database. */
export function missingRights(grants: readonly string[]): string[] {
  const given = new Set<string>()
  for (const statement of grants) {
    const [, verb, rights = '', target = ''] = /^(GRANT|REVOKE) (.+?) ON (\S+) /.exec(`${statement} `) ?? []
    if (!coversDatabase(target, verb === 'REVOKE')) continue
    // Rights on some columns only have those in brackets.
    for (const right of rights.replaceAll(/\w+ ?\([^)]*\)/g, '').split(/ *, */)) {
      for (const needed of NEEDED) {
        if (!implies(right, needed)) continue
        if (verb === 'GRANT') given.add(needed)
        else given.delete(needed)
      }
    }
  }
  return NEEDED.filter((right) => !given.has(right))
}

function implies(right: string, needed: string): boolean {
  return right === needed || /^ALL(?: PRIVILEGES)?$/.test(right) || needed.startsWith(`${right} `)
}

/** `dcvlens.*`, `*.*`, or a wildcard that our name begins with; what is taken from one table is missed, too. */
function coversDatabase(target: string, isRevoked: boolean): boolean {
  const [database = '', table = ''] = target.replaceAll('`', '').split('.')
  if (table !== '*' && !isRevoked) return database.endsWith('*') && table === '' && matches(database)
  return matches(database)
}

function matches(database: string): boolean {
  return database.endsWith('*') ? DATABASE.startsWith(database.slice(0, -1)) : database === DATABASE
}
