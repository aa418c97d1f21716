import type { EventJson } from '../../../event-json.ts'
import { isShared } from '../story.ts'
import { type Draft, giveMachine } from './draft.ts'
import { tokensOfEvent } from './tokens.ts'

export const REQUEST = 'milestone-launch-requested'
/**
 * The longest time from a request to the first line that is read of the desktop. That line may carry the time of the last
 * line of its file.
 */
export const LONGEST_LAUNCH_MS = 90 * 60_000

type Found = { readonly machine: Draft; readonly askedMs: number }

/** A host's clock may be read in any time zone. */
const ZONE_MS = 14 * 3_600_000

/** Machines of which only their own logs are known, matched to the desktops without logs that got them. */
export class FoundMachines {
  readonly #found = new Map<Draft, Found>()
  readonly #controllers: ReadonlySet<string>
  /** For each desktop: when it was asked for (ms), and how many of its events have been looked at. */
  readonly #asked = new Map<Draft, { read: number; readonly timesMs: number[] }>()

  /** `controllers`: hosts that serve all desktops; none of them is a desktop's machine. */
  constructor(controllers: ReadonlySet<string>) {
    this.#controllers = controllers
  }

  has(request: Draft): boolean {
    return this.#found.has(request)
  }

  /** Notes that a desktop without logs got this machine, if no desktop is known to have it and it came up after the request. */
  note(request: Draft, candidates: readonly Draft[], event: EventJson): void {
    const [machine] = candidates
    if (machine === undefined || candidates.length > 1) return
    if (request.files.length > 0 || request.owner === '') return
    if (machine.files.length === 0 || machine.owner !== '' || this.#controllers.has(machine.host)) return
    const askedMs = this.#askedBefore(request, event)
    const isItsOwn = tokensOfEvent(event).some((token) => token.startsWith('i-') && machine.tokens.has(token))
    if (isItsOwn || cameUpAfter(machine, askedMs)) this.#found.set(request, { machine, askedMs })
  }

  /** When the desktop was last asked for before `event`; the time of `event` if there is no such request. */
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

  /** Merges each pair into one attempt; if several desktops had the same machine, the one asked for last gets it. */
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

/** Time of a machine's first event that has its own time, and of its last line, in ms. */
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
 * Did the machine write after it was asked for, without beginning long after? Its image may contain older lines. Lines
 * without a time carry that of the last line of their file, but may have been written at any time before.
 */
export function cameUpAfter(machine: Draft, askedMs: number): boolean {
  const { firstMs, lastMs } = writingOf(machine)
  const isLate = Number.isFinite(firstMs) && firstMs > askedMs + LONGEST_LAUNCH_MS + ZONE_MS
  return lastMs >= askedMs - ZONE_MS && !isLate
}
