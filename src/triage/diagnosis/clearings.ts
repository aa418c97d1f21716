import type { EventJson } from '../../event-json.ts'
import type { Rule } from '../../interpret/rule.ts'

/** A condition of which its rule says what ends it. */
export type Ending = Rule & { readonly type: 'condition' }

export function endingsOf(rules: readonly Rule[]): readonly Ending[] {
  return rules.filter(
    (rule): rule is Ending =>
      rule.type === 'condition' && (rule.clearsOn.length > 0 || rule.withinMs !== undefined),
  )
}

export type Known = {
  /** Events that may end a condition: those of the desktop, and of machines around it that name no desktop. */
  readonly enders: readonly EventJson[]
  /** Up to when the logs tell. */
  readonly untilMs: number
}

/**
 * Says of each event of a condition when the condition was over; those that are missing are of one that goes on, as far as
 * is known.
 */
export function clearingsOf(
  events: readonly EventJson[],
  conditions: readonly Ending[],
  known: Known,
): ReadonlyMap<EventJson, string> {
  const cleared = new Map<EventJson, string>()
  const { untilMs } = known
  for (const { id, clearsOn, withinMs } of conditions) {
    const own = events.filter(({ rule_id }) => rule_id === id)
    if (own.length === 0) continue
    const enders = known.enders.filter(({ rule_id }) => clearsOn.includes(rule_id ?? ''))
    for (const event of own) {
      const told = enders.filter((ender) => isAfter(ender, event)).map(({ ts }) => ts)
      const silent = withinMs === undefined ? undefined : silenceAfter(event, { own, withinMs, untilMs })
      const [first] = [...told, ...(silent === undefined ? [] : [silent])].sort()
      if (first !== undefined) cleared.set(event, first)
    }
  }
  return cleared
}

/** In one file its bytes tell what came later; else both must have a time of their own. */
function isAfter(later: EventJson, event: EventJson): boolean {
  if (later.file === event.file && later.generation === event.generation) return later.offset > event.offset
  return isTimed(later) && isTimed(event) && later.ts > event.ts
}

type Silence = {
  readonly own: readonly EventJson[]
  readonly withinMs: number
  readonly untilMs: number
}

/** When a condition was over because it was told no more; undefined if it was, or if nobody knows. */
function silenceAfter(event: EventJson, { own, withinMs, untilMs }: Silence): string | undefined {
  if (!isTimed(event)) return undefined
  const later = own.filter((other) => isTimed(other) && other.ts >= event.ts).map(({ ts }) => Date.parse(ts))
  let lastMs = Date.parse(event.ts)
  for (const ms of later.sort((a, b) => a - b)) {
    if (ms - lastMs > withinMs) break
    lastMs = ms
  }
  return lastMs + withinMs < untilMs
    ? new Date(lastMs + withinMs).toISOString().replace('Z', '000Z')
    : undefined
}

function isTimed({ ts_quality }: EventJson): boolean {
  return ts_quality !== 'mtime'
}
