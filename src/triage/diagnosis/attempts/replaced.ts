import { grouped } from '../../grouped.ts'
import { lastLineOf } from '../story.ts'
import { beginOf, type Draft } from './draft.ts'

const ADDRESS = /^ip(?:-\d{1,3}){4}$/

/**
 * Desktops whose address another desktop of the cluster had later. An instance keeps its private address, also while it is
 * stopped; only when it is terminated, another one can get it.
 */
export function replacedAmong(drafts: readonly Draft[]): ReadonlySet<Draft> {
  const named = drafts.filter(({ host, files }) => ADDRESS.test(host) && files.length > 0)
  const replaced = new Set<Draft>()
  for (const sharing of grouped(named, ({ cluster, host }) => `${cluster}\0${host}`).values()) {
    const lastBegin = Math.max(...sharing.map(beginOf))
    for (const draft of sharing) if (Date.parse(lastLineOf(draft.files)) < lastBegin) replaced.add(draft)
  }
  return replaced
}
