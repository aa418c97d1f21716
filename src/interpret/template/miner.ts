import { type Aliases, createAliases } from './aliases.ts'
import { byLikeness, findUnion, isTelling, type Likeness, likeness, type Union } from './family.ts'
import { ANY, formOf, type Group, latest, open, plainWords, textOf } from './group.ts'
import { createLineCache } from './line-cache.ts'
import { createShelf } from './shelf.ts'
import { type Model, snapshotOf } from './snapshot.ts'
import { idOf } from './template-id.ts'
import { createTokenizer } from './tokens.ts'

/** What a line says: its template, and whether nothing like it was seen before. */
export type Sight = { readonly id: string; readonly template: string; readonly isNew: boolean }

export type Miner = {
  /** Learns from a line and names its template, as known now. */
  learn(line: string): Sight
  /** Gives the id that all ids of its template have in common, as known now. */
  resolve(id: string): string
  /** Templates that are known now, by the id that all ids of a template have in common. */
  templates(): Map<string, string>
  readonly aliases: Aliases
  /** Number of groups that are kept. */
  readonly size: number
  /** Changes whenever what is known changes. */
  readonly revision: number
  snapshot(): Model
  /** Adds what a miner knew before; to be called before anything is learnt. */
  restore(model: Model): void
}

export type MinerOptions = {
  /** Groups that are kept; those not seen for longest are forgotten first. Default 20,000. */
  readonly maxGroups?: number
  /** Takes secrets out of a line before a template is made of it; the lines of the event path have none any more. */
  readonly clean?: (line: string) => string
}

/** What stands further on in a line tells no more of its template. */
const MAX_READ = 8192
const MAX_FORMS = 100_000
/** This share of the groups is forgotten at once, so that the search for them is rare. */
const FORGOTTEN = 0.1

/**
 * Makes a miner of templates. It needs no training and no settings: values are masked by their form, lines that share their
 * constant words are one group. Ids are hashes of words, so that miners that never met give the same ids.
 */
export function createMiner({ maxGroups = 20_000, clean }: MinerOptions = {}): Miner {
  const tokenize = createTokenizer()
  const lines = createLineCache()
  const forms = new Map<string, Group>()
  const shelf = createShelf()
  const groups = new Map<string, Group>()
  const aliases = createAliases()
  let now = 0
  let revision = 0

  const learn = (whole: string): Sight => {
    const line = whole.length > MAX_READ ? whole.slice(0, MAX_READ) : whole
    const known = lines.get(line)
    if (known !== undefined) return sight(latest(known), false)
    const { words, seps } = tokenize(line)
    const form = formOf(words)
    const alike = forms.get(form)
    if (alike !== undefined) return remember(line, form, latest(alike), false)
    const plain = plainWords(words)
    const placed = place(plain)
    if (placed !== undefined) return remember(line, form, placed, false)
    const cleaned = clean?.(line) ?? line
    if (cleaned !== line) return learn(cleaned)
    const id = idOf(form)
    const same = groups.get(id)
    if (same !== undefined) return remember(line, form, same, false)
    const group = { id, words: plain, shown: [...words], seps, bornAt: now, usedAt: now }
    keep(group)
    return remember(line, form, group, !aliases.has(id))
  }

  const sight = (group: Group, isNew: boolean): Sight => {
    group.usedAt = ++now
    return { id: group.id, template: textOf(group), isNew }
  }

  const remember = (line: string, form: string, group: Group, isNew: boolean): Sight => {
    if (forms.size >= MAX_FORMS) forms.clear()
    forms.set(form, group)
    lines.keep(line, group)
    return sight(group, isNew)
  }

  /** Finds the group of words that were not seen before, if they belong to one. */
  const place = (words: readonly string[]): Group | undefined => {
    const alike = shelf
      .near(words)
      .map((group) => likeness(words, group))
      .filter((found): found is Likeness => found !== undefined)
      .sort(byLikeness)
    const best = alike[0]
    if (best === undefined) return undefined
    if (best.places.length === 0) return best.group
    const union = findUnion(words, alike)
    return union && unite(union, words)
  }

  /** Makes groups one, unless too little would be left in common. The oldest goes on; the ids of the others become its aliases. */
  const unite = ({ groups: members, places }: Union, words: readonly string[]): Group | undefined => {
    const [first, ...others] = [...members].sort((a, b) => a.bornAt - b.bornAt) as [Group, ...Group[]]
    const opened = first.words
      .map((_, at) => at)
      .filter((at) => places.includes(at) || others.some((other) => other.words[at] === ANY))
    if (!isTelling(first.words.map((word, at) => (opened.includes(at) ? ANY : word)))) return undefined
    revision++
    shelf.remove(first)
    for (const at of opened) open(first, at)
    shelf.add(first)
    // What two miners saw first may differ; what they agree on in the end does not.
    aliases.join(first.id, idOf(first.words.join(' ')))
    aliases.join(first.id, idOf(words.join(' ')))
    for (const other of others) {
      shelf.remove(other)
      groups.delete(other.id)
      other.into = first
      aliases.join(first.id, other.id)
    }
    return first
  }

  const keep = (group: Group) => {
    revision++
    groups.set(group.id, group)
    shelf.add(group)
    if (groups.size > maxGroups) forget()
  }

  const forget = () => {
    const oldest = [...groups.values()].sort((a, b) => a.usedAt - b.usedAt)
    for (const group of oldest.slice(0, Math.max(1, maxGroups * FORGOTTEN))) {
      groups.delete(group.id)
      shelf.remove(group)
    }
    lines.clear()
    forms.clear()
  }

  const restore = (model: Model) => {
    aliases.merge(model.aliases)
    now = model.now
    for (const { words, shown, seps, ...rest } of model.groups) {
      const group = { ...rest, words: [...words], shown: [...shown], seps: [...seps] }
      keep(group)
      forms.set(words.join(' '), group)
    }
  }

  return {
    learn,
    resolve: aliases.resolve,
    templates: () => new Map([...groups.values()].map((group) => [aliases.resolve(group.id), textOf(group)])),
    aliases,
    get size() {
      return groups.size
    },
    get revision() {
      return revision
    },
    snapshot: () => snapshotOf(groups.values(), aliases, now),
    restore,
  }
}
