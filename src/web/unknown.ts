import { similarIds } from '../interpret/similar-ids.ts'
import { selectLines } from '../store/line-query.ts'
import { type Named, type UnknownName, unknownName } from '../triage/known.ts'
import { refusal } from './problem.ts'
import { libraryOf, type Service } from './service.ts'

/**
 * Refuses a question that names what is not there. To be called if nothing was found: a known name that has nothing to show
 * is no error. What stands in a list of ours (a kind of log) is a wrong parameter; what names a thing of the data is not found.
 */
export async function refuseUnknown(named: Named, service: Service): Promise<void> {
  await refuseUnknownSource(named, service)
  const { event_id: id } = named
  if (id !== undefined)
    throw refusal('E_NOT_FOUND', `no line has the id ${id}`, 'It may be too old to be kept.', 'event_id')
  const unknown = await unknownName(named, libraryOf(service))
  if (unknown === undefined) return
  const { field, text, near } = unknown
  const where = field === 'session' && String(named['session']).includes('/') ? NO_DESKTOP : WHERE[field]
  throw refusal('E_NOT_FOUND', text, near.length > 0 ? `Did you mean ${near.join(', ')}?` : where, field)
}

/** A kind of log that no layout names any more may still have lines. */
async function refuseUnknownSource({ source }: Named, service: Service): Promise<void> {
  if (typeof source !== 'string') return
  const kinds = [...new Set(['generic', ...service.knowledge().formats.keys()])].sort()
  if (kinds.includes(source) || (await selectLines(service.store, { source }, { limit: 1 })).length > 0)
    return
  throw unknownChoice('source', `${source} is not a kind of log`, source, kinds)
}

/** The refusal of a value that is not among those of a list. */
export function unknownChoice(field: string, text: string, value: string, known: readonly string[]) {
  const near = similarIds(value, known)
  const hint = near.length > 0 ? `Did you mean ${near.join(', ')}?` : `Use one of ${known.join(', ')}.`
  return refusal('E_PARAMETER', `${field} ${text}`, hint, field)
}

const NO_DESKTOP =
  'It may have no log yet, or its lines are older than what is kept. All desktops: /api/v1/sessions.'
const WHERE: Readonly<Record<UnknownName['field'], string>> = {
  session: 'A desktop is written owner/name, a host by its name. All of them: /api/v1/sessions.',
  rule: '/api/v1/rules has all ids.',
  correlation: '/api/v1/diagnose has it under findings, where it holds.',
  host: 'Its lines may be older than what is kept. All desktops and their hosts: /api/v1/sessions.',
  template: 'Its events may be older than what is kept; /api/v1/signatures has those that are known.',
  file: 'Name it as the store does, with the root cut off: /api/v1/ledger?all=true has all.',
  id: '/api/v1/signatures has all of them.',
}
