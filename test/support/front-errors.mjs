// Errors in ClickHouse's words, with the HTTP status a server gives each of them.

const statusCodes = [
  { status: 400, codes: [6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 44, 53, 62, 72, 117, 123, 167, 168, 223] },
  { status: 400, codes: [321, 376, 427, 441, 675, 676] },
  { status: 401, codes: [194] },
  { status: 403, codes: [192, 193, 497, 512, 516] },
  { status: 404, codes: [46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336, 511] },
  { status: 408, codes: [159] },
  { status: 411, codes: [381] },
  { status: 413, codes: [229] },
  { status: 501, codes: [48] },
  { status: 503, codes: [76, 209, 439] },
]

/** An error of the front itself, told as the server would tell it. */
export class DbError extends Error {
  /**
   * @param {number} code
   * @param {string} message
   * @param {string} name
   * @param {number} [status]
   */
  constructor(code, message, name, status) {
    super(`Code: ${code}. DB::Exception: ${message}. (${name})`.replace('. .', '.'))
    this.status = status
  }
}

/** @returns {DbError} */
export function cancelled() {
  return new DbError(394, 'Query was cancelled', 'QUERY_WAS_CANCELLED')
}

/**
 * What the client is told of any thrown thing: code, HTTP status and text.
 * @param {unknown} error
 * @param {string} version
 */
export function answerOf(error, version) {
  const told = error instanceof Error ? error.message : String(error)
  const message = told.startsWith('Code: ') ? told : `Code: 1001. DB::Exception: ${told}. (STD_EXCEPTION)`
  const code = Number(/^Code: (\d+)/.exec(message)?.[1])
  const status = error instanceof DbError ? error.status : undefined
  return {
    code,
    status: status ?? statusOf(code),
    text: `${message} (version ${version} (official build))\n`,
  }
}

/** @param {number} code */
function statusOf(code) {
  return statusCodes.find((entry) => entry.codes.includes(code))?.status ?? 500
}
