import type { Store } from '../../store/client.ts'
import { selectSeen } from '../../store/signature-query.ts'
import { mergedTemplates } from '../novelty/merged-templates.ts'

/** What the templates of stored events are by now: several ids may have turned out to be one failure. */
export type Unified = {
  /** The id that a failure goes by, by its other ids. */
  readonly aliases: Readonly<Record<string, string>>
  /** How each reads, by the id that it goes by. */
  readonly templates: Readonly<Record<string, string>>
}

type KnownSignatures = Readonly<Record<string, { readonly first: number }>>

/** Notices show no more of one. */
const TEMPLATE_CHARS = 200

/**
 * Joins the templates as the list of signatures does. A failure goes by the id under which it is known already, and that was
 * there first, so that an alert keeps its name however its template becomes more general.
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
    const own = eldest ?? byAge[0] ?? merged.id
    for (const id of merged.ids) if (id !== own) aliases[id] = own
    templates[own] = merged.template.slice(0, TEMPLATE_CHARS)
  }
  return { aliases, templates }
}
