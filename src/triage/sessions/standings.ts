import { eventsIn, selectSharedStamp, selectStamps } from '../../store/stamp-query.ts'
import { type FileRow, hasNameless, selectFiles } from '../../store/story-query.ts'
import type { Library } from '../answers.ts'
import { askContextOf, filterOf, storyOfDesktops } from '../diagnosis/ask-diagnosis.ts'
import { machineWords } from '../diagnosis/attempts/portal-names.ts'
import { type DiagnosisJson, diagnose } from '../diagnosis/diagnose.ts'
import { withProbes } from '../diagnosis/outside/probe-view.ts'
import { SHARED } from '../diagnosis/story.ts'
import { grouped } from '../grouped.ts'
import type { Portal, PortalSession } from '../portal/portal-session.ts'

/** The diagnoses of a desktop's attempts, the state of its stored rows when they were made, and the round. */
type Known = { readonly stamp: string; readonly round: number; readonly diagnoses: readonly DiagnosisJson[] }

/** Everything around the desktops that is not written by themselves; it is compared from round to round. */
type Round = {
  readonly number: number
  readonly atMs: number
  readonly stamp: string
  readonly portal: Portal
  /** Are there logs of machines that no path names? */
  readonly nameless: boolean
}

type Work = { readonly stamps: ReadonlyMap<string, string>; readonly round: Round; readonly library: Library }

/** How many desktops, and events of them, are read together: they are held in memory at once, and queried at once. */
const AT_ONCE = 200
const EVENTS_AT_ONCE = 40_000
/**
 * If it takes no longer than this, all desktops are diagnosed again in each round; otherwise that is done in the background.
 */
const QUICK_MS = 150
/** A round lasts at most this long, since the status of a desktop also depends on the time. */
const ROUND_MS = 10_000
/** Diagnoses are kept for this many rounds, since other questions come between two for the same desktop. */
const ROUNDS_KEPT = 10
/** At most one tenth of the time is spent on rounds. */
const SHARE = 10

/**
 * Diagnoses of desktops, remembered until something new is stored about them. New lines of a desktop or its host count at
 * once. New lines of other machines, and the passing of time, count at once if all desktops can be diagnosed quickly;
 * otherwise they are diagnosed again in the background, and questions are answered with what is known meanwhile.
 */
export class Standings {
  readonly #known = new Map<string, Known>()
  #rules: Library['rules'] | undefined
  #round: Round | undefined
  /** Time that the last diagnosis took per desktop, ms. */
  #costMs = 0
  readonly #stamps = new WeakMap<Library, ReturnType<typeof selectStamps>>()
  #turn: Promise<unknown> = Promise.resolve()
  #renewing = false

