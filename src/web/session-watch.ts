import { errorText } from '../errors.ts'
import type { Status } from '../triage/diagnosis/status.ts'
import { askSessions } from '../triage/sessions/sessions.ts'
import { libraryOf, type Service } from './service.ts'

/** The current state of a desktop. */
export type SessionChange = { readonly session: string; readonly status: Status }

/** How often to check for newly stored lines, and the longest time without a look at all desktops. */
const LOOK_MS = 2000
const IDLE_MS = 30_000
/** At most one tenth of the time is spent on looking. */
const SHARE = 10
const DESKTOPS = 10_000

type Standing = { readonly status: Status; readonly version: number }

/** Follows the states of desktops while somebody listens, and remembers which have changed. */
export class SessionWatch {
  readonly #service: Service
  readonly #stop: AbortSignal
  readonly #standings = new Map<string, Standing>()
  #version = 0
  #listeners = 0
  #isLooking = false

  /** Stops when the signal aborts. */
  constructor(service: Service, stop: AbortSignal) {
    this.#service = service
    this.#stop = stop
  }

  /** The number of the last change. */
  get version(): number {
    return this.#version
  }

  /** Listens until the signal aborts. */
  join(signal: AbortSignal): void {
    this.#listeners++
    signal.addEventListener('abort', () => this.#listeners--, { once: true })
    if (!this.#isLooking) void this.#look()
  }

  /** Desktops whose state has changed since that version. */
  changesSince(version: number): SessionChange[] {
    return [...this.#standings]
      .filter(([, standing]) => standing.version > version)
      .map(([session, { status }]) => ({ session, status }))
  }

  async #look(): Promise<void> {
    const { clock, feed, log } = this.#service
    this.#isLooking = true
    this.#standings.clear()
    let isFirst = true
    let seen = -1
    let lookedAt = Number.NEGATIVE_INFINITY
    while (this.#listeners > 0 && !this.#stop.aborted) {
      const begin = clock.nowMs()
      let costMs = 0
      if (feed.end !== seen || begin - lookedAt >= IDLE_MS) {
        seen = feed.end
        lookedAt = begin
        try {
          await this.#compare(isFirst)
          isFirst = false
        } catch (error) {
          log.debug({ reason: errorText(error) }, 'how desktops stand could not be asked')
        }
        costMs = clock.nowMs() - begin
      }
      await clock.sleep(Math.max(LOOK_MS, costMs * SHARE), this.#stop)
    }
    this.#isLooking = false
  }

  async #compare(isFirst: boolean): Promise<void> {
    const { items } = await askSessions({ limit: DESKTOPS }, libraryOf(this.#service))
    const changed = items.filter(({ session, status }) => this.#standings.get(session)?.status !== status)
    if (changed.length === 0) return
    if (!isFirst) this.#version++
    const version = isFirst ? 0 : this.#version
    for (const { session, status } of changed) this.#standings.set(session, { status, version })
    if (!isFirst) this.#service.feed.wake()
  }
}
