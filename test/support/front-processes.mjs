// The statements the front has under way: what it shows as system.processes and what KILL QUERY can end.
import { setTimeout as sleep } from 'node:timers/promises'
import { DbError } from './front-errors.mjs'
import { literal } from './front-sql.mjs'

/**
 * @typedef {object} Job
 * @property {string} queryId
 * @property {string} tag
 * @property {string} query
 * @property {string} user
 * @property {string} database
 * @property {number} startedMs
 * @property {boolean} executing
 * @property {AbortController} controller aborted by KILL QUERY
 * @property {boolean} ended
 */

const columns =
  'query_id String, initial_query_id String, is_initial_query UInt8, user String, query String, ' +
  'query_kind String, current_database String, elapsed Float64, is_cancelled UInt8'

/** @param {(tag: string) => Promise<void>} killInEngine */
export function openProcesses(killInEngine) {
  /** @type {Map<string, Job>} */
  const jobs = new Map()
  let number = 0

  return {
    /**
     * @param {{ queryId: string, query: string, user: string, database: string }} about
     * @returns {Job}
     */
    begin(about) {
      if (jobs.has(about.queryId)) {
        const what = `Query with id = ${about.queryId} is already running.`
        throw new DbError(216, what, 'QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING')
      }
      number += 1
      const own = { startedMs: performance.now(), executing: false, ended: false }
      const job = { ...about, ...own, tag: `front-${number}`, controller: new AbortController() }
      jobs.set(job.queryId, job)
      return job
    },

    /** @param {Job} job */
    end(job) {
      job.ended = true
      jobs.delete(job.queryId)
    },

    /**
     * The running statements as a table expression; `except` is left out.
     * @param {Job} [except]
     */
    asTable(except) {
      const rows = [...jobs.values()].filter((job) => job !== except).map(row)
      const where = rows.length === 0 ? ' WHERE 0' : ''
      const values = rows.length === 0 ? row(empty) : rows.join(', ')
      return `(SELECT * FROM values(${literal(columns)}, ${values})${where})`
    },

    /** @param {string[]} ids */
    find(ids) {
      return [...jobs.values()].filter((job) => ids.includes(job.queryId))
    },

    /**
     * Ends a job and waits until it has ended. Asks again, for the engine may not know it yet.
     * @param {Job} job
     */
    async kill(job) {
      job.controller.abort()
      while (!job.ended) {
        if (job.executing) await killInEngine(job.tag)
        await sleep(10)
      }
    },
  }
}

/** @type {Job} */
const empty = {
  queryId: '',
  tag: '',
  query: '',
  user: '',
  database: '',
  startedMs: 0,
  executing: false,
  controller: new AbortController(),
  ended: true,
}

/**
 * The answer of KILL QUERY.
 * @param {Job[]} killed
 * @param {string} status
 */
export function killAnswer(killed, status) {
  const rows = killed.map((job) => `(${[status, job.queryId, job.user, job.query].map(literal).join(', ')})`)
  const types = literal('kill_status String, query_id String, user String, query String')
  return rows.length === 0
    ? `SELECT * FROM values(${types}, ('', '', '', '')) WHERE 0`
    : `SELECT * FROM values(${types}, ${rows.join(', ')})`
}

/** @param {Job} job */
function row(job) {
  const id = literal(job.queryId)
  const kind = literal(/^\s*(\w+)/.exec(job.query)?.[1] ?? '')
  const elapsed = ((performance.now() - job.startedMs) / 1000).toFixed(3)
  const cancelled = job.controller.signal.aborted ? 1 : 0
  const text = [job.user, job.query].map(literal).join(', ')
  return `(${id}, ${id}, 1, ${text}, ${kind}, ${literal(job.database)}, ${elapsed}, ${cancelled})`
}
