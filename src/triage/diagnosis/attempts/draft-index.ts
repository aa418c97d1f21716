import { lastLineOf } from '../story.ts'
import type { Draft } from './draft.ts'

/** Finds attempts by the words and names that others use for them. Results are in the order in which attempts were added. */
export class DraftIndex {
  readonly #byToken = new Map<string, Set<Draft>>()
  readonly #byName = new Map<string, Draft[]>()
  readonly #byOwner = new Map<string, Draft[]>()
  readonly #order = new Map<Draft, number>()
  readonly #lastLines = new Map<Draft, string>()
  readonly #silent = new Set<Draft>()

  constructor(drafts: Iterable<Draft>) {
    for (const draft of drafts) this.add(draft)
  }

  /** Adds an attempt, or the words that a known one has got since. */
  add(draft: Draft): void {
    if (!this.#order.has(draft)) {
      this.#order.set(draft, this.#order.size)
      this.#byName.set(draft.name, [...(this.#byName.get(draft.name) ?? []), draft])
      this.#byOwner.set(draft.owner, [...(this.#byOwner.get(draft.owner) ?? []), draft])
    }
    this.#lastLines.delete(draft)
    if (draft.files.length === 0) this.#silent.add(draft)
    else this.#silent.delete(draft)
    for (const token of draft.tokens) this.addToken(draft, token)
  }

  addToken(draft: Draft, token: string): void {
    draft.tokens.add(token)
    const known = this.#byToken.get(token)
    if (known === undefined) this.#byToken.set(token, new Set([draft]))
    else known.add(draft)
  }

  /** Attempts that have at least one of these words. */
  withTokens(tokens: readonly string[]): Draft[] {
    const found = new Set(tokens.flatMap((token) => [...(this.#byToken.get(token) ?? [])]))
    return [...found].sort((a, b) => (this.#order.get(a) ?? 0) - (this.#order.get(b) ?? 0))
  }

  /** Those of which no log is known. */
  get silent(): Iterable<Draft> {
    return this.#silent
  }

  ownedBy(owner: string): readonly Draft[] {
    return this.#byOwner.get(owner) ?? []
  }

  named(name: string): readonly Draft[] {
    return this.#byName.get(name) ?? []
  }

  /** When the last line of its files was written. After files were added, call `add` again. */
  lastLine(draft: Draft): string {
    const known = this.#lastLines.get(draft)
    if (known !== undefined) return known
    const last = lastLineOf(draft.files)
    this.#lastLines.set(draft, last)
    return last
  }
}