  /** The diagnoses of each of these desktops (`owner/name`) and hosts without one, by name, attempts in order. */
  async of(
    names: readonly string[],
    library: Library,
  ): Promise<ReadonlyMap<string, readonly DiagnosisJson[]>> {
    if (this.#rules !== library.rules) {
      this.#rules = library.rules
      this.#known.clear()
    }
    if (names.length === 0) return new Map()
    const round = await this.#roundOf(library)
    const work = { stamps: await this.#stampsOf(library), round, library }
    this.#forget(work)
    const wanted = names.filter((name) => !this.#isKnown(name, work))
    const old = names.filter(
      (name) => this.#isKnown(name, work) && this.#known.get(name)?.round !== round.number,
    )
    const isQuick = old.length * this.#costMs <= QUICK_MS
    if (!isQuick) this.#renew(old, work)
    await this.#diagnose(isQuick ? [...wanted, ...old] : wanted, work)
    return new Map(
      names.map((name) => [name, withProbes(this.#known.get(name)?.diagnoses ?? [], library.probes)]),
    )
  }

  /** Forgets desktops without stored lines that nobody has asked for in some rounds. */
  #forget({ stamps, round }: Work): void {
    for (const [name, { round: last }] of this.#known)
      if (!stamps.has(name) && round.number - last > ROUNDS_KEPT) this.#known.delete(name)
  }

  /** Several parts of one answer need them. */
  #stampsOf(library: Library): ReturnType<typeof selectStamps> {
    const stamps = this.#stamps.get(library) ?? selectStamps(library.store)
    this.#stamps.set(library, stamps)
    return stamps
  }

  #isKnown(name: string, { stamps }: Work): boolean {
    return this.#known.get(name)?.stamp === (stamps.get(name) ?? '')
  }

  /** The current round; a new one if anything around the desktops has changed, or if the round is old, and it is time. */
  async #roundOf({ store, portal, nowMs }: Library): Promise<Round> {
    const last = this.#round
    const ageMs = nowMs - (last?.atMs ?? Number.NEGATIVE_INFINITY)
    if (last !== undefined && ageMs < this.#known.size * this.#costMs * SHARE) return last
    const [stamp, said] = [await selectSharedStamp(store, [...SHARED]), await portal()]
    const isSame = stamp === last?.stamp && said === last.portal
    if (isSame && ageMs < ROUND_MS) return last
    const nameless = await hasNameless(store, [...SHARED])
    this.#round = { number: (last?.number ?? 0) + 1, atMs: nowMs, stamp, portal: said, nameless }
    return this.#round
  }

  /** Diagnoses these again in the background; if that fails, the next round tries again. */
  #renew(names: readonly string[], work: Work): void {
    if (this.#renewing) return
    this.#renewing = true
    void this.#diagnose(names, work)
      .catch(() => {})
      .finally(() => {
        this.#renewing = false
      })
  }

  /**
   * Diagnoses in portions, one after the other, so that two questions never diagnose the same desktop. Those without own
   * lines come last and together, since nothing says where their stories begin.
   */
  async #diagnose(names: readonly string[], work: Work): Promise<void> {
    if (names.length === 0) return
    const isWriting = (name: string) => work.stamps.has(name)
    const silent = names.filter((name) => !isWriting(name))
    // Who owns nameless logs depends on the files of all desktops.
    const all = work.round.nameless
      ? await selectFiles(work.library.store, { shared: [...SHARED] })
      : undefined
    for (const some of [...portions(names.filter(isWriting), work), ...portions(silent, work)]) {
      const turn = this.#turn.then(() => this.#diagnoseSome(some, work, all))
      this.#turn = turn.catch(() => {})
      await turn
    }
  }

  async #diagnoseSome(
    some: readonly string[],
    work: Work,
    all: readonly FileRow[] | undefined,
  ): Promise<void> {
    const { stamps, round, library } = work
    const isDone = (name: string) =>
      this.#isKnown(name, work) && (this.#known.get(name)?.round ?? 0) >= round.number
    const names = new Set(some.filter((name) => !isDone(name)))
    if (names.size === 0) return
    const begin = performance.now()
    const filter = { ...filterOf([...names]), shared: [...SHARED], nameless: round.nameless }
    const isAsked = (row: PortalSession) =>
      names.has(`${row.owner}/${row.name}`) || machineWords(row).some((word) => names.has(word))
    const portal = { ...round.portal, sessions: round.portal.sessions.filter(isAsked) }
    const story = await storyOfDesktops({ ...filter, all, portal }, library.store, library.rules)
    const found = diagnose(story, askContextOf(library))
    const [bySession, byHost] = [grouped(found, ({ session }) => session), grouped(found, ({ host }) => host)]
    for (const name of names) {
      const stamp = stamps.get(name) ?? ''
      // A host may be assigned to a desktop by its own logs or by others.
      const diagnoses = (name.includes('/') ? bySession : byHost).get(name) ?? []
      this.#known.set(name, { stamp, round: round.number, diagnoses })
    }
    this.#costMs = (performance.now() - begin) / names.size
  }
}

/** Cuts the names into portions that can be read at once. */
function portions(names: readonly string[], { stamps }: Work): string[][] {
  const parts: string[][] = []
  let events = 0
  for (const name of names) {
    const last = parts.at(-1)
    events += eventsIn(stamps.get(name))
    if (last !== undefined && last.length < AT_ONCE && events <= EVENTS_AT_ONCE) last.push(name)
    else {
      parts.push([name])
      events = eventsIn(stamps.get(name))
    }
  }
  return parts
}
