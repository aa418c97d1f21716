import { type Clock, systemClock } from '../clock.ts'
import { eventsIn, firstIn, selectSharedStamp, selectStamps } from '../store/stamp-query.ts'
import { type FileRow, hasNameless, selectFiles } from '../store/story-query.ts'
import type { Library } from './answers.ts'
import { filterOf, knowingOf, storyOfDesktops } from './diagnosis/ask-diagnosis.ts'
import { type DiagnosisJson, diagnose } from './diagnosis/diagnose.ts'
import { machineWords } from './diagnosis/portal-names.ts'
import { withProbes } from './diagnosis/probe-view.ts'
import { SHARED } from './diagnosis/story.ts'
import { grouped } from './grouped.ts'
import type { Portal, PortalSession } from './portal/portal-session.ts'

/** Diagnoses of the attempts of a desktop, what was stored of it when they were made, and in which round. */
type Known = { readonly stamp: string; readonly round: number; readonly diagnoses: readonly DiagnosisJson[] }

/** All that is not written by the desktops themselves: it counts from round to round. */
type Round = {
  readonly number: number
  readonly atMs: number
  readonly stamp: string
  readonly portal: Portal
  /** Are there logs of machines whose name no path tells? */
  readonly nameless: boolean
}

/** Gives by name the diagnoses of each of some desktops (`owner/name`) and hosts without one, their attempts in order. */
export type AskStandings = Pick<Standings, 'of' | 'soon'>

/** The same for who does not wait until all are diagnosed: `pending` are those of which nothing is known yet. */
export type SoonStandings = AskStandings & { readonly pending: ReadonlySet<string> }

type Work = { readonly stamps: ReadonlyMap<string, string>; readonly round: Round; readonly library: Library }

/** Desktops whose stories are read together, and their events: they are in memory at once, and asked for in one question. */
const AT_ONCE = 200
const EVENTS_AT_ONCE = 40_000
/** As long as it takes no longer, all desktops are diagnosed anew in each round; else beside the questions. */
const QUICK_MS = 150
/** How desktops stand depends on the time, too. */
const ROUND_MS = 10_000
/** Other questions come between two for the same desktop. */
const ROUNDS_KEPT = 10
/** Beside the questions it rests so many times as long as it works: who asks meanwhile has most of the machine. */
const RESTS = 3
/** Of the time no more than a tenth is spent on rounds. */
const SHARE = 10

/**
 * How desktops stand, remembered by desktop and by what was stored of it last. What a desktop or its host writes counts at
 * once. What other machines write of it, and that time goes by, count at once where all desktops are diagnosed quickly;
 * where they are not, that is done beside the questions, which are answered meanwhile by what is known.
 */
export class Standings {
  readonly #clock: Clock
  readonly #known = new Map<string, Known>()
  #rules: Library['rules'] | undefined
  #round: Round | undefined
  /** Of one desktop, as it was last. */
  #costMs = 0
  readonly #stamps = new WeakMap<Library, ReturnType<typeof selectStamps>>()
  #turn: Promise<unknown> = Promise.resolve()
  #beside: Promise<unknown> | undefined
  readonly #stop = new AbortController()

  constructor(clock: Clock = systemClock) {
    this.#clock = clock
  }

  /** All of them, as of now. */
  of(names: readonly string[], library: Library): Promise<ReadonlyMap<string, readonly DiagnosisJson[]>> {
    return this.#of(names, library, { isPatient: true })
  }

  /**
   * What is known, and after some have been diagnosed, where it takes long: the others follow beside the questions. What was
   * known of a desktop before its last lines counts until then.
   */
  soon(): SoonStandings {
    const pending = new Set<string>()
    const soon: SoonStandings = {
      pending,
      soon: () => soon,
      of: async (names, library) => {
        const found = await this.#of(names, library, { isPatient: false })
        for (const name of names) if (!found.has(name)) pending.add(name)
        return found
      },
    }
    return soon
  }

  /** Ends what goes on beside the questions, before the store is closed. */
  async close(): Promise<void> {
    this.#stop.abort()
    await this.#beside
  }

