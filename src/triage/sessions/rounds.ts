import { selectLoneMachines } from '../../store/host-query.ts'
import { selectSharedStamp } from '../../store/stamp-query.ts'
import type { Library } from '../answers.ts'
import { SHARED } from '../diagnosis/story.ts'
import type { Portal } from '../portal/portal-session.ts'

/** Everything around the desktops that they do not write themselves, as of one moment. */
export type Round = {
  readonly number: number
  readonly atMs: number
  readonly stamp: string
  readonly portal: Portal
  /** Are there logs of machines that no path names? */
  readonly nameless: boolean
}

/** A round lasts at most this long, since the status of a desktop also depends on the time. */
const ROUND_MS = 10_000

/** Numbers the states of what is around the desktops: what was diagnosed in an earlier round may have changed since. */
export class Rounds {
  #last: Round | undefined

  /** The current round; a new one if anything around the desktops has changed, or if the last one is old, but not within `leastMs`. */
  async current(library: Library, leastMs: number): Promise<Round> {
    const last = this.#last
    const ageMs = library.nowMs - (last?.atMs ?? Number.NEGATIVE_INFINITY)
    if (last !== undefined && ageMs < leastMs) return last
    const around = await aroundNow(library)
    const isSame = around.stamp === last?.stamp && around.portal === last.portal
    return isSame && ageMs < ROUND_MS ? last : this.#begin(around, library)
  }

  /** A new round, however old the last one is. */
  async next(library: Library): Promise<Round> {
    return this.#begin(await aroundNow(library), library)
  }

  async #begin(around: Around, { store }: Library): Promise<Round> {
    const { nameless } = await selectLoneMachines(store, [...SHARED])
    this.#last = { ...around, number: (this.#last?.number ?? 0) + 1, nameless }
    return this.#last
  }
}

type Around = Pick<Round, 'atMs' | 'stamp' | 'portal'>

async function aroundNow({ store, portal, nowMs }: Library): Promise<Around> {
  const [stamp, portalNow] = await Promise.all([selectSharedStamp(store, [...SHARED]), portal()])
  return { atMs: nowMs, stamp, portal: portalNow }
}
