import type { Store } from '../../store/client.ts'
import { selectSeen } from '../../store/signature-query.ts'
import { mergedTemplates } from '../novelty/merged-templates.ts'

/** The current templates of stored events: several ids may have turned out to be one failure. */
export type Unified = {
  /** For each other id of a failure, the id that is used for it. */
  readonly aliases: Readonly<Record<string, string>>
  /** The text of each template, by the id that is used for it. */
  readonly templates: Readonly<Record<string, string>>
}

type KnownSignatures = Readonly<Record<string, { readonly first: number }>>

/** Notices show at most this much of a template. */
const TEMPLATE_CHARS = 200

/**
 * Merges templates as the list of signatures does. A failure keeps the id under which it was known first, so that an alert
 * keeps its name when the template becomes more general.
 */
export async function unifiedTemplates(store: Store, known: KnownSignatures): Promise<Unified> {
  const rows = await selectSeen(store, {})
  const aliases: Record<string, string> = {}
  const templates: Record<string, string> = {}
  for (const merged of mergedTemplates(rows.filter(({ template_id }) => template_id !== ''))) {
    const byAge = merged.rows.map(({ template_id }) => template_id)
    const eldest = byAge
      .filter((id) => id in known)
      .sort((a, b) => (known[a]?.first ?? 0) - (known[b]?.first ?? 0))[0]
    const keptId = eldest ?? byAge[0] ?? merged.id
    for (const id of merged.ids) if (id !== keptId) aliases[id] = keptId
    templates[keptId] = merged.template.slice(0, TEMPLATE_CHARS)
  }
  return { aliases, templates }
}
