import { selectStamps } from '../../store/stamp-query.ts'
import { type FileRow, selectFiles } from '../../store/story-query.ts'
import type { Library } from '../answers.ts'
import type { DiagnosisJson } from '../diagnosis/diagnose.ts'
import { withProbes } from '../diagnosis/outside/probe-view.ts'
import { SHARED } from '../diagnosis/story.ts'
import { diagnosedTogether, portions } from './diagnose-together.ts'
import { type Round, Rounds } from './rounds.ts'

/** The diagnoses of a desktop's attempts, the state of its stored rows when they were made, and the number of the round. */
type Known = { readonly stamp: string; readonly round: number; readonly diagnoses: readonly DiagnosisJson[] }

/** What one question is answered with: the state of each desktop's stored rows, and of what is around them. */
type Work = { readonly stamps: ReadonlyMap<string, string>; readonly round: Round; readonly library: Library }

/** If it takes no longer than this, all desktops are diagnosed again in each round; otherwise that is done in the background. */
const QUICK_MS = 150
/** Diagnoses are kept for this many rounds, since other questions come between two for the same desktop. */
const ROUNDS_KEPT = 10
/** At most one tenth of the time is spent on rounds. */
const SHARE = 10

/**
 * Diagnoses of desktops, remembered until something new is stored about them. New lines of a desktop or its host count at once.
 * New lines of other machines, and the passing of time, count at once if all desktops can be diagnosed quickly; otherwise they
 * are diagnosed again in the background, and questions are answered with what is known meanwhile.
 */
export class DiagnosisCache {
  readonly #known = new Map<string, Known>()
  readonly #rounds = new Rounds()
  #rules: Library['rules'] | undefined
  /** Time that the last diagnosis took per desktop, ms. */
  #costMs = 0
  readonly #stamps = new WeakMap<Library, ReturnType<typeof selectStamps>>()
  #turn: Promise<unknown> = Promise.resolve()
  #isRenewing = false

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
    const round = await this.#rounds.current(library, this.#known.size * this.#costMs * SHARE)
    const work = { stamps: await this.#stampsOf(library), round, library }
    this.#forget(work)
    const missing = names.filter((name) => !this.#isKnown(name, work))
    const old = names.filter(
      (name) => this.#isKnown(name, work) && this.#known.get(name)?.round !== round.number,
    )
    const isQuick = old.length * this.#costMs <= QUICK_MS
    if (!isQuick) this.#renew(old, work)
    await this.#diagnose(isQuick ? [...missing, ...old] : missing, work)
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

  /** Diagnoses these again in the background; if that fails, the next round tries again. */
  #renew(names: readonly string[], work: Work): void {
    if (this.#isRenewing) return
    this.#isRenewing = true
    void this.#diagnose(names, work)
      .catch(() => {})
      .finally(() => {
        this.#isRenewing = false
      })
  }

  /**
   * Diagnoses in portions, one after the other, so that two questions never diagnose the same desktop. Those without own lines
   * come last and together, since nothing says where their stories begin.
   */
  async #diagnose(names: readonly string[], work: Work): Promise<void> {
    if (names.length === 0) return
    const { stamps } = work
    const isWriting = (name: string) => stamps.has(name)
    const silent = names.filter((name) => !isWriting(name))
    // Who owns nameless logs depends on the files of all desktops.
    const all = work.round.nameless
      ? await selectFiles(work.library.store, { shared: [...SHARED] })
      : undefined
    for (const portion of [...portions(names.filter(isWriting), stamps), ...portions(silent, stamps)]) {
      const turn = this.#turn.then(() => this.#diagnosePortion(portion, work, all))
      this.#turn = turn.catch(() => {})
      await turn
    }
  }

  async #diagnosePortion(
    portion: readonly string[],
    work: Work,
    all: readonly FileRow[] | undefined,
  ): Promise<void> {
    const { stamps, round, library } = work
    const isDone = (name: string) =>
      this.#isKnown(name, work) && (this.#known.get(name)?.round ?? 0) >= round.number
    const names = new Set(portion.filter((name) => !isDone(name)))
    if (names.size === 0) return
    const begin = performance.now()
    const found = await diagnosedTogether(names, { round, library, all })
    for (const [name, diagnoses] of found)
      this.#known.set(name, { stamp: stamps.get(name) ?? '', round: round.number, diagnoses })
    this.#costMs = (performance.now() - begin) / names.size
  }
}
