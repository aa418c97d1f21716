import { allRules } from '../interpret/all-rules.ts'
import type { RuleSet } from '../interpret/load-rules.ts'
import { selectLines } from '../store/line-query.ts'
import type { Library } from './answers.ts'
import { askDiagnosis, knowingOf } from './diagnosis/ask-diagnosis.ts'
import { sessionParts } from './parameters.ts'

/** Is anything known of a desktop, or a host: a line of its own, or what the portal or other machines say of it? */
export async function isKnownDesktop(session: string, library: Library): Promise<boolean> {
  const own = await selectLines(library.store, sessionParts(session), { limit: 1 })
  if (own.length > 0) return true
  return (await askDiagnosis({ session }, library.store, knowingOf(library))).length > 0
}

/** Is there a rule of this id? */
export function isKnownRule(id: string, rules: RuleSet): boolean {
  return allRules(rules).some((rule) => rule.id === id)
}
