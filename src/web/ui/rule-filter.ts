import type { Severity } from '../../model.ts'
import type { RuleItem } from './answers.ts'
import { SEVERITY_ORDER } from './words.ts'

/** Rules that match; each word of `q` must be in the id or the title. */
export function filteredRules(
  rules: readonly RuleItem[],
  filter: {
    readonly q?: string | undefined
    readonly severity?: string | undefined
    readonly component?: string | undefined
    readonly kind?: string | undefined
  },
): RuleItem[] {
  const words = (filter.q ?? '').toLowerCase().split(/\s+/).filter(Boolean)
  const least = SEVERITY_ORDER.indexOf(filter.severity as Severity)
  return rules.filter(({ id, title, severity, component, kind }) => {
    if (SEVERITY_ORDER.indexOf(severity) < least) return false
    if (filter.component !== undefined && component !== filter.component) return false
    if (filter.kind !== undefined && kind !== filter.kind) return false
    const text = `${id} ${title}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
