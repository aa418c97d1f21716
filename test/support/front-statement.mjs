// Runs one statement of a request: the front's own two, an INSERT with data, or whatever else on the engine.
import { mkdirSync, rmSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { killAnswer } from './front-processes.mjs'
import {
  formatOf,
  isInsert,
  literal,
  readDataInsert,
  readKill,
  readTableFrom,
  refuseSecondStatement,
} from './front-sql.mjs'

/** @typedef {import('./front-request.mjs').Call} Call */
/** @typedef {import('./front-processes.mjs').Job} Job */
/** @typedef {import('./front-engine.mjs').Read} Read */
/** @typedef {{ sql: string, insert: boolean, data?: { clauses: string, bytes: Uint8Array[] } }} Parsed */

// Only these give the same bytes in pieces as at once: they have neither head nor tail.
const pieceFormats = new Set(
  'JSONEachRow JSONCompactEachRow TabSeparated TSV CSV Native RowBinary'.split(' '),
)
const maxQueryBytes = 262_144

/**
 * Parts a request into SQL and data.
 * @param {string} urlQuery
 * @param {Buffer} body
 * @returns {Parsed}
 */
export function parseStatement(urlQuery, body) {
  const text = urlQuery ? Buffer.from(urlQuery) : body
  // latin1 makes positions in the text positions in the bytes; what follows the head may be binary.
  const found = readDataInsert(text.subarray(0, maxQueryBytes).toString('latin1'))
  if (found) {
    const clauses = Buffer.from(found.clauses, 'latin1').toString('utf8')
    const bytes = [text.subarray(found.dataStart), urlQuery ? body : Buffer.alloc(0)]
    return { sql: text.subarray(0, found.targetEnd).toString('utf8'), insert: true, data: { clauses, bytes } }
  }
  const sql = urlQuery && body.length > 0 ? `${urlQuery}\n${body.toString('utf8')}` : text.toString('utf8')
  refuseSecondStatement(sql)
  return { sql, insert: isInsert(sql) }
}

/**
 * @param {ReturnType<typeof import('./front-engine.mjs').openEngine>} engine
 * @param {ReturnType<typeof import('./front-processes.mjs').openProcesses>} processes
 * @param {string} bodiesDir where the data of a running INSERT lies; emptied at start
 * @param {ReturnType<typeof import('./front-cluster.mjs').openCluster> | undefined} cluster
 */
export function createRunner(engine, processes, bodiesDir, cluster) {
  rmSync(bodiesDir, { recursive: true, force: true })
  mkdirSync(bodiesDir, { recursive: true })

  /**
   * @param {Job} job
   * @param {Call} call
   * @param {string} sql
   */
  const statement = (job, call, sql) => {
    const format = formatOf(sql, call.format)
    const stream = !call.wait && pieceFormats.has(format) && /^\s*(?:SELECT|WITH)\b/i.test(sql)
    const { database, settings, params } = call
    return { sql, format: call.format, stream, tag: job.tag, database, settings, params }
  }

  /**
   * A file read by INFILE goes the way of data sent to a server: columns by name, defaults for those that are not
   * there, small blocks joined into one and none split. `SELECT * FROM file()` would take columns by position.
   * @param {Job} job
   * @param {Call} call
   * @param {{ sql: string, data: NonNullable<Parsed['data']> }} parsed
   * @param {(read: Read) => void} done
   */
  async function* insertData(job, call, { sql, data }, done) {
    const file = join(bodiesDir, job.tag)
    await writeFile(file, data.bytes)
    try {
      const query = `${sql} FROM INFILE ${literal(file)} COMPRESSION 'none' ${data.clauses}`
      yield* engine.run(statement(job, call, query), done)
    } finally {
      await rm(file, { force: true })
    }
  }

  /**
   * @param {Job} job
   * @param {Call} call
   * @param {{ sql: string, kill: { condition: string, mode: string } }} about
   */
  async function* killQuery(job, call, { sql, kill }) {
    const select = `SELECT query_id FROM ${processes.asTable(job)} WHERE ${kill.condition} FORMAT TabSeparated`
    const ids = []
    for await (const piece of engine.run(statement(job, call, select)))
      ids.push(Buffer.from(piece).toString())
    const jobs = processes.find(ids.join('').split('\n'))
    const ends = kill.mode === 'TEST' ? [] : jobs.map((other) => processes.kill(other))
    if (kill.mode === 'SYNC') await Promise.all(ends)
    const answer = killAnswer(jobs, kill.mode === 'SYNC' ? 'finished' : 'waiting')
    yield* engine.run(statement(job, call, `${answer} FORMAT ${formatOf(sql, call.format)}`))
  }

  /**
   * @param {Job} job
   * @param {Call} call
   * @param {Parsed} parsed
   * @param {(read: Read) => void} done
   * @returns {AsyncGenerator<Uint8Array>}
   */
  return async function* run(job, call, parsed, done) {
    const { data } = parsed
    if (data) cluster?.statements.push(`${parsed.sql} ${data.clauses}`)
    const sql = cluster === undefined ? parsed.sql : await cluster.read(parsed.sql)
    const kill = readKill(sql)
    job.executing = true
    try {
      if (data) yield* insertData(job, call, { sql, data }, done)
      else if (kill) yield* killQuery(job, call, { sql, kill })
      else yield* engine.run(statement(job, call, readTableFrom(sql, 'processes', processes.asTable())), done)
    } finally {
      job.executing = false
    }
  }
}
