import type { EventJson } from '../event-json.ts'
import { printable } from './printable.ts'

/** Where an event stands, in short: `file:LINE`, or its first byte where nobody could count the lines. */
export function shortPlace({ file, offset, line }: Pick<EventJson, 'file' | 'offset' | 'line'>): string {
  const name = printable(file.split('/').at(-1) ?? '', ' ').replaceAll('\n', ' ')
  return line === undefined ? `${name}, byte ${offset}` : `${name}:${line}`
}
