import type { Aliases } from './aliases.ts'
import { formOf, type Group, latest, plainWords, textOf } from './group.ts'
import { KeptGroups } from './kept-groups.ts'
import { hasDigit, shapeOf } from './line-shape.ts'
import { createShapeCache } from './shape-cache.ts'
import { type Model, snapshotOf } from './snapshot.ts'
import { idOf } from './template-id.ts'
import { createTokenizer } from './tokens.ts'

/** The template of a line, and whether nothing similar was seen before. */
export type Sight = { readonly id: string; readonly template: string; readonly isNew: boolean }

export type MinerOptions = {
  /** The number of groups that are kept; those not seen for longest are forgotten first. Default 20,000. */
  readonly maxGroups?: number
  /** Removes secrets from a line before it becomes a template; not needed on the event path, where lines have none any more. */
  readonly clean?: (line: string) => string
}

/** What comes later in a line says nothing more about its template. */
const MAX_READ = 8192
const MAX_FORMS = 100_000

/** How a line may be recognised when it comes again: by its shape, if it has one, and by its words. */
type Marks = { readonly shape: string | undefined; readonly form: string }

/**
 * Names the templates of lines. It needs no training and no settings: values are masked by their form, and lines that share
 * their constant words form a group. Ids are hashes of words, so that independent miners give the same ids.
 */
export class Miner {
  /** Which ids mean the same template, as known now. */
  readonly aliases: Aliases
  readonly #clean: MinerOptions['clean']
  readonly #tokenize = createTokenizer()
  readonly #shapes = createShapeCache()
  readonly #forms = new Map<string, Group>()
  readonly #groups: KeptGroups
  #now = 0

  constructor({ maxGroups = 20_000, clean }: MinerOptions = {}) {
    this.#clean = clean
    this.#groups = new KeptGroups(maxGroups)
    this.aliases = this.#groups.aliases
  }

  /** The number of groups that are kept. */
  get size(): number {
    return this.#groups.size
  }

  /** Changes whenever the known groups change. */
  get revision(): number {
    return this.#groups.revision
  }

  /** Learns from a line and names its template, as known now. */
  learn(whole: string): Sight {
    const line = whole.length > MAX_READ ? whole.slice(0, MAX_READ) : whole
    const shape = shapeOf(line)
    const known = shape === undefined ? undefined : this.#shapes.get(shape)
    if (known !== undefined) return this.#sight(latest(known), false)
    const { words, seps } = this.#tokenize(line)
    const marks = { shape, form: formOf(words) }
    const alike = this.#forms.get(marks.form)
    if (alike !== undefined) return this.#remember(marks, latest(alike))
    const plain = plainWords(words)
    const placed = this.#groups.place(plain, seps)
    if (placed !== undefined) return this.#remember(marks, placed)
    const cleaned = this.#clean?.(line) ?? line
    if (cleaned !== line) return this.#learnCleaned(cleaned, marks)
    const id = idOf(marks.form)
    const same = this.#groups.get(id)
    if (same !== undefined) return this.#remember(marks, same)
    const group = { id, words: plain, shown: [...words], seps, bornAt: this.#now, usedAt: this.#now }
    this.#keep(group)
    return this.#remember(marks, group, !this.aliases.has(id))
  }

  /** The templates known now, by the id that represents each. */
  templates(): Map<string, string> {
    return new Map([...this.#groups.all()].map((group) => [this.aliases.resolve(group.id), textOf(group)]))
  }

  snapshot(): Model {
    return snapshotOf(this.#groups.all(), this.aliases, this.#now)
  }

  /** Adds what an earlier miner knew; to be called before anything is learnt. */
  restore(model: Model): void {
    this.aliases.merge(model.aliases)
    this.#now = model.now
    for (const { words, shown, seps, ...rest } of model.groups) {
      const group = { ...rest, words: [...words], shown: [...shown], seps: [...seps] }
      this.#keep(group)
      this.#forms.set(words.join(' '), group)
    }
  }

  /** The line is like none before and had a secret: only without it may it become a template. */
  #learnCleaned(cleaned: string, { form }: Marks): Sight {
    const seen = this.learn(cleaned)
    const group = this.#groups.get(seen.id)
    if (group !== undefined) this.#forms.set(form, group)
    return seen
  }

  #remember({ shape, form }: Marks, group: Group, isNew = false): Sight {
    if (this.#forms.size >= MAX_FORMS) this.#forms.clear()
    this.#forms.set(form, group)
    if (shape !== undefined && !hasDigit(form)) this.#shapes.keep(shape, group)
    return this.#sight(group, isNew)
  }

  #sight(group: Group, isNew: boolean): Sight {
    group.usedAt = ++this.#now
    return { id: group.id, template: textOf(group), isNew }
  }

  #keep(group: Group): void {
    if (!this.#groups.add(group)) return
    this.#shapes.clear()
    this.#forms.clear()
  }
}
