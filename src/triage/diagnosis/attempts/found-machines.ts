import type { EventJson } from '../../../event-json.ts'
import { isShared } from '../story.ts'
import { type Draft, giveMachine } from './draft.ts'
import { tokensOfEvent } from './tokens.ts'

export const REQUEST = 'milestone-launch-requested'
/** From a request to the first line that is read of the desktop, which may have the time of its file's last. */
export const LONGEST_LAUNCH_MS = 90 * 60_000

type Found = { readonly machine: Draft; readonly askedMs: number }

/** A host's clock may be read in any zone of the earth. */
const ZONE_MS = 14 * 3_600_000

/** Machines of which only their own logs are known, and the desktops without logs that got them. */
export class FoundMachines {
  readonly #found = new Map<Draft, Found>()
  readonly #controllers: ReadonlySet<string>
  /** When each desktop was asked for (ms), and of how many of its events that is known. */
  readonly #asked = new Map<Draft, { read: number; readonly timesMs: number[] }>()

  /** What serves all desktops is no desktop's machine. */
  constructor(controllers: ReadonlySet<string>) {
    this.#controllers = controllers
  }

  has(request: Draft): boolean {
    return this.#found.has(request)
  }

  /** Notes that a desktop without logs has this machine, if it came up after the request and no desktop is known to have it. */
  note(request: Draft, candidates: readonly Draft[], event: EventJson): void {
    const [machine] = candidates
    if (machine === undefined || candidates.length > 1) return
    if (request.files.length > 0 || request.owner === '') return
    if (machine.files.length === 0 || machine.owner !== '' || this.#controllers.has(machine.host)) return
    const askedMs = this.#askedBefore(request, event)
    const isItsOwn = tokensOfEvent(event).some((token) => token.startsWith('i-') && machine.tokens.has(token))
    if (isItsOwn || cameUpAfter(machine, askedMs)) this.#found.set(request, { machine, askedMs })
  }

  /** When it was asked for last before an event told of it. */
  #askedBefore(request: Draft, { ts }: EventJson): number {
    const { events } = request
    const asked = this.#asked.get(request) ?? { read: 0, timesMs: [] }
    for (const event of events.slice(asked.read))
      if (event.rule_id === REQUEST) asked.timesMs.push(Date.parse(event.ts))
    this.#asked.set(request, { ...asked, read: events.length })
    const toldMs = Date.parse(ts)
    let lastMs = Number.NEGATIVE_INFINITY
    for (const ms of asked.timesMs) if (ms <= toldMs && ms > lastMs) lastMs = ms
    return Number.isFinite(lastMs) ? lastMs : toldMs
  }

  /** Makes one attempt of each pair; of several desktops that had the same machine the last is meant. */
  give(drafts: Map<string, Draft>): void {
    const given = new Set<Draft>()
    const lastFirst = [...this.#found].sort(([, a], [, b]) => b.askedMs - a.askedMs)
    for (const [request, { machine }] of lastFirst) {
      if (given.has(machine)) continue
      given.add(machine)
      giveMachine(request, machine)
      for (const [key, draft] of drafts) if (draft === request) drafts.delete(key)
    }
  }
}

/** When a machine wrote its first event that has a time, and its last line, ms. */
type Writing = { readonly firstMs: number; readonly lastMs: number }

const WRITINGS = new WeakMap<Draft, Writing>()

function writingOf(machine: Draft): Writing {
  const known = WRITINGS.get(machine)
  if (known !== undefined) return known
  let [firstMs, lastMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const { last_ts } of machine.files) lastMs = Math.max(lastMs, Date.parse(last_ts))
  for (const { ts, ts_quality, source } of machine.events)
    if (ts_quality === 'parsed' && !isShared(source)) firstMs = Math.min(firstMs, Date.parse(ts))
  WRITINGS.set(machine, { firstMs, lastMs })
  return { firstMs, lastMs }
}

/**
 * Did the machine go on after it was asked for, and not begin long after? Its image may hold what others wrote before. The
 * time of a file is that of its last line: what has no other may have been written at any time before.
 */
export function cameUpAfter(machine: Draft, askedMs: number): boolean {
  const { firstMs, lastMs } = writingOf(machine)
  const isLate = Number.isFinite(firstMs) && firstMs > askedMs + LONGEST_LAUNCH_MS + ZONE_MS
  return lastMs >= askedMs - ZONE_MS && !isLate
}
