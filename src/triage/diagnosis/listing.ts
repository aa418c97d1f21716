import type { EventJson } from '../../event-json.ts'
import { askedOs, type Draft } from './draft.ts'
import type { DraftIndex } from './draft-index.ts'
import type { FoundMachines } from './found-machines.ts'
import { tokensOfEvent } from './tokens.ts'

/** The desktops that shared logs are joined to. */
export type Known = {
  readonly drafts: Map<string, Draft>
  readonly index: DraftIndex
  /** Desktops by the row that the portal has of them. */
  readonly rows: Map<string, Draft>
  readonly machines: FoundMachines
}

const LISTED = 'milestone-desktops-listed'
const RUNS = 'milestone-instance-running'
/** What the portal lists of a user's desktops follows at once. */
const LISTING_MS = 10_000

/**
 * Learns the machine of a desktop of which there are no logs: SOCA 2.x says whose desktops it lists and then, one line
 * later, which instance one of them has. The Windows desktops of those releases write nothing to the shared file system.
 */
export class Listing {
  readonly #known: Known
  #listed: EventJson | undefined

  constructor(known: Known) {
    this.#known = known
  }

  /** Takes the next event of the shared logs. */
  learn(event: EventJson): void {
    if (event.rule_id === LISTED) this.#listed = event
    if (event.rule_id !== RUNS || this.#listed?.file !== event.file) return
    if (Date.parse(event.ts) - Date.parse(this.#listed.ts) > LISTING_MS) return
    const { drafts, index, machines } = this.#known
    const tokens = tokensOfEvent(event)
    const found = index.withTokens(tokens)
    if (found.some(({ owner }) => owner !== '')) return
    const { user, os } = this.#listed.captures ?? {}
    const waiting = [...drafts.values()].filter(
      (draft) => draft.owner === user && isWithoutMachine(draft, os) && !machines.has(draft),
    )
    const [only] = waiting
    if (only === undefined || waiting.length > 1) return
    if (found.length > 0) {
      machines.note(only, found, event)
      return
    }
    only.host = event.captures?.['host'] ?? ''
    for (const token of tokens) index.addToken(only, token)
  }
}

/** Was it asked for, with this system, and is nothing known of its machine yet? */
function isWithoutMachine(draft: Draft, os: string | undefined): boolean {
  if (draft.files.length > 0 || draft.host !== '') return false
  const asked = askedOs(draft)
  return asked === undefined || asked === os
}
