import { type Clock, systemClock } from '../../clock.ts'
import type { EventJson } from '../../event-json.ts'
import { selectStamps } from '../../store/stamp-query.ts'
import { selectFiles } from '../../store/story-query.ts'
import type { Library } from '../answers.ts'
import { withProbes } from '../diagnosis/outside/probe-view.ts'
import { SharedHours } from '../diagnosis/shared-logs/shared-hours.ts'
import { SHARED } from '../diagnosis/story.ts'
import { Background, type Pace } from './background.ts'
import { type Context, diagnosedTogether, portions } from './diagnose-together.ts'
import {
  type DiagnosesByName,
  type DiagnosisLookup,
  type PartialLookup,
  partialLookup,
} from './diagnosis-lookup.ts'
import { KnownDiagnoses, type Work } from './known-diagnoses.ts'
import { madeOf } from './made-of.ts'
import { Rounds } from './rounds.ts'

/** If it takes no longer than this, all desktops are diagnosed again in each round; otherwise that is done in the background. */
const QUICK_MS = 150
/** At most one tenth of the time is spent on rounds. */
const SHARE = 10

/**
 * Diagnoses of desktops, remembered until something new is stored about them. New lines of a desktop or its host count at once.
 * New lines of other machines, and the passing of time, count at once if all desktops can be diagnosed quickly; otherwise they
 * are diagnosed again in the background, and questions are answered with what is known meanwhile.
 */
export class DiagnosisCache implements DiagnosisLookup {
  readonly #known = new KnownDiagnoses()
  readonly #rounds = new Rounds()
  /** Time that the last diagnosis took per desktop, ms. */
  #costMs = 0
  /** By what stands for an answer: its library, or the lookup that its parts share. */
  readonly #stamps = new WeakMap<object, ReturnType<typeof selectStamps>>()
  #turn: Promise<unknown> = Promise.resolve()
  readonly #background: Background
  /** What the work in the background has still to do. */
  readonly #ahead = new Set<string>()

  constructor(clock: Clock = systemClock) {
    this.#background = new Background(clock)
  }

  /** The diagnoses of all these desktops (`owner/name`) and hosts without one, as of now. */
  of(names: readonly string[], library: Library): Promise<DiagnosesByName> {
    return this.#find(names, library, { isPatient: true, answer: library })
  }