  async #of(
    names: readonly string[],
    library: Library,
    { isPatient }: { readonly isPatient: boolean },
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
    const [now, later] = isPatient ? [wanted, []] : this.#firstOf(wanted, work)
    const isQuick = later.length === 0 && old.length * this.#costMs <= QUICK_MS
    const diagnosed = this.#diagnose(isQuick ? [...now, ...old] : now, work)
    this.#renew(isQuick ? later : [...later, ...old], work)
    await diagnosed
    if (names.every((name) => !this.#known.has(name))) await this.#turn
    return new Map(
      names.flatMap((name) => {
        const known = this.#known.get(name)
        return known === undefined ? [] : [[name, withProbes(known.diagnoses, library.probes)]]
      }),
    )
  }

  /**
   * Those that are diagnosed at once, and the others: first those of which nothing is known. While some are diagnosed beside the
   * questions, nobody waits for more than the first.
   */
  #firstOf(wanted: readonly string[], work: Work): readonly [readonly string[], readonly string[]] {
    if (this.#beside !== undefined) return [[], wanted]
    const isNew = (name: string) => !this.#known.has(name)
    const [first = [], ...others] = [
      ...portions(wanted.filter(isNew), work),
      ...portions(
        wanted.filter((name) => !isNew(name)),
        work,
      ),
    ]
    return [first, others.flat()]
  }

  /** Forgets desktops of which no line is stored, and that nobody has asked for in some rounds. */
  #forget({ stamps, round }: Work): void {
    for (const [name, { round: last }] of this.#known)
      if (!stamps.has(name) && round.number - last > ROUNDS_KEPT) this.#known.delete(name)
  }

  /** Several parts of one answer ask for them. */
  #stampsOf(library: Library): ReturnType<typeof selectStamps> {
    const stamps = this.#stamps.get(library) ?? selectStamps(library.store)
    this.#stamps.set(library, stamps)
    return stamps
  }

  #isKnown(name: string, { stamps }: Work): boolean {
    return this.#known.get(name)?.stamp === (stamps.get(name) ?? '')
  }

  /** The round that goes on, or a new one if anything has changed around the desktops and it is time. */
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

  /** Diagnoses these beside the questions; what fails is tried again when it is asked for next. */
  #renew(names: readonly string[], work: Work): void {
    if (names.length === 0 || this.#beside !== undefined || this.#stop.signal.aborted) return
    this.#beside = this.#diagnose(names, work, this.#stop.signal)
      .catch(() => {})
      .finally(() => {
        this.#beside = undefined
      })
  }

  /**
   * Some at a time, and one piece of work after the other: two questions do not diagnose the same. Those that never wrote come
   * last, together: nothing tells where their stories begin.
   */
  async #diagnose(names: readonly string[], work: Work, beside?: AbortSignal): Promise<void> {
    if (names.length === 0) return
    const isWriting = (name: string) => work.stamps.has(name)
    const silent = names.filter((name) => !isWriting(name))
    // Whose nameless logs are depends on the files of all desktops.
    const all = work.round.nameless
      ? await selectFiles(work.library.store, { shared: [...SHARED] })
      : undefined
    for (const some of [...portions(names.filter(isWriting), work), ...portions(silent, work)]) {
      if (beside?.aborted === true) return
      let begin = 0
      const turn = this.#turn.then(() => {
        begin = performance.now()
        return this.#diagnoseSome(some, work, all)
      })
      this.#turn = turn.catch(() => {})
      await turn
      if (beside !== undefined) await this.#clock.sleep((performance.now() - begin) * RESTS, beside)
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
    const found = diagnose(story, knowingOf(library))
    const [bySession, byHost] = [grouped(found, ({ session }) => session), grouped(found, ({ host }) => host)]
    for (const name of names) {
      const stamp = stamps.get(name) ?? ''
      // Whose a host is may be told by its own words, or by others.
      const diagnoses = (name.includes('/') ? bySession : byHost).get(name) ?? []
      this.#known.set(name, { stamp, round: round.number, diagnoses })
    }
    this.#costMs = (performance.now() - begin) / names.size
  }
}

/** Cut so that each part is read at once. The newest come first, together: around them less has to be read. */
function portions(names: readonly string[], { stamps }: Work): string[][] {
  const parts: string[][] = []
  let events = 0
  for (const name of names.toSorted((a, b) => firstIn(stamps.get(b)) - firstIn(stamps.get(a)))) {
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
