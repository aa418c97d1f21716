import type { EventJson, EventPlace } from '../event-json.ts'
import { EXTRACTS } from '../interpret/extracts.ts'
import { severityRank } from '../severity.ts'

/**
 * Events of which each is there once, with its other places. The first of several copies stays, but a whole log goes before an
 * extract, and so does what its place tells of the phase, unless the extract's copy is graver. What else a rule says of one copy
 * only stays where it is. An event has one row for each rule.
 */
export function foldCopies(rows: readonly EventJson[]): readonly EventJson[] {
  if (!rows.some(({ duplicate_of }) => duplicate_of !== undefined)) return rows
  const groups = new Map<string, EventJson[]>()
  const rulesOf = placedRules(rows)
  for (const row of rows) {
    const placed = isExtract(row) ? (rulesOf.get(lineOf(row)) ?? []) : []
    const same = placed.find(({ rule_id }) => rule_id === row.rule_id) ?? placed.find(isAsGraveAs(row))
    const key = `${lineOf(row)} ${(same ?? row).rule_id ?? ''}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  const kept = new Map([...groups.values()].map((group) => [mainOf(group), group]))
  return rows.flatMap((row) => {
    const group = kept.get(row)
    if (group === undefined) return []
    return group.length === 1 ? [row] : [{ ...row, copies: placesOf(group, row) }]
  })
}

function isAsGraveAs({ severity = 'info' }: EventJson): (other: EventJson) => boolean {
  return (other) => severityRank(other.severity ?? 'info') >= severityRank(severity)
}

/** The events of rules that name the phase of a line of a whole log, by the line. */
function placedRules(rows: readonly EventJson[]): ReadonlyMap<string, readonly EventJson[]> {
  const rules = new Map<string, EventJson[]>()
  for (const row of rows) {
    if (row.rule_id === undefined || row.phase === undefined || isExtract(row)) continue
    rules.set(lineOf(row), [...(rules.get(lineOf(row)) ?? []), row])
  }
  return rules
}

/** The id of the line that this is a copy of, or is itself. */
function lineOf({ duplicate_of, event_id }: EventJson): string {
  return duplicate_of ?? event_id
}

function isExtract({ source }: EventJson): boolean {
  return EXTRACTS.has(source ?? '')
}

function mainOf(group: readonly EventJson[]): EventJson | undefined {
  return group.find((row) => !isExtract(row)) ?? group[0]
}

function placesOf(group: readonly EventJson[], main: EventJson): EventPlace[] {
  return group
    .filter((row) => row !== main)
    .map(({ file, offset, length }): EventPlace => ({ file, offset, length }))
}
