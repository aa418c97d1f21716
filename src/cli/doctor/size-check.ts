import { bytesText } from '../../bytes-text.ts'
import type { TableSize } from '../../store/facts-query.ts'
import { counted } from '../counted.ts'
import { type Check, ok } from './check.ts'

/** How much is stored; no check for a store without rows. */
export function sizeChecks(tables: readonly TableSize[]): Check[] {
  const told = tables.map(({ table, rows, bytes }) => `${table} ${counted(rows, 'row')}, ${bytesText(bytes)}`)
  return told.length === 0 ? [] : [ok('store size', told.join('; '))]
}
