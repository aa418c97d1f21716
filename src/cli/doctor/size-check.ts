import type { TableSize } from '../../store/facts-query.ts'
import { counted } from '../counted.ts'
import { type Check, ok } from './check.ts'

const MB = 1e6

/** How much is stored; no check for a store without rows. */
export function sizeChecks(tables: readonly TableSize[]): Check[] {
  const told = tables.map(
    ({ table, rows, bytes }) => `${table} ${counted(rows, 'row')}, ${(bytes / MB).toFixed(1)} MB`,
  )
  return told.length === 0 ? [] : [ok('store size', told.join('; '))]
}
