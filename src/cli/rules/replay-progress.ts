import type { Classified } from '../../triage/rules/apply.ts'
import { grouped } from '../counted.ts'
import type { Io } from '../io.ts'

const EVERY_MS = 500

/** Shows on a terminal, on stderr, how many stored lines were classified; yields the other rows. */
export async function results<Row extends object>(
  rows: AsyncIterable<Classified | Row>,
  io: Io,
): Promise<Row[]> {
  const found: Row[] = []
  const startMs = io.clock.nowMs()
  let shownMs = 0
  for await (const row of rows) {
    if (!('lines' in row)) {
      found.push(row)
      continue
    }
    const nowMs = io.clock.nowMs()
    if (!io.errIsTerminal || nowMs - shownMs < EVERY_MS) continue
    shownMs = nowMs
    const perSecond = Math.round((row.lines * 1000) / Math.max(1, nowMs - startMs))
    io.err(`\r\u001b[K${grouped(row.lines)} lines classified, ${grouped(perSecond)} a second`)
  }
  if (shownMs > 0) io.err('\r\u001b[K')
  return found
}
