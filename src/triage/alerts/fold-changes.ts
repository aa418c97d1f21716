import type { Looked } from './evaluate.ts'
import type { Observation } from './observe/world.ts'

/**
 * Makes one failure one alert: if a signature was found both as new and after a change, it is reported as new, with the
 * change in its notes. If no rule reports it as new, it stays as it is.
 */
export function foldChanges(looked: readonly Looked[]): Looked[] {
  const fresh = new Set(
    looked.flatMap((result) =>
      result.kind === 'looked' && result.rule.kind === 'new_signature'
        ? result.found.flatMap(signatureOf)
        : [],
    ),
  )
  const changed = new Map<string, string>()
  const kept = looked.map((result): Looked => {
    if (result.kind === 'failed' || result.rule.kind !== 'first_after_change') return result
    const found = result.found.filter((observation) => !signatureOf(observation).some((id) => fresh.has(id)))
    for (const { labels, notes } of result.found)
      changed.set(labels['signature'] ?? '', notes['changed'] ?? '')
    return { ...result, found }
  })
  return kept.map((result) =>
    result.kind === 'looked' && result.rule.kind === 'new_signature'
      ? { ...result, found: result.found.map((observation) => withChange(observation, changed)) }
      : result,
  )
}

function withChange(observation: Observation, changes: ReadonlyMap<string, string>): Observation {
  const changed = changes.get(observation.labels['signature'] ?? '')
  if (changed === undefined) return observation
  const description = `${changed} ${observation.notes['description']}`
  return { ...observation, notes: { ...observation.notes, description, changed } }
}

/** The digest of many signatures has none. */
function signatureOf({ labels }: Observation): string[] {
  return labels['signature'] === undefined ? [] : [labels['signature']]
}