  /**
   * Gives what is known. If that takes long, only the first portion of the others is diagnosed at once, and the rest in the
   * background; until then the last diagnosis of a desktop counts, even if it has written more since.
   */
  withoutWaiting(): PartialLookup {
    const answer = {}
    return partialLookup((names, library) => this.#find(names, library, { isPatient: false, answer }))
  }

  /** Diagnoses all these again, with rests in between, and gives what rules make of their events, portion by portion. */
  async *anew(names: readonly string[], library: Library, pace: Pace): AsyncGenerator<readonly EventJson[]> {
    this.#known.useRules(library)
    const round = await this.#rounds.next(library)
    const work = { stamps: await selectStamps(library.store), round, library }
    const found = new Set<string>()
    for await (const portion of this.#inTurns(names, work, pace)) {
      const { events, others } = this.#madeOf(portion)
      for (const other of others) found.add(other)
      yield events
    }
    const others = [...found].filter((name) => !names.includes(name))
    for await (const portion of this.#inTurns(others, work, pace)) yield this.#madeOf(portion).events
  }

  /** Ends the work in the background; to be called before the store is closed. */
  close(): Promise<void> {
    return this.#background.close()
  }

  async #find(
    names: readonly string[],
    library: Library,
    { isPatient, answer }: { readonly isPatient: boolean; readonly answer: object },
  ): Promise<DiagnosesByName> {
    this.#known.useRules(library)
    if (names.length === 0) return new Map()
    const round = await this.#rounds.current(library, this.#known.size * this.#costMs * SHARE)
    const work = { stamps: await this.#stampsOf(answer, library), round, library }
    this.#known.forgetUnasked(work)
    const missing = names.filter((name) => !this.#known.isCurrent(name, work))
    const old = names.filter(
      (name) => this.#known.isCurrent(name, work) && !this.#known.isOfRound(name, work),
    )
    const [now, later] = isPatient ? [missing, []] : this.#firstPortion(missing, work)
    const isQuick = later.length === 0 && old.length * this.#costMs <= QUICK_MS
    const diagnosed = this.#diagnose(isQuick ? [...now, ...old] : now, work)
    this.#renew(isQuick ? later : [...later, ...old], work)
    await diagnosed
    // An answer about nothing at all would help nobody: the portion that is being diagnosed is waited for.
    if (names.every((name) => !this.#known.has(name))) await this.#turn
    return new Map(
      names.flatMap((name) => {
        const attempts = this.#known.attemptsOf(name)
        if (attempts === undefined) return []
        const diagnoses = attempts.map(({ diagnosis }) => diagnosis)
        return [[name, withProbes(diagnoses, library.probes)]]
      }),
    )
  }

  #madeOf(names: readonly string[]): ReturnType<typeof madeOf> {
    return madeOf(names, (name) => this.#known.attemptsOf(name) ?? [])
  }

  /**
   * What is diagnosed at once, and what is left for later; desktops without any diagnosis come first. What the background comes
   * to anyway is left to it, so that nobody waits for more than the portion it works on and one more.
   */
  #firstPortion(
    missing: readonly string[],
    { stamps }: Work,
  ): readonly [now: readonly string[], later: readonly string[]] {
    const ahead = missing.filter((name) => this.#ahead.has(name))
    const others = missing.filter((name) => !this.#ahead.has(name))
    const unknown = others.filter((name) => !this.#known.has(name))
    const changed = others.filter((name) => this.#known.has(name))
    const [first = [], ...later] = [...portions(unknown, stamps), ...portions(changed, stamps)]
    return [first, [...later.flat(), ...ahead]]
  }

  /** Several parts of one answer need them. */
  #stampsOf(answer: object, { store }: Library): ReturnType<typeof selectStamps> {
    const stamps = this.#stamps.get(answer) ?? selectStamps(store)
    this.#stamps.set(answer, stamps)
    return stamps
  }

  /** Diagnoses these in the background; if that fails, the next question about them tries again. */
  #renew(names: readonly string[], work: Work): void {
    if (names.length > 0) this.#background.start((pace) => this.#diagnoseAhead(names, work, pace))
  }

  async #diagnoseAhead(names: readonly string[], work: Work, pace: Pace): Promise<void> {
    try {
      for (const name of names) this.#ahead.add(name)
      for await (const portion of this.#inTurns(names, work, pace))
        for (const name of portion) this.#ahead.delete(name)
    } finally {
      this.#ahead.clear()
    }
  }

  async #diagnose(names: readonly string[], work: Work): Promise<void> {
    for await (const _ of this.#inTurns(names, work));
  }

  /**
   * Diagnoses in portions, one after the other, so that two questions never diagnose the same desktop; gives each portion when
   * it is done. Those without own lines come last and together, since nothing says where their stories begin.
   */
  async *#inTurns(names: readonly string[], work: Work, pace?: Pace): AsyncGenerator<readonly string[]> {
    if (names.length === 0) return
    const { stamps } = work
    const isWriting = (name: string) => stamps.has(name)
    const silent = names.filter((name) => !isWriting(name))
    // Who owns nameless logs depends on the files of all desktops.
    const all = work.round.nameless
      ? await selectFiles(work.library.store, { shared: [...SHARED] })
      : undefined
    const hours = new SharedHours(work.library.store)
    for (const portion of [...portions(names.filter(isWriting), stamps), ...portions(silent, stamps)]) {
      if (pace?.isStopped() === true) return
      let begin = 0
      const turn = this.#turn.then(() => {
        begin = performance.now()
        return this.#diagnosePortion(portion, { ...work, all, hours })
      })
      this.#turn = turn.catch(() => {})
      await turn
      const workedMs = performance.now() - begin
      yield portion
      await pace?.rest(workedMs)
    }
  }

  async #diagnosePortion(
    portion: readonly string[],
    work: Work & Pick<Context, 'all' | 'hours'>,
  ): Promise<void> {
    const isDone = (name: string) => this.#known.isCurrent(name, work) && this.#known.isOfRound(name, work)
    const names = new Set(portion.filter((name) => !isDone(name)))
    if (names.size === 0) return
    const begin = performance.now()
    const found = await diagnosedTogether(names, work)
    if (!this.#known.remember(found, work)) return
    this.#costMs = (performance.now() - begin) / names.size
  }
}
