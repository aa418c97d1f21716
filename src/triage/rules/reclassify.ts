import { LEVELS, type RowVerdict, TS_QUALITIES } from '../../model.ts'
import type { EventRow } from '../../store/event-row.ts'
import { fileOfRow, type RecordRow } from '../../store/row-columns.ts'
import type { StoredVerdict } from '../../store/stored-lines.ts'
import { grouped } from '../grouped.ts'
import type { Replayed } from './replay.ts'

/** What is known about a rule besides its verdicts. */
export type RuleFacts = { readonly version: number; readonly general: boolean }

/** How `events` must change to say what the rules say now. */
export type Change = { readonly added: readonly EventRow[]; readonly removed: readonly StoredVerdict[] }

/**
 * Compares stored verdicts with those of the current rules. Events of a rule's current version stay unless it gives them
 * another weight now: the store does not keep heads byte by byte, so that a rule which does not match any more may only have
 * lost sight of one.
 */
export function changeOf(
  { lines, verdicts, stored }: Replayed,
  rules: ReadonlyMap<string, RuleFacts>,
): Change {
  const now = grouped(verdicts, ({ row }) => lines[row]?.event_id ?? '')
  const before = grouped(stored, ({ event_id }) => event_id)
  const added: EventRow[] = []
  const removed: StoredVerdict[] = []
  for (const line of lines) {
    const verdictsNow = now.get(line.event_id) ?? []
    const known = before.get(line.event_id) ?? []
    const kept = known.filter((verdict) => stays(verdict, verdictsNow, rules))
    removed.push(...known.filter((verdict) => !kept.includes(verdict)))
    for (const verdict of verdictsNow) {
      const isKept = kept.some(({ rule_id, kind }) => rule_id === verdict.ruleId && kind === verdict.kind)
      const isExplained = isLastResort(verdict.kind, rules.get(verdict.ruleId)) && kept.length > 0
      if (!isKept && !isExplained) added.push(eventOf(line, verdict))
    }
  }
  return { added, removed }
}

function stays(
  verdict: StoredVerdict,
  verdictsNow: readonly RowVerdict[],
  rules: ReadonlyMap<string, RuleFacts>,
): boolean {
  const rule = rules.get(verdict.rule_id)
  const isOfLastResort = isLastResort(verdict.kind, rule)
  const now = verdictsNow.find(({ ruleId }) => ruleId === verdict.rule_id)
  if (isOfLastResort && now === undefined) return false
  // The weight of a last resort depends on the head, too.
  if (!isOfLastResort && now !== undefined && !weighsAs(now, verdict)) return false
  return verdict.kind === 'unknown' || rule?.version === verdict.rule_version
}

function weighsAs(now: RowVerdict, { severity, phase, layer }: StoredVerdict): boolean {
  return now.severity === severity && now.phase === phase && now.layer === layer
}

/** Is it a verdict of no rule, or of a general one? It counts only if no other rule matches the line. */
function isLastResort(kind: string, rule: RuleFacts | undefined): boolean {
  return kind === 'unknown' || rule?.general === true
}

function eventOf(line: RecordRow, verdict: RowVerdict): EventRow {
  return {
    file: fileOfRow(line, line.generation),
    verdict,
    ts: microsOf(line.time),
    tsQuality: TS_QUALITIES.indexOf(line.ts_quality as (typeof TS_QUALITIES)[number]),
    ...{ offset: line.offset, length: line.length, continued: line.continued, message: line.message },
    level: LEVELS.find((level) => level === line.level) ?? '',
    component: line.component,
  }
}

/** Microseconds since the epoch; below 2^53 for some centuries. */
function microsOf(time: string): number {
  return Date.parse(`${time.slice(0, 19)}Z`) * 1000 + Number(time.slice(20, 26))
}
