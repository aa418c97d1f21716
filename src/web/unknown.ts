import { similarIds } from '../interpret/similar-ids.ts'
import type { Library } from '../triage/answers.ts'
import { isKnownDesktop, isKnownRule } from '../triage/known.ts'
import { refusal } from './problem.ts'

/**
 * Refuses a question about a desktop or a rule that nobody knows. To be called where nothing was found: what is known and
 * has nothing to show is no error.
 */
export async function refuseUnknown(
  { session, rule }: { readonly session?: unknown; readonly rule?: unknown },
  library: Library,
): Promise<void> {
  if (typeof rule === 'string' && !isKnownRule(rule, library.rules)) throw unknownRule(rule, library)
  if (typeof session !== 'string' || (await isKnownDesktop(session, library))) return
  const hint = session.includes('/')
    ? 'It may have no log yet, or its lines are older than what is kept. All desktops: /api/v1/sessions.'
    : 'A desktop is written owner/name, a host by its name. All of them: /api/v1/sessions.'
  throw refusal('E_NOT_FOUND', `no desktop of this name is known: ${session}`, hint, 'session')
}

function unknownRule(id: string, { rules: { rules, correlations } }: Library) {
  const near = similarIds(
    id,
    [...rules, ...correlations].map((rule) => rule.id),
  )
  const hint = near.length > 0 ? `Did you mean ${near.join(', ')}?` : '/api/v1/rules has all ids.'
  return refusal('E_NOT_FOUND', `there is no rule ${id}`, hint, 'rule')
}
