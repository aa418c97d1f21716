import type { Library } from '../answers.ts'
import type { Diagnosed } from '../diagnosis/diagnose.ts'
import type { Round } from './rounds.ts'

/** What one question is answered with: the state of each desktop's stored rows, and of what is around them. */
export type Work = {
  readonly stamps: ReadonlyMap<string, string>
  readonly round: Round
  readonly library: Library
}

/** What is known of a desktop's attempts, the state of its stored rows when they were diagnosed, and the number of the round. */
type Known = { readonly stamp: string; readonly round: number; readonly attempts: readonly Diagnosed[] }

/** Diagnoses are kept for this many rounds, since other questions come between two for the same desktop. */
const ROUNDS_KEPT = 10

/** The diagnoses of desktops that were made so far, by name (`owner/name`, or a host without a desktop). */
export class KnownDiagnoses {
  readonly #byName = new Map<string, Known>()
  #rules: Library['rules'] | undefined

  get size(): number {
    return this.#byName.size
  }

  has(name: string): boolean {
    return this.#byName.has(name)
  }

  /** The attempts of a desktop as they were diagnosed last, in order; undefined if it never was. */
  attemptsOf(name: string): readonly Diagnosed[] | undefined {
    return this.#byName.get(name)?.attempts
  }

  /** Was it diagnosed with all that is stored of it now? */
  isCurrent(name: string, { stamps }: Work): boolean {
    return this.#byName.get(name)?.stamp === (stamps.get(name) ?? '')
  }

  /** Was it diagnosed with what is around it now, or with something later? */
  isOfRound(name: string, { round }: Work): boolean {
    return (this.#byName.get(name)?.round ?? 0) >= round.number
  }

  /** What was found with other rules is forgotten. */
  useRules({ rules }: Library): void {
    if (this.#rules === rules) return
    this.#rules = rules
    this.#byName.clear()
  }

  /** Keeps what was found for each name; returns false, and keeps nothing, if the rules have changed meanwhile. */
  remember(found: ReadonlyMap<string, readonly Diagnosed[]>, { stamps, round, library }: Work): boolean {
    if (library.rules !== this.#rules) return false
    for (const [name, attempts] of found)
      this.#byName.set(name, { stamp: stamps.get(name) ?? '', round: round.number, attempts })
    return true
  }

  /** Forgets desktops without stored lines that nobody has asked for in some rounds. */
  forgetUnasked({ stamps, round }: Work): void {
    for (const [name, { round: last }] of this.#byName)
      if (!stamps.has(name) && round.number - last > ROUNDS_KEPT) this.#byName.delete(name)
  }
}
