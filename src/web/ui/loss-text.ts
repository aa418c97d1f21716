import { bytesText } from '../../bytes-text.ts'
import type { LedgerRow } from '../../store/ledger-query.ts'

/** Why bytes are not stored, or are altered, in words. */
const REASONS: Readonly<Record<string, string>> = {
  truncated: 'cut before it was read',
  vanished: 'gone before it was read',
  unreadable: 'cannot be read',
  'not-a-file': 'no file',
  'nul-hole': 'hole of NULs',
  'over-long': 'over-long line',
  'invalid-bytes': 'not UTF-8',
  replaced: 'replaced before it was read',
  refused: 'refused by the store',
}
const SHOWN = 2

/** The reason of a loss in words; a reason that the page does not know as it is. */
export function reasonTitle(reason: string): string {
  return REASONS[reason] ?? reason
}

/** What a file lacks: how much, why, and the first places. Altered bytes are not missing. */
export function lossText({
  losses,
  loss_count,
  lost_bytes,
}: Pick<LedgerRow, 'losses' | 'loss_count' | 'lost_bytes'>): string {
  if (loss_count === 0) return '–'
  const told = losses.slice(0, SHOWN).map(({ reason, detail, offset, length }) => {
    const what = length > 0 ? `, ${bytesText(length)} missing` : ''
    return `${reasonTitle(reason)} at byte ${offset.toLocaleString('en')}${what}${detail === '' ? '' : ` (${detail})`}`
  })
  const rest = loss_count - told.length
  const sum = lost_bytes > 0 && loss_count > 1 ? `${bytesText(lost_bytes)} missing: ` : ''
  return `${sum}${told.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`
}
