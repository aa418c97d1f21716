import { LEVELS, type RowVerdict, TS_QUALITIES } from '../model.ts'
import type { EventRow } from '../store/event-row.ts'
import type { StoredLine, StoredVerdict } from '../store/stored-lines.ts'
import type { Replayed } from './replay.ts'

/** What must change in `events` so that they say what the rules say now. */
export type Change = { readonly added: readonly EventRow[]; readonly removed: readonly StoredVerdict[] }

/**
 * Compares what is stored with what the rules say today. An event of a rule's present version stays as it is: the store
 * does not keep heads byte by byte, so only rules that changed, came or went are judged anew.
 */
export function changeOf(
  { lines, verdicts, stored }: Replayed,
  versions: ReadonlyMap<string, number>,
): Change {
  const now = grouped(verdicts, ({ row }) => lines[row]?.event_id ?? '')
  const before = grouped(stored, ({ event_id }) => event_id)
  const added: EventRow[] = []
  const removed: StoredVerdict[] = []
  for (const line of lines) {
    const said = now.get(line.event_id) ?? []
    const known = before.get(line.event_id) ?? []
    const kept = known.filter((one) => stays(one, said, versions))
    removed.push(...known.filter((one) => !kept.includes(one)))
    for (const verdict of said) {
      const isKept = kept.some(({ rule_id, kind }) => rule_id === verdict.ruleId && kind === verdict.kind)
      const isExplained = verdict.kind === 'unknown' && kept.some(({ kind }) => kind !== 'unknown')
      if (!isKept && !isExplained) added.push(eventOf(line, verdict))
    }
  }
  return { added, removed }
}

function stays(
  one: StoredVerdict,
  said: readonly RowVerdict[],
  versions: ReadonlyMap<string, number>,
): boolean {
  if (one.kind === 'unknown') return said.some(({ kind }) => kind === 'unknown')
  return versions.get(one.rule_id) === one.rule_version
}

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>()
  for (const item of items) {
    const key = keyOf(item)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

function eventOf(line: StoredLine, verdict: RowVerdict): EventRow {
  const { cluster, owner, session, host, profile, source } = line
  return {
    file: {
      identity: { cluster, owner, session, sessionUuid: line.session_uuid, host },
      ...{ profile, source, format: '', fileId: line.file_id, generation: line.generation },
      ...{ path: line.file, zone: 'UTC' },
    },
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
