import { lstatSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import type { Database } from 'sql.js'
import { errorText } from '../../errors.ts'
import { copyDatabase, findDatabases, portalFolders } from './database-file.ts'
import { NO_PORTAL, type Portal, type PortalSession } from './portal-session.ts'
import { type Origin, PORTAL_TABLES, type PortalTable, portalSession } from './portal-tables.ts'

const SOURCE = 'portal database'
/** If there are more rows, the newest are read. */
const MAX_ROWS = 100_000

/** Returns what the portals below a root say; the same object as long as no database has changed. */
export type PortalReader = () => Promise<Portal>

/** Does the file system below a folder answer? Reading from one that does not would block for ever. */
export type Answers = (folder: string) => Promise<boolean>

/** Which parts of the databases are read. */
export type PortalOptions = {
  readonly answers?: Answers
  readonly isWanted?: (path: string) => boolean
}

/** Makes the reader of the portal databases below `root`, read-only. The only door to sql.js. */
export function portalReader(
  root: string,
  { answers = async () => true, isWanted = () => true }: PortalOptions = {},
): PortalReader {
  const known = new Map<string, { readonly look: string; readonly portal: Portal }>()
  let last: { readonly portals: readonly Portal[]; readonly all: Portal } | undefined
  return async () => {
    const folders = portalFolders(root)
    const answering = await Promise.all(folders.map(answers))
    const portals: Portal[] = folders
      .filter((_, i) => answering[i] === false)
      .map((folder) => silent(`${folder}: its file system does not answer`))
    for (const path of folders
      .filter((_, i) => answering[i] === true)
      .flatMap(findDatabases)
      .filter(isWanted)) {
      const look = lookOf(path)
      const before = known.get(path)
      const isKnown = before?.look === look && before.portal.notRead.length === 0
      const portal = isKnown ? before.portal : await readDatabase(path)
      known.set(path, { look, portal })
      portals.push(portal)
    }
    const isSame = isDeepStrictEqual(portals, last?.portals)
    if (last === undefined || !isSame) last = { portals, all: together(portals) }
    return last.all
  }
}

function silent(reason: string): Portal {
  return { ...NO_PORTAL, notRead: [{ source: SOURCE, reason, cluster: undefined }] }
}

/** The content of several databases together; a cluster may have one of an earlier release as well. */
export function together(portals: readonly Portal[]): Portal {
  const isWhole: Record<string, boolean> = {}
  for (const portal of portals)
    for (const [cluster, isRead] of Object.entries(portal.isWhole))
      isWhole[cluster] = isRead && isWhole[cluster] !== false
  return {
    isWhole,
    sessions: portals.flatMap(({ sessions }) => sessions),
    notRead: portals.flatMap(({ notRead }) => notRead),
  }
}

/** Reads the desktops of one database; what cannot be read is listed with the reason. */
export async function readDatabase(path: string): Promise<Portal> {
  const cluster = clusterIn(path)
  const notRead = (reason: string) => ({ source: SOURCE, reason: `${path}: ${reason}`, cluster })
  const copied = copyDatabase(path)
  if ('refused' in copied)
    return { sessions: [], notRead: [notRead(copied.refused)], isWhole: { [cluster]: false } }
  const { default: initSqlJs } = await import('sql.js')
  const sql = await initSqlJs()
  const sessions: PortalSession[] = []
  const faults: string[] = []
  let isCut = false
  try {
    const database = new sql.Database(copied.bytes)
    try {
      const tables = PORTAL_TABLES.map((table) => ({ table, columns: columnsOf(database, table.name) }))
      const present = tables.filter(({ columns }) => columns.size > 0)
      if (present.length === 0) faults.push('it has no table of desktops that is known')
      for (const { table, columns } of present) {
        const missing = Object.values(table.needed).find((column) => !columns.has(column))
        if (missing === undefined) {
          const rows = rowsOf(database, table, columns, { cluster, profile: table.profile(path) })
          isCut ||= rows.length === MAX_ROWS
          sessions.push(...rows)
        } else faults.push(`${table.name} has no column ${missing}: a release that is not known`)
      }
    } finally {
      database.close()
    }
  } catch (error) {
    faults.push(errorText(error))
  }
  return { sessions, notRead: faults.map(notRead), isWhole: { [cluster]: faults.length === 0 && !isCut } }
}

function columnsOf(database: Database, table: string): ReadonlySet<string> {
  const [info] = database.exec(`SELECT name FROM pragma_table_info('${table}')`)
  return new Set(info?.values.map(([name]) => String(name)))
}

/** Reads named columns only: those with tokens and passwords are not among them. */
function rowsOf(
  database: Database,
  table: PortalTable,
  columns: ReadonlySet<string>,
  origin: Origin,
): PortalSession[] {
  const names = Object.entries({ ...table.needed, ...table.more }).filter(([, column]) => columns.has(column))
  const list = names.map(([ours, column]) => `"${column}" AS "${ours}"`).join(', ')
  const statement = database.prepare(`SELECT ${list} FROM ${table.name} ORDER BY id DESC LIMIT ${MAX_ROWS}`)
  const rows: PortalSession[] = []
  try {
    while (statement.step()) rows.push(portalSession(statement.getAsObject(), table, origin))
  } finally {
    statement.free()
  }
  return rows
}

function clusterIn(path: string): string {
  return /\/(?:apps|opt)\/(?:soca|edh)\/([^/]+)\//.exec(path)?.[1] ?? ''
}

function lookOf(path: string): string {
  try {
    const { ino, size, mtimeMs } = lstatSync(path)
    return `${ino}:${size}:${mtimeMs}`
  } catch (error) {
    return errorText(error)
  }
}
