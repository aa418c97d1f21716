import type { EventJson } from '../event-json.ts'
import { printable } from './printable.ts'

/** The place of an event, in short: `file:LINE`, or its first byte if the line number is unknown. */
export function shortPlace({ file, offset, line }: Pick<EventJson, 'file' | 'offset' | 'line'>): string {
  const name = printable(file.split('/').at(-1) ?? '', ' ').replaceAll('\n', ' ')
  return line === undefined ? `${name}, byte ${offset}` : `${name}:${line}`
}
