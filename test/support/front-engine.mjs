// The engine behind the front. Every statement runs on a chDB session of its own (0.4 ms to open), so nothing a
// request sets (settings, parameters, database) is there for the next one: that is how a server behaves.
import { drainPending, Session } from 'chdb'
import { DbError } from './front-errors.mjs'
import { literal } from './front-sql.mjs'

/**
 * @typedef {object} Statement
 * @property {string} sql
 * @property {string} format output format where the SQL names none
 * @property {boolean} stream give the result in pieces; only for SELECT in a format without head and tail
 * @property {string} tag by which `kill` finds it
 * @property {string | undefined} database
 * @property {ReadonlyMap<string, string>} settings
 * @property {ReadonlyMap<string, string>} params as they stand in the URL: escaped as in TabSeparated
 */
/** @typedef {{ rows: number, bytes: number, seconds: number }} Read */

/**
 * @param {string} path
 */
export function openEngine(path) {
  const base = new Session(path)
  return {
    version: base.query('SELECT version()', 'TabSeparated').trim(),

    /**
     * Runs a statement and yields its answer; a statement never taken up to its end is cancelled.
     * @param {Statement} statement
     * @param {(read: Read) => void} [done] told what was read, at the end
     * @returns {AsyncGenerator<Uint8Array>}
     */
    async *run(statement, done) {
      const session = new Session(path)
      try {
        await prepare(session, statement)
        if (statement.stream) {
          for await (const chunk of session.queryStream(statement.sql, { format: statement.format })) {
            yield chunk.raw()
          }
          return
        }
        const result = await session.queryAsync(statement.sql, { format: statement.format })
        done?.({ rows: result.rowsRead, bytes: result.bytesRead, seconds: result.elapsed })
        yield result.bytes()
      } finally {
        session.close()
      }
    },

    /**
     * Asks the engine once to end what runs under a tag. Not SYNC: in chDB that never returns.
     * @param {string} tag
     */
    async kill(tag) {
      await base.queryAsync(`KILL QUERY WHERE Settings['log_comment'] = ${literal(tag)} ASYNC`)
    },

    /** Waits for what runs and closes. */
    async close() {
      await drainPending()
      base.close()
    },
  }
}

/**
 * `readonly` comes last, for it would forbid the rest.
 * @param {Session} session
 * @param {Statement} statement
 */
async function prepare(session, { database, settings, params, tag }) {
  if (database) await session.queryAsync(`USE \`${database.replace(/[\\`]/g, '\\$&')}\``)
  const set = new Map([...params].map(([name, value]) => [`param_${name}`, value]))
  for (const [name, value] of settings) if (name !== 'readonly') set.set(name, value)
  const readonly = settings.get('readonly')
  if (readonly !== undefined) set.set('readonly', readonly)
  set.set('log_comment', tag)
  for (const name of set.keys()) {
    if (!/^\w+$/.test(name)) throw new DbError(115, `Unknown setting '${name}'`, 'UNKNOWN_SETTING')
  }
  const pairs = [...set].map(([name, value]) => `${name} = ${literal(value)}`)
  // A statement has a greatest length; long values have one each.
  for (const pair of pairs.filter(isLong)) await session.queryAsync(`SET ${pair}`)
  await session.queryAsync(`SET ${pairs.filter((pair) => !isLong(pair)).join(', ')}`)
}

/** @param {string} pair */
function isLong(pair) {
  return pair.length > 10_000
}
