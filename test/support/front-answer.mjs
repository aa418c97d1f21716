// How answers leave: headers, compression, and errors where they can still be told by status or only in the body.
import { randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { answerOf } from './front-errors.mjs'

// A server holds its answer back until it fills one buffer; an error up to then has a status of its own.
const heldBytes = 1_048_576

/** @typedef {{ reading: boolean, rows: number, bytes: number, seconds: number }} Summary */
/** @typedef {{ wait: boolean, gzip: boolean, format: string, version: string, summary: Summary }} Manner */

/**
 * Sends a result as it comes. Throws while nothing has been sent; after that the error goes into the body.
 * @param {import('node:http').ServerResponse} response
 * @param {AsyncGenerator<Uint8Array>} pieces
 * @param {Manner} manner
 */
export async function sendAnswer(response, pieces, { wait, gzip, format, version, summary }) {
  /** @type {Uint8Array[]} */
  const head = []
  let size = 0
  let ended = false
  while (!ended && (wait || size < heldBytes)) {
    const next = await pieces.next()
    if (next.done) ended = true
    else {
      head.push(next.value)
      size += next.value.length
    }
  }
  const tag = randomBytes(8).toString('hex')
  response.writeHead(200, {
    'Content-Type': format.startsWith('JSON')
      ? 'application/json; charset=UTF-8'
      : 'text/plain; charset=UTF-8',
    'X-ClickHouse-Format': format,
    'X-ClickHouse-Summary': summaryText(summary),
    'X-ClickHouse-Exception-Tag': tag,
    ...(gzip ? { 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' } : {}),
  })
  const all = async function* () {
    yield* head
    try {
      yield* pieces
    } catch (error) {
      yield exceptionBlock(answerOf(error, version).text, tag)
    }
  }
  const body = Readable.from(all(), { objectMode: false })
  if (gzip) await pipeline(body, createGzip(), response)
  else await pipeline(body, response)
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {unknown} error
 * @param {string} version
 */
export function sendError(response, error, version) {
  const { code, status, text } = answerOf(error, version)
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=UTF-8',
    'X-ClickHouse-Exception-Code': String(code),
  })
  response.end(text)
}

/**
 * The end of a body that was begun before its query failed.
 * @param {string} text
 * @param {string} tag
 */
function exceptionBlock(text, tag) {
  const message = text.endsWith('\n') ? text : `${text}\n`
  const mark = '__exception__'
  return Buffer.from(`\r\n${mark}\r\n${tag}\n${message}${Buffer.byteLength(message)} ${tag}\r\n${mark}\r\n`)
}

/** @param {Summary} summary */
function summaryText({ reading, rows, bytes, seconds }) {
  const [read, written] = reading ? [rows, 0] : [rows, rows]
  return JSON.stringify({
    read_rows: String(read),
    read_bytes: String(bytes),
    written_rows: String(written),
    written_bytes: String(reading ? 0 : bytes),
    total_rows_to_read: '0',
    result_rows: String(reading ? rows : written),
    result_bytes: String(bytes),
    elapsed_ns: String(Math.round(seconds * 1e9)),
  })
}
