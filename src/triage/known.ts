import { allRules } from '../interpret/all-rules.ts'
import { similarIds } from '../interpret/similar-ids.ts'
import { selectEvents } from '../store/event-query.ts'
import { selectLedger } from '../store/ledger-query.ts'
import { selectLines } from '../store/line-query.ts'
import { selectSessions } from '../store/session-query.ts'
import type { Library } from './answers.ts'
import { askContextOf, askDiagnosis } from './diagnosis/ask-diagnosis.ts'
import { nameOf } from './diagnosis/story.ts'
import { findSignature } from './novelty/change-state.ts'
import { signaturesNow } from './novelty/signatures.ts'
import { sessionParts } from './parameters.ts'

/** The names that a question may contain. */
export type Named = Readonly<Record<string, unknown>>

/**
 * What to say about a name that is not known, and the known names most similar to it; or about a rule of which only
 * a running service stores events, since it looks at several (`correlation`).
 */
export type UnknownName = {
  readonly field: 'session' | 'rule' | 'correlation' | 'host' | 'template' | 'file' | 'id'
  readonly text: string
  readonly near: readonly string[]
}

/** Names are searched in this many desktops. */
const MOST_LOOKED_AT = 10_000

/** The first unknown name in a question; to be called if nothing was found. */
export async function unknownName(named: Named, library: Library): Promise<UnknownName | undefined> {
  return (await unknownRuleOrDesktop(named, library)) ?? unknownThing(named, library)
}

/** The first unknown host, template, file or signature; nothing is like them, so that no similar ones are named. */
async function unknownThing(
  { host, template, file, id }: Named,
  library: Library,
): Promise<UnknownName | undefined> {
  if (typeof host === 'string' && !(await isKnownDesktop(host, library)))
    return { field: 'host', text: `no host of this name is known: ${host}`, near: [] }
  if (typeof template === 'string' && (await selectEvents(library.store, { template }, ONE)).length === 0)
    return { field: 'template', text: `no event has the template ${template}`, near: [] }
  if (
    typeof file === 'string' &&
    (await selectLedger(library.store, { file, all: true, ...ONE })).length === 0
  )
    return {
      field: 'file',
      text: `nothing is known of ${file}: the store has no row and no loss of it`,
      near: [],
    }
  if (typeof id === 'string' && findSignature(await signaturesNow({}, library), id) === undefined)
    return { field: 'id', text: `no signature has the id ${id}`, near: [] }
  return undefined
}

const ONE = { limit: 1 } as const

async function unknownRuleOrDesktop(
  { session, rule }: Named,
  library: Library,
): Promise<UnknownName | undefined> {
  if (typeof rule === 'string' && !(await isKnownRule(rule, library))) {
    const near = similarIds(rule, ruleIds(library))
    return { field: 'rule', text: `there is no rule ${rule}`, near }
  }
  if (session === undefined && library.rules.correlations.some(({ id }) => id === rule)) {
    const text = `no event of ${rule} is stored: it looks at several events, and only a running service stores where it holds`
    return { field: 'correlation', text, near: [] }
  }
  if (typeof session !== 'string' || (await isKnownDesktop(session, library))) return undefined
  const rows = await selectSessions(library.store, { limit: MOST_LOOKED_AT })
  const names = rows.flatMap((row) => [nameOf(row), row.host])
  return {
    field: 'session',
    text: `no desktop of this name is known: ${session}`,
    near: similarIds(session, [...new Set(names)]),
  }
}

/** Is a desktop or host known, from its own lines, the portal, or other machines? */
async function isKnownDesktop(session: string, library: Library): Promise<boolean> {
  const { owner, session: name, host } = sessionParts(session)
  const isNamed = owner !== undefined && name !== undefined
  const filter = isNamed ? { desktop: { owner, session: name, logs: [] } } : { host }
  const own = await selectLines(library.store, filter, ONE)
  if (own.length > 0) return true
  return (await askDiagnosis({ session }, library.store, askContextOf(library))).length > 0
}

/** Is there a rule of this id, or was there one when something was stored? */
async function isKnownRule(id: string, library: Library): Promise<boolean> {
  if (ruleIds(library).includes(id)) return true
  return (await selectEvents(library.store, { rule: id }, { limit: 1 })).length > 0
}

function ruleIds({ rules }: Library): string[] {
  return allRules(rules).map(({ id }) => id)
}
