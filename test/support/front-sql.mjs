// As much SQL as the front has to understand: where the data of an INSERT begins, which format is asked for,
// and the two statements it answers itself (system.processes, KILL QUERY). All else is the engine's business.
import { DbError } from './front-errors.mjs'

/** @typedef {{ text: string, start: number, end: number, depth: number }} Token */
/** @typedef {{ targetEnd: number, clauses: string, dataStart: number }} DataInsert */

const tokenPattern =
  /'[^'\\]*(?:(?:\\[\s\S]|'')[^'\\]*)*'|`[^`\\]*(?:\\[\s\S][^`\\]*)*`|"[^"\\]*(?:\\[\s\S][^"\\]*)*"|--[^\n]*|\/\*[\s\S]*?\*\/|[\w$\u0080-\uffff]+|\S/g
const afterTarget = new Set(['SETTINGS', 'FORMAT', 'VALUES', 'SELECT', 'WITH', 'FROM', 'WATCH'])

/**
 * Reads an INSERT whose rows follow as data (`FORMAT x`, `VALUES`); null for any other statement.
 * Indices count the characters of `text`, so a text decoded as latin1 gives byte positions.
 * @param {string} text
 * @returns {DataInsert | null}
 */
export function readDataInsert(text) {
  let targetEnd = 0
  let count = 0
  let format = false
  let before = 0
  let previous = ''
  for (const token of tokens(text)) {
    const word = token.text.toUpperCase()
    if (count === 0 && word !== 'INSERT') return null
    if (format) return dataInsert(text, { targetEnd, clausesEnd: token.end, clauses: 'FORMAT' })
    // The third token, and what follows a dot, is the table's name, whatever it is.
    if (count > 2 && previous !== '.' && token.depth === 0 && afterTarget.has(word)) {
      targetEnd ||= before
      if (word === 'VALUES') return dataInsert(text, { targetEnd, clausesEnd: token.end, clauses: 'VALUES' })
      if (word === 'FORMAT') format = true
      else if (word !== 'SETTINGS') return null
    }
    before = token.end
    previous = word
    count += 1
  }
  return null
}

/** @param {string} text */
export function isInsert(text) {
  for (const token of tokens(text)) return token.text.toUpperCase() === 'INSERT'
  return false
}

/**
 * Refuses a second statement, as a server does; the engine alone would run both.
 * @param {string} text
 */
export function refuseSecondStatement(text) {
  let end = -1
  for (const token of tokens(text)) {
    if (end >= 0) {
      const where = `failed at position ${end + 1} (;)`
      throw new DbError(62, `Syntax error (Multi-statements are not allowed): ${where}. `, 'SYNTAX_ERROR')
    }
    if (token.text === ';') end = token.start
  }
}

/**
 * The format a statement asks for in its own FORMAT clause.
 * @param {string} text
 * @param {string} otherwise
 */
export function formatOf(text, otherwise) {
  const match = /\bFORMAT\s+(\w+)\s*(?:SETTINGS\b[^;]*)?;?\s*$/i.exec(text)
  return match?.[1] ?? otherwise
}

/**
 * Puts `source` wherever the statement reads a table of the database system.
 * @param {string} text
 * @param {string} name
 * @param {string} source
 */
export function readTableFrom(text, name, source) {
  if (!text.toLowerCase().includes(name)) return text
  const all = [...tokens(text)]
  let result = ''
  let from = 0
  for (const [index, token] of all.entries()) {
    const table = all[index + 2]
    if (!table || token.text.toLowerCase() !== 'system' || all[index + 1]?.text !== '.') continue
    if (table.text.toLowerCase() !== name) continue
    result += text.slice(from, token.start) + source
    from = table.end
  }
  return result + text.slice(from)
}

/**
 * Reads `KILL QUERY … WHERE condition [SYNC | ASYNC | TEST] [FORMAT x]`.
 * @param {string} text
 */
export function readKill(text) {
  const match =
    /^\s*KILL\s+QUERY\b[\s\S]*?\bWHERE\b([\s\S]*?)(?:\b(SYNC|ASYNC|TEST))?\s*(?:FORMAT\s+\w+)?\s*;?\s*$/i.exec(
      text,
    )
  return match ? { condition: match[1] ?? '', mode: (match[2] ?? 'ASYNC').toUpperCase() } : null
}

/**
 * A string as an SQL literal.
 * @param {string} value
 */
export function literal(value) {
  return `'${value.replace(/[\\']/g, '\\$&')}'`
}

/**
 * @param {string} text
 * @param {{ targetEnd: number, clausesEnd: number, clauses: 'FORMAT' | 'VALUES' }} found
 * @returns {DataInsert}
 */
function dataInsert(text, { targetEnd, clausesEnd, clauses }) {
  const skip = /[ \t\f\r]*;?[ \t\f\r]*\n?/y
  skip.lastIndex = clausesEnd
  skip.test(text)
  const written = text.slice(targetEnd, clausesEnd)
  return {
    targetEnd,
    clauses: clauses === 'VALUES' ? written.replace(/VALUES$/i, 'FORMAT Values') : written,
    dataStart: skip.lastIndex,
  }
}

/**
 * @param {string} text
 * @returns {Generator<Token>}
 */
function* tokens(text) {
  let depth = 0
  for (const match of text.matchAll(tokenPattern)) {
    const word = match[0]
    if (word.startsWith('--') || word.startsWith('/*')) continue
    if (word === ')') depth -= 1
    yield { text: word, start: match.index, end: match.index + word.length, depth }
    if (word === '(') depth += 1
  }
}
