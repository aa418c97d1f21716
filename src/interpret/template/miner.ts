import type { Aliases } from './aliases.ts'
import { formOf, type Group, latest, plainWords, textOf } from './group.ts'
import { createKeptGroups } from './kept-groups.ts'
import { hasDigit, shapeOf } from './line-shape.ts'
import { createShapeCache } from './shape-cache.ts'
import { type Model, snapshotOf } from './snapshot.ts'
import { idOf } from './template-id.ts'
import { createTokenizer } from './tokens.ts'

/** The template of a line, and whether nothing similar was seen before. */
export type Sight = { readonly id: string; readonly template: string; readonly isNew: boolean }

export type Miner = {
  /** Learns from a line and names its template, as known now. */
  learn(line: string): Sight
  /** The id that represents all ids of its template, as known now. */
  resolve(id: string): string
  /** The templates known now, by the id that represents each. */
  templates(): Map<string, string>
  readonly aliases: Aliases
  /** The number of groups that are kept. */
  readonly size: number
  /** Changes whenever the known groups change. */
  readonly revision: number
  snapshot(): Model
  /** Adds what an earlier miner knew; to be called before anything is learnt. */
  restore(model: Model): void
}

export type MinerOptions = {
  /** The number of groups that are kept; those not seen for longest are forgotten first. Default 20,000. */
  readonly maxGroups?: number
  /** Removes secrets from a line before it becomes a template; not needed on the event path, where lines have none any more. */
  readonly clean?: (line: string) => string
}

/** What comes later in a line says nothing more about its template. */
const MAX_READ = 8192
const MAX_FORMS = 100_000
/**
 * Makes a miner of templates. It needs no training and no settings: values are masked by their form, and lines that share
 * their constant words form a group. Ids are hashes of words, so that independent miners give the same ids.
 */
export function createMiner({ maxGroups = 20_000, clean }: MinerOptions = {}): Miner {
  const tokenize = createTokenizer()
  const shapes = createShapeCache()
  const forms = new Map<string, Group>()
  const groups = createKeptGroups(maxGroups)
  const { aliases } = groups
  let now = 0

  const learn = (whole: string): Sight => {
    const line = whole.length > MAX_READ ? whole.slice(0, MAX_READ) : whole
    const shape = shapeOf(line)
    const known = shape === undefined ? undefined : shapes.get(shape)
    if (known !== undefined) return sight(latest(known), false)
    const { words, seps } = tokenize(line)
    const form = formOf(words)
    const remember = (group: Group, isNew: boolean): Sight => {
      if (forms.size >= MAX_FORMS) forms.clear()
      forms.set(form, group)
      if (shape !== undefined && !hasDigit(form)) shapes.keep(shape, group)
      return sight(group, isNew)
    }
    const alike = forms.get(form)
    if (alike !== undefined) return remember(latest(alike), false)
    const plain = plainWords(words)
    const placed = groups.place(plain, seps)
    if (placed !== undefined) return remember(placed, false)
    const cleaned = clean?.(line) ?? line
    if (cleaned !== line) {
      const seen = learn(cleaned)
      const group = groups.get(seen.id)
      if (group !== undefined) forms.set(form, group)
      return seen
    }
    const id = idOf(form)
    const same = groups.get(id)
    if (same !== undefined) return remember(same, false)
    const group = { id, words: plain, shown: [...words], seps, bornAt: now, usedAt: now }
    keep(group)
    return remember(group, !aliases.has(id))
  }

  const sight = (group: Group, isNew: boolean): Sight => {
    group.usedAt = ++now
    return { id: group.id, template: textOf(group), isNew }
  }

  const keep = (group: Group) => {
    if (!groups.add(group)) return
    shapes.clear()
    forms.clear()
  }

  return {
    learn,
    resolve: aliases.resolve,
    templates: () => new Map([...groups.all()].map((group) => [aliases.resolve(group.id), textOf(group)])),
    aliases,
    get size() {
      return groups.size
    },
    get revision() {
      return groups.revision
    },
    snapshot: () => snapshotOf(groups.all(), aliases, now),
    restore(model) {
      aliases.merge(model.aliases)
      now = model.now
      for (const { words, shown, seps, ...rest } of model.groups) {
        const group = { ...rest, words: [...words], shown: [...shown], seps: [...seps] }
        keep(group)
        forms.set(words.join(' '), group)
      }
    },
  }
}
