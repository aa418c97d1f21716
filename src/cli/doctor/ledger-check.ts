import type { ReasonRow } from '../../store/ledger-query.ts'
import { counted, grouped } from '../counted.ts'
import { type Check, ok, warn } from './check.ts'

/** Rows with these reasons are stored, though not as they were written. */
const ONLY_ALTERED = new Set(['over-long', 'invalid-bytes'])

/** Sums up the losses of the last day. */
export function ledgerCheck(losses: readonly ReasonRow[]): Check {
  if (losses.length === 0) return ok('loss ledger', 'no losses in the last 24 h')
  const told = losses.map(({ reason, count, files, bytes }) => {
    const lost = bytes > 0 ? `, ${counted(bytes, 'byte')}` : ''
    return `${reason} ×${grouped(count)} (${counted(files, 'file')}${lost})`
  })
  const detail = `in the last 24 h: ${told.join(', ')}`
  if (losses.every(({ reason, bytes }) => bytes === 0 && ONLY_ALTERED.has(reason)))
    return ok('loss ledger', detail)
  return warn('loss ledger', detail, '`dcvlens ledger --from 24h` shows each with its file and place.')
}
