import type { EventJson } from '../../../event-json.ts'
import type { Draft } from '../attempts/draft.ts'

/** A desktop's own server reports that the portal, or the host, refused a login. */
export const LOGIN_REFUSED: ReadonlySet<string> = new Set(['dcv-auth-failed', 'dcv-client-refused'])

/** The server reports it within this time after the portal has answered. */
const ANSWERED_MS = 5000

/**
 * When the servers of desktops were refused a login. The portal does not always say about which desktop it was asked; the
 * server that asked says so in the same second.
 */
export class RefusedLogins {
  readonly #told: readonly { readonly draft: Draft; readonly atMs: number }[]

  constructor(drafts: Iterable<Draft>) {
    this.#told = [...drafts].flatMap((draft) =>
      draft.events
        .filter(({ rule_id = '', ts_quality }) => LOGIN_REFUSED.has(rule_id) && ts_quality === 'parsed')
        .map(({ ts }) => ({ draft, atMs: Date.parse(ts) })),
    )
  }

  /** The one desktop that a failed login in the portal's log is about, if the moment tells. */
  at({ source, phase, kind, ts, ts_quality }: EventJson): readonly Draft[] {
    if (source !== 'web-ui' || phase !== 'connect' || kind === 'milestone' || ts_quality !== 'parsed')
      return []
    const atMs = Date.parse(ts)
    const near = this.#told.filter((told) => Math.abs(told.atMs - atMs) <= ANSWERED_MS)
    const drafts = [...new Set(near.map(({ draft }) => draft))]
    return drafts.length === 1 ? drafts : []
  }
}
