import type { Library } from '../triage/answers.ts'
import { type Named, unknownName } from '../triage/known.ts'
import { refusal } from './problem.ts'

/**
 * Refuses a question about an unknown desktop or rule. To be called if nothing was found: a known one that has nothing to
 * show is no error.
 */
export async function refuseUnknown(named: Named, library: Library): Promise<void> {
  const unknown = await unknownName(named, library)
  if (unknown === undefined) return
  const { field, text, near } = unknown
  const isDesktop = String(named.session).includes('/')
  const where = field === 'rule' ? '/api/v1/rules has all ids.' : isDesktop ? NO_DESKTOP : NO_HOST
  throw refusal('E_NOT_FOUND', text, near.length > 0 ? `Did you mean ${near.join(', ')}?` : where, field)
}

const NO_DESKTOP =
  'It may have no log yet, or its lines are older than what is kept. All desktops: /api/v1/sessions.'
const NO_HOST = 'A desktop is written owner/name, a host by its name. All of them: /api/v1/sessions.'
