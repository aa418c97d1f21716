// What a request asks: the parameters of its URL, who sends it, and its body.
import { timingSafeEqual } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { createBrotliDecompress, createGunzip } from 'node:zlib'
import { cancelled, DbError } from './front-errors.mjs'

/**
 * @typedef {object} Call
 * @property {string} queryId
 * @property {string} query of the URL
 * @property {string | undefined} database
 * @property {string} format
 * @property {string} user
 * @property {boolean} wait hold the whole answer back until it is complete
 * @property {boolean} gzip
 * @property {Map<string, string>} params
 * @property {Map<string, string>} settings
 */

// Parameters of the HTTP interface, which the engine does not know as settings.
const own = new Set(
  'query query_id database default_format user password wait_end_of_query buffer_size quota_key stacktrace'.split(
    ' ',
  ),
)
const unsupported = new Set('session_id session_timeout session_check role compress decompress'.split(' '))

// As a server by default; no question can change it.
const longestValue = 128 * 1024

/** @param {string} value */
function checkLength(value) {
  if (Buffer.byteLength(value) <= longestValue) return
  throw new DbError(1000, 'HTML Form Exception: Field value too long', 'POCO_EXCEPTION')
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {URLSearchParams} search
 * @param {string} newId
 * @returns {Call}
 */
export function readCall(request, search, newId) {
  const params = new Map()
  const settings = new Map()
  for (const [name, value] of search) {
    checkLength(value)
    if (unsupported.has(name)) throw new DbError(48, `The test front has no '${name}'`, 'NOT_IMPLEMENTED')
    if (name.startsWith('param_')) params.set(name.slice('param_'.length), value)
    else if (!own.has(name)) settings.set(name, value)
  }
  if (request.method === 'GET' && !settings.has('readonly')) settings.set('readonly', '2')
  const accepted = String(request.headers['accept-encoding'] ?? '')
  return {
    queryId: search.get('query_id') || newId,
    query: (search.get('query') ?? '').trim(),
    database: search.get('database') ?? headerOf(request, 'x-clickhouse-database'),
    format: search.get('default_format') ?? headerOf(request, 'x-clickhouse-format') ?? 'TabSeparated',
    user: credentials(request, search).user,
    wait: search.get('wait_end_of_query') === '1' || settings.get('http_wait_end_of_query') === '1',
    gzip: accepted.includes('gzip') && settings.get('enable_http_compression') === '1',
    params,
    settings,
  }
}

/**
 * Lets in who has the password; anybody, if the front was started without one.
 * @param {import('node:http').IncomingMessage} request
 * @param {URLSearchParams} search
 * @param {{ user?: string | undefined, password?: string | undefined }} wanted
 */
export function authenticate(request, search, wanted) {
  if (wanted.password === undefined) return
  const { user, password } = credentials(request, search)
  if (user === (wanted.user ?? 'default') && same(password, wanted.password)) return
  const what = 'Authentication failed: password is incorrect, or there is no user with such name'
  throw new DbError(516, `${user}: ${what}`, 'AUTHENTICATION_FAILED')
}

/**
 * The whole body, unpacked. Throws where the sender breaks off, so that a cut body is never taken for a short one.
 * @param {import('node:http').IncomingMessage} request
 * @param {AbortSignal} signal
 * @returns {Promise<Buffer>}
 */
export async function readBody(request, signal) {
  /** @type {Buffer[]} */
  const chunks = []
  const collect = async (/** @type {AsyncIterable<Buffer>} */ source) => {
    for await (const chunk of source) chunks.push(chunk)
  }
  const encoding = request.headers['content-encoding'] ?? 'identity'
  try {
    if (encoding === 'gzip') await pipeline(request, createGunzip(), collect, { signal })
    else if (encoding === 'br') await pipeline(request, createBrotliDecompress(), collect, { signal })
    else if (encoding === 'identity') await pipeline(request, collect, { signal })
    else throw new DbError(48, `Unknown compression method ${encoding}`, 'NOT_IMPLEMENTED')
  } catch (error) {
    if (signal.aborted) throw cancelled()
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (!code.startsWith('Z_')) throw error
    throw new DbError(354, `inflate failed: ${code}`, 'ZLIB_INFLATE_FAILED')
  }
  return Buffer.concat(chunks)
}

/**
 * Takes query and parameters out of a multipart body.
 * @param {string} contentType
 * @param {Buffer} body
 * @param {Call} call
 * @returns {Promise<Buffer>} the query
 */
export async function readMultipart(contentType, body, call) {
  const form = await new Response(body, { headers: { 'content-type': contentType } }).formData()
  for (const [name, value] of form) {
    checkLength(String(value))
    if (name.startsWith('param_')) call.params.set(name.slice('param_'.length), String(value))
  }
  return Buffer.from(String(form.get('query') ?? ''))
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {URLSearchParams} search
 */
function credentials(request, search) {
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const [, user, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(basic ?? '', 'base64').toString('utf8')) ?? []
  return {
    user: search.get('user') ?? headerOf(request, 'x-clickhouse-user') ?? user ?? 'default',
    password: search.get('password') ?? headerOf(request, 'x-clickhouse-key') ?? password ?? '',
  }
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {string} name
 */
function headerOf(request, name) {
  const value = request.headers[name]
  return typeof value === 'string' ? value : undefined
}

/**
 * @param {string} left
 * @param {string} right
 */
function same(left, right) {
  const [a, b] = [Buffer.from(left), Buffer.from(right)]
  return a.length === b.length && timingSafeEqual(a, b)
}
