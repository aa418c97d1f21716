import { tellingLine } from '../../../interpret/template/telling-line.ts'
import type { Attempt } from '../story.ts'

/** Failures that no rule explains and that differ only in their values. */
export type UnexplainedJson = {
  readonly template_id: string
  readonly example: string
  readonly count: number
}

const MOST = 50
const MOST_CHARS = 300

/** The failures of an attempt that no rule explains, the most frequent first. */
export function unexplainedIn({ events }: Attempt): UnexplainedJson[] {
  const kinds = new Map<string, UnexplainedJson>()
  for (const { kind, template_id = '', message } of events) {
    if (kind !== 'unknown') continue
    const key = template_id || exampleOf(message)
    const { example, count } = kinds.get(key) ?? { example: exampleOf(message), count: 0 }
    kinds.set(key, { template_id, example, count: count + 1 })
  }
  return [...kinds.values()]
    .sort((a, b) => b.count - a.count || (a.example < b.example ? -1 : 1))
    .slice(0, MOST)
}

function exampleOf(message: string): string {
  return tellingLine(message).slice(0, MOST_CHARS)
}
