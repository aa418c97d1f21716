// The child process: a ClickHouse HTTP interface in front of chDB. Plain JavaScript, so that every Node runs it.
// Started by clickhouse-front.ts, which sends the faults over the process channel.
import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { sendAnswer, sendError } from './front-answer.mjs'
import { openCluster, writeClusterConfig } from './front-cluster.mjs'
import { openEngine } from './front-engine.mjs'
import { cancelled, DbError } from './front-errors.mjs'
import { createFaults } from './front-faults.mjs'
import { openProcesses } from './front-processes.mjs'
import { authenticate, readBody, readCall, readMultipart } from './front-request.mjs'
import { formatOf, isInsert } from './front-sql.mjs'
import { createRunner, parseStatement } from './front-statement.mjs'

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */
/** @typedef {import('./front-processes.mjs').Job} Job */
/** @typedef {import('./front-faults.mjs').MetFault} MetFault */
/** @typedef {{ dataDir: string, port: number, user?: string, password?: string, cluster?: { name: string, macros: string[], internal: boolean } }} Options */

/** @type {Options} */
const options = JSON.parse(process.argv[2] ?? '{}')
if (options.cluster) {
  process.chdir(options.dataDir)
  writeClusterConfig(options.dataDir, options.cluster)
}
const engine = openEngine(join(options.dataDir, 'engine'))
const cluster = options.cluster && openCluster(singleValue, options.cluster.name)
const processes = openProcesses(engine.kill)
const run = createRunner(engine, processes, join(options.dataDir, 'bodies'), cluster)
const faults = createFaults()
const never = new AbortController().signal

/**
 * @param {Request} request
 * @param {Response} response
 */
async function serve(request, response) {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://front')
  const refusal = faults.refusal()
  if (refusal !== undefined) {
    faults.counters.faults += 1
    return plain(response, refusal, 'Refused by the test front\n')
  }
  const idle = request.method === 'GET' && !searchParams.has('query')
  if (pathname === '/ping' || (pathname === '/' && idle)) {
    const fault = faults.take(false)
    if (fault) await faults.hold(fault, never)
    return plain(response, 200, 'Ok.\n')
  }
  if (pathname !== '/') return plain(response, 404, `There is no handle ${pathname}\n`)
  await answerStatement(request, response, searchParams)
}

/**
 * @param {Request} request
 * @param {Response} response
 * @param {URLSearchParams} search
 */
async function answerStatement(request, response, search) {
  authenticate(request, search, options)
  const call = readCall(request, search, randomUUID())
  const { queryId, query, user, database = 'default' } = call
  response.setHeader('X-ClickHouse-Query-Id', queryId)
  const job = processes.begin({ queryId, query, user, database })
  try {
    const early = query ? faults.take(isInsert(query)) : undefined
    if (early?.kind === 'cut-before') request.once('data', () => request.socket.destroy())
    const body = await readBody(request, job.controller.signal)
    const type = request.headers['content-type'] ?? ''
    const multipart = type.startsWith('multipart/form-data')
    const parsed = parseStatement(query, multipart ? await readMultipart(type, body, call) : body)
    job.query ||= parsed.sql
    const fault = early ?? faults.take(parsed.insert)
    await meet(fault, job)
    if (fault?.kind === 'cut-before') return void request.socket.destroy()
    const summary = { reading: !parsed.insert, rows: 0, bytes: 0, seconds: 0 }
    const pieces = run(job, call, parsed, (read) => Object.assign(summary, read))
    const manner = { ...call, format: formatOf(parsed.sql, call.format), version: engine.version, summary }
    if (!parsed.insert) {
      await sendAnswer(response, pieces, manner)
      faults.counters.queries += 1
      return
    }
    for await (const _ of pieces);
    faults.counters.inserts += 1
    if (fault?.kind === 'cut-after') return void request.socket.destroy()
    await sendAnswer(response, nothing(), manner)
  } finally {
    processes.end(job)
  }
}

/**
 * What a statement goes through before it is executed.
 * @param {MetFault | undefined} fault
 * @param {Job} job
 */
async function meet(fault, job) {
  const { signal } = job.controller
  if (fault?.kind === 'error') throw fault.error
  if (fault?.kind === 'hang') await faults.hold(fault, signal)
  await sleep(faults.delayMs(), undefined, { signal }).catch(() => {})
  if (signal.aborted) throw cancelled()
}

async function* nothing() {}

/**
 * @param {Response} response
 * @param {number} status
 * @param {string} text
 */
function plain(response, status, text) {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=UTF-8' })
  response.end(text)
}

/**
 * @param {number} count
 * @param {number} code
 * @param {number | undefined} status
 */
async function armErrors(count, code, status) {
  const name = await singleValue(`SELECT errorCodeToName(${Number(code)})`)
  const error = new DbError(code, 'Asked for by the test', name || 'UNKNOWN', status)
  faults.arm({ kind: 'error', left: count, scope: 'inserts', error })
}

/**
 * The single value of a query.
 * @param {string} sql
 */
async function singleValue(sql) {
  const about = { format: 'TSVRaw', stream: false, tag: 'front', database: undefined }
  let value = ''
  for await (const piece of engine.run({ ...about, sql, settings: new Map(), params: new Map() })) {
    value += Buffer.from(piece).toString()
  }
  return value.trim()
}

/** @type {Record<string, (...args: any[]) => unknown>} */
const verbs = {
  refuse: faults.refuse,
  slow: faults.slow,
  heal: faults.heal,
  errors: armErrors,
  hang: (count, scope) => faults.arm({ kind: 'hang', left: count, scope }),
  cutBefore: (count) => faults.arm({ kind: 'cut-before', left: count, scope: 'inserts' }),
  cutAfter: (count) => faults.arm({ kind: 'cut-after', left: count, scope: 'inserts' }),
  counters: () => ({ ...faults.counters }),
  statements: () => cluster?.statements ?? [],
  async stop() {
    server.close()
    server.closeAllConnections()
    await engine.close()
    process.exit(0)
  },
}

const server = createServer({ requestTimeout: 0, keepAliveTimeout: 30_000 }, (request, response) => {
  serve(request, response)
    .catch((error) => {
      if (response.headersSent || response.destroyed) response.destroy()
      else sendError(response, error, engine.version)
    })
    // Reads what is left of a body nobody wanted, so that the connection can be used again.
    .finally(() => request.resume())
})

process.on(
  'message',
  async (/** @type {{ id: number, verb: string, args: unknown[] }} */ { id, verb, args }) => {
    process.send?.({ id, value: await verbs[verb]?.(...args) })
  },
)
process.on('disconnect', () => process.exit(0))
server.listen(options.port, '127.0.0.1', () => {
  const address = server.address()
  process.send?.({ port: typeof address === 'object' ? address?.port : undefined })
})
server.on('error', (error) => {
  process.send?.({ failed: error.message })
  process.exit(1)
})
