import { createAliases } from '../../interpret/template/aliases.ts'
import { Miner } from '../../interpret/template/miner.ts'
import { tellingLine } from '../../interpret/template/telling-line.ts'
import type { SeenRow } from '../../store/signature-query.ts'
import { grouped } from '../grouped.ts'

/** Stored rows of one template, whatever ids its events have. */
export type MergedTemplate = {
  /** The smallest of its ids. */
  readonly id: string
  /** All ids that its events have. */
  readonly ids: readonly string[]
  readonly template: string
  readonly rows: readonly SeenRow[]
}

/**
 * Merges the rows of each template. It may have several ids: from hosts that never exchanged models, from a model that was
 * lost, or from an older one with other masks. Its examples are masked again to find out which are the same, so that a change
 * of the masks makes nothing look new.
 */
export function mergedTemplates(rows: readonly SeenRow[]): MergedTemplate[] {
  const miner = new Miner()
  const aliases = createAliases()
  const byAge = [...rows].sort((a, b) => (a.first_seen < b.first_seen ? -1 : 1))
  const learnt = byAge.map((row) => row.examples.map((example) => miner.learn(tellingLine(example)).id))
  for (const [i, { template_id }] of byAge.entries()) {
    for (const id of learnt[i] ?? []) aliases.join(template_id, miner.aliases.resolve(id))
  }
  const members = grouped(byAge, ({ template_id }) => aliases.resolve(template_id))
  const texts = new Map<string, string>()
  for (const [id, text] of miner.templates()) texts.set(aliases.resolve(id), text)
  return [...members].map(([key, own]) => {
    const ids = [...new Set(own.map(({ template_id }) => template_id))].sort()
    return { id: ids[0] ?? key, ids, template: texts.get(key) ?? '', rows: own }
  })
}
