import type { EventJson } from '../../event-json.ts'
import type { Severity } from '../../model.ts'
import { SEVERITY_ORDER } from './words.ts'

/** The filters of a list of rows; all of them are in the address. */
export type RowFilter = {
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly source?: string | undefined
  /** The minimum severity. */
  readonly severity?: Severity | undefined
  readonly text?: string | undefined
}

/** Rows that match; text is searched ignoring case. */
export function filteredRows(rows: readonly EventJson[], filter: RowFilter): readonly EventJson[] {
  const fromMs = Date.parse(filter.from ?? '')
  const toMs = Date.parse(filter.to ?? '')
  const text = filter.text?.toLowerCase() ?? ''
  const least = filter.severity === undefined ? -1 : SEVERITY_ORDER.indexOf(filter.severity)
  const hasTime = !Number.isNaN(fromMs) || !Number.isNaN(toMs)
  if (!hasTime && text === '' && least < 0 && filter.source === undefined) return rows
  return rows.filter((row) => {
    if (filter.source !== undefined && row.source !== filter.source) return false
    if (least >= 0 && (row.severity === undefined || SEVERITY_ORDER.indexOf(row.severity) < least))
      return false
    if (hasTime) {
      const at = Date.parse(row.ts)
      if (at < fromMs || at > toMs) return false
    }
    return text === '' || row.message.toLowerCase().includes(text) || row.rule_id?.includes(text) === true
  })
}
