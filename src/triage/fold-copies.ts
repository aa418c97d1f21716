import type { EventJson, EventPlace } from '../event-json.ts'
import { EXTRACTS } from '../interpret/extracts.ts'

/**
 * Events of which each is there once, with its other places. The first of several copies stays, but a whole log goes before an
 * extract. What a rule says of one copy only stays where it is. An event has one row for each rule.
 */
export function foldCopies(rows: readonly EventJson[]): readonly EventJson[] {
  if (!rows.some(({ duplicate_of }) => duplicate_of !== undefined)) return rows
  const groups = new Map<string, EventJson[]>()
  for (const row of rows) {
    const key = `${row.duplicate_of ?? row.event_id} ${row.rule_id ?? ''}`
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

function mainOf(group: readonly EventJson[]): EventJson | undefined {
  return group.find(({ source }) => !EXTRACTS.has(source ?? '')) ?? group[0]
}

function placesOf(group: readonly EventJson[], main: EventJson): EventPlace[] {
  return group
    .filter((row) => row !== main)
    .map(({ file, offset, length }): EventPlace => ({ file, offset, length }))
}
