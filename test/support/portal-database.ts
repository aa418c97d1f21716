import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import initSqlJs from 'sql.js'

/** Columns of a row; those not given are as the portal leaves them. */
export type PortalRow = Readonly<Record<string, string | number | null>>

const OLD_COLUMNS = `id INTEGER PRIMARY KEY, user VARCHAR(255) NOT NULL, tag_uuid TEXT, session_name VARCHAR(255),
  session_number INTEGER, session_state VARCHAR(255) NOT NULL, session_host_private_dns VARCHAR(255),
  session_host_private_ip VARCHAR(255), session_instance_id VARCHAR(255), session_instance_type VARCHAR(255),
  session_token VARCHAR(255), session_id VARCHAR(255), dcv_authentication_token VARCHAR(255), is_active BOOLEAN,
  created_on DATETIME, deactivated_on DATETIME, schedule_monday_start INTEGER, schedule_monday_stop INTEGER,
  session_local_admin_password VARCHAR(255)`

const TABLES: Readonly<Record<string, string>> = {
  linux_dcv_sessions: OLD_COLUMNS,
  windows_dcv_sessions: OLD_COLUMNS,
  virtual_desktop_sessions: `id INTEGER PRIMARY KEY, is_active BOOLEAN, created_on DATETIME, deactivated_on DATETIME,
    session_uuid VARCHAR(36), session_name VARCHAR(255), session_state VARCHAR(7), session_token TEXT, schedule TEXT,
    session_owner VARCHAR(255), session_id VARCHAR(255), authentication_token TEXT, instance_private_dns VARCHAR(255),
    instance_private_ip VARCHAR(255), instance_id VARCHAR(255), instance_type VARCHAR(255), os_family VARCHAR(7)`,
}

/** Writes a database as a portal does, with these rows in its tables; a table that is not named is not made. */
export async function writePortal(
  path: string,
  tables: Readonly<Record<string, readonly PortalRow[]>>,
): Promise<void> {
  const sql = await initSqlJs()
  const database = new sql.Database()
  for (const [table, rows] of Object.entries(tables)) {
    database.run(`CREATE TABLE ${table} (${TABLES[table] ?? 'id INTEGER, user TEXT'})`)
    for (const row of rows) {
      const names = Object.keys(row)
      database.run(
        `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
        Object.values(row),
      )
    }
  }
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, database.export())
  database.close()
}
