import { compareEvents, type EventJson } from '../../event-json.ts'

/**
 * Joins what all machines say of a desktop (`events`) with every line of its own (`lines`): one row per event and rule, in
 * order of time, then of place. A line with an event is shown once, as the event.
 */
export function storyRows(events: readonly EventJson[], lines: readonly EventJson[]): EventJson[] {
  const rows = new Map<string, EventJson>()
  const told = new Set(events.map(({ event_id }) => event_id))
  for (const line of lines) if (line.kind !== 'line' || !told.has(line.event_id)) rows.set(keyOf(line), line)
  for (const event of events) rows.set(keyOf(event), event)
  return [...rows.values()].sort(compareEvents)
}

function keyOf({ event_id, rule_id = '' }: EventJson): string {
  return `${event_id}:${rule_id}`
}
