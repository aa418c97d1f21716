import type { Store } from './client.ts'
import { DATABASE } from './database.ts'

/** Rights without which nothing can be stored. Tables are created IF NOT EXISTS at each start, which also needs the right. */
const NEEDED = ['SELECT', 'INSERT', 'CREATE TABLE', 'CREATE DATABASE'] as const

/** The rights on our database that the user of a server lacks. */
export async function selectMissingRights(store: Store): Promise<string[]> {
  const rows = await store.query<Record<string, string>>('SHOW GRANTS FINAL')
  return missingRights(rows.flatMap((row) => Object.values(row)))
}

/** The rights on all of our database that none of these statements of SHOW GRANTS gives. */
export function missingRights(grants: readonly string[]): string[] {
  const given = new Set<string>()
  for (const statement of grants) {
    const [, verb, rights = '', target = ''] = /^(GRANT|REVOKE) (.+?) ON (\S+) /.exec(`${statement} `) ?? []
    if (!coversDatabase(target, verb === 'REVOKE')) continue
    // Rights on single columns have these in brackets, and do not suffice.
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

/**
 * Does the target include our database: `dcvlens.*`, `*.*`, or a wildcard that our name begins with? A right revoked on a
 * single table counts as missing.
 */
function coversDatabase(target: string, isRevoked: boolean): boolean {
  const [database = '', table = ''] = target.replaceAll('`', '').split('.')
  if (table !== '*' && !isRevoked) return database.endsWith('*') && table === '' && matches(database)
  return matches(database)
}

function matches(database: string): boolean {
  return database.endsWith('*') ? DATABASE.startsWith(database.slice(0, -1)) : database === DATABASE
}
