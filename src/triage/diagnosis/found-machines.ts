import type { EventJson } from '../../event-json.ts'
import { type Draft, giveMachine } from './draft.ts'

export const REQUEST = 'milestone-launch-requested'
/** From a request to the first line that is read of the desktop, which may have the time of its file's last. */
export const LONGEST_LAUNCH_MS = 90 * 60_000

type Found = { readonly machine: Draft; readonly askedMs: number }

/** Machines of which only their own logs are known, and the desktops without logs that got them. */
export class FoundMachines {
  readonly #found = new Map<Draft, Found>()
  readonly #controllers: ReadonlySet<string>

  /** What serves all desktops is no desktop's machine: the hosts on which the shared logs lie. */
  constructor(shared: readonly EventJson[]) {
    this.#controllers = new Set(shared.flatMap(({ host }) => host ?? []))
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
    const askedMs = askedBefore(request, event)
    if (cameUpAfter(machine, askedMs)) this.#found.set(request, { machine, askedMs })
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

/** When it was asked for last before an event told of it. */
function askedBefore({ events }: Draft, { ts }: EventJson): number {
  const asked = events.filter((event) => event.rule_id === REQUEST && event.ts <= ts)
  return Math.max(...asked.map((event) => Date.parse(event.ts)), asked.length === 0 ? Date.parse(ts) : 0)
}

function cameUpAfter({ files }: Draft, askedMs: number): boolean {
  const first = Math.min(...files.map(({ first_ts }) => Date.parse(first_ts)))
  const last = Math.max(...files.map(({ last_ts }) => Date.parse(last_ts)))
  return last >= askedMs && first <= askedMs + LONGEST_LAUNCH_MS
}
