import { cleanText } from '../../../interpret/clean.ts'
import { redact } from '../../../interpret/redact.ts'
import type { SignatureDetails } from '../../../store/alert-query.ts'

/** Longer log records are cut to this length. */
const EXAMPLE_CHARS = 400
/** If several lines are cut, the first one gets at most this much. */
const FIRST_CHARS = 120
const CUT = ' … '
/** At most this many names of each kind are shown. */
const MOST_NAMES = 5

/**
 * A log record as shown in a notice: one short line without secrets and control characters. If several lines are too long
 * together, the first and the last are kept; of a long line, its beginning and end. Omissions are marked.
 */
export function lineOf(message: string): string {
  const lines = redact(cleanText(message))
    .split('\n')
    .filter((line) => line.trim() !== '')
  const [first = ''] = lines
  const whole = flat(lines.join(' '))
  if (whole.length <= EXAMPLE_CHARS) return whole
  if (lines.length === 1) return cut(whole, EXAMPLE_CHARS)
  // The last line without indentation: at the end of a stack trace it is the error.
  const last = lines.slice(1).findLast((line) => /^\S/.test(line)) ?? lines.at(-1) ?? ''
  const left = lines.length - 2
  const gap = left > 0 ? ` … ${plural(left, 'line')} … ` : ' … '
  const begin = cut(flat(first), FIRST_CHARS)
  return `${begin}${gap}${cut(flat(last), EXAMPLE_CHARS - begin.length - gap.length)}`
}

function flat(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim()
}

/** Cuts the middle, which says least. */
function cut(text: string, chars: number): string {
  if (text.length <= chars) return text
  const head = Math.ceil((chars - CUT.length) / 2)
  return `${text.slice(0, head)}${CUT}${text.slice(text.length - (chars - CUT.length - head))}`
}

/** A moment as notices show it. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`
}

/** The time span in which something was seen, as notices show it. */
export function spanText(firstMs: number, lastMs: number): string {
  const [first, last] = [isoSeconds(firstMs), isoSeconds(lastMs)]
  return first === last ? `at ${first}` : `from ${first} to ${last}`
}

/** `1 host`, `2 hosts`. */
export function plural(count: number, what: string, many = `${what}s`): string {
  return `${count} ${count === 1 ? what : many}`
}

/** `where` of a notice: clusters, desktops and hosts, a few of each by name; nothing if none is known. */
export function whereOf(all: readonly SignatureDetails[]): { readonly where?: string } {
  const parts = [
    ['cluster', all.flatMap(({ clusters }) => clusters)],
    ['desktop', all.flatMap(({ session_names }) => session_names)],
    ['host', all.flatMap(({ host_names }) => host_names)],
  ] as const
  const where = parts
    .map(([what, names]) => [what, [...new Set(names)].sort()] as const)
    .filter(([, names]) => names.length > 0)
    .map(([what, names]) => `${what} ${fewOf(names)}`)
    .join('; ')
  return where === '' ? {} : { where }
}

function fewOf(names: readonly string[]): string {
  const more = names.length - MOST_NAMES
  return `${names.slice(0, MOST_NAMES).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}
