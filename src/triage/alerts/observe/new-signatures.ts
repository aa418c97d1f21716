import { MOST_DETAILS, type SignatureDetails } from '../../../store/alert-query.ts'
import { selectSourceStarts } from '../../../store/first-seen-query.ts'
import { NOVELTY } from '../../novelty/state.ts'
import type { AlertRuleOf } from '../alert-rule.ts'
import type { KnownSignature } from '../memory.ts'
import { circumstancesOf } from './circumstances.ts'
import { signatureDetails } from './details.ts'
import { digested } from './digest.ts'
import { momentOf } from './sessions.ts'
import { signatureObservation } from './signature-notes.ts'
import { isEnough, mayCount, selectOf } from './signature-rule.ts'
import { lastOf, learningOf, type Observation, type World } from './world.ts'

type NewSignature = AlertRuleOf<'new_signature'>

const DAY_MS = 86_400_000

/** Signatures first seen recently, after the learning period; a digest if there are many. */
export async function observeNew(rule: NewSignature, world: World): Promise<readonly Observation[]> {
  const { memory, atMs } = world
  const learnedMs = (memory.sinceMs ?? atMs) + learningOf(rule, world)
  const isFresh = (known: KnownSignature) => toldFrom(known) > atMs - rule.recent && known.first >= learnedMs
  const fresh = chosen(rule, world, isFresh)
  if (fresh.length === 0) return []
  const learned = await withoutLearning(fresh, rule, world)
  const sinceMs = Math.min(...learned.map(([, { first }]) => first - 1), atMs - rule.recent)
  const found = await detailsOf(rule, learned, world, atMs - sinceMs)
  const reported: SignatureDetails[] = []
  for (const details of found) if (await isWorthTelling(details, world)) reported.push(details)
  const isTemplate = ({ signature }: SignatureDetails) =>
    world.memory.signatures[signature]?.kind === 'template'
  const diagnoses = reported.some(isTemplate) ? await world.diagnoses() : []
  const opened = (details: SignatureDetails) => {
    const told = signatureObservation(details, 'New failure', details.count, world)
    return isTemplate(details) ? withCircumstances(told, circumstancesOf(details, diagnoses)) : told
  }
  return digested(reported, rule, opened)
}

/** Adds what was seen around a failure to its likely cause; a general rule names only the kind of it. */
function withCircumstances(told: Observation, circumstances: string): Observation {
  if (circumstances === '') return told
  const cause = told.notes['cause'] ?? 'Not known.'
  return { ...told, notes: { ...told.notes, cause: `${cause} ${circumstances}` } }
}

/** A template without a rule may need up to a day until its events are enough for a notice. */
function toldFrom({ first, enough }: KnownSignature): number {
  return enough !== undefined && enough - first <= DAY_MS ? enough : first
}

type Known = readonly [id: string, known: KnownSignature]

/** The signatures that qualify, oldest first, so that the choice does not change when more arrive. */
function chosen(rule: NewSignature, world: World, isSo: (known: KnownSignature) => boolean): Known[] {
  return Object.entries(world.memory.signatures)
    .filter(([, known]) => isSo(known) && mayCount(rule, known))
    .sort(([a, one], [b, other]) => one.first - other.first || (a < b ? -1 : 1))
}

/** Each kind of log of each product generation has a learning period, in which everything counts as usual. */
async function withoutLearning(fresh: readonly Known[], rule: NewSignature, world: World): Promise<Known[]> {
  const sources = [...new Set(fresh.map(([, { source }]) => source))]
  const starts = await selectSourceStarts(world.store, sources, world.arrival)
  return fresh.filter(([, { source, profile, first }]) => {
    const start = starts.find((one) => one.source === source && one.profile === profile)
    return start === undefined || first - start.first_ms >= learningOf(rule, world)
  })
}

async function detailsOf(
  rule: NewSignature,
  known: readonly Known[],
  world: World,
  lastMs: number,
): Promise<SignatureDetails[]> {
  if (known.length === 0) return []
  const ids = known.slice(0, MOST_DETAILS).map(([id]) => id)
  const found = await signatureDetails(world.store, lastOf(world, lastMs), selectOf(rule), ids)
  const byId = new Map(found.map((details) => [details.signature, details]))
  return ids.flatMap((id) => byId.get(id) ?? []).filter((details) => isEnough(rule, details))
}

/**
 * A template without a rule is reported if it is more than a single event, or if its desktop failed. A desktop that had
 * failed before proves nothing.
 */
async function isWorthTelling(details: SignatureDetails, world: World): Promise<boolean> {
  const { signature, count, sessions, session_names } = details
  if (world.memory.signatures[signature]?.kind !== 'template') return true
  if (count >= NOVELTY.minCount || sessions >= NOVELTY.minSessions) return true
  const isOld = (moment: number) => moment > 0 && moment < world.atMs - DAY_MS
  const failed = (await world.diagnoses()).filter(
    (diagnosis) => diagnosis.status === 'failed' && !isOld(momentOf(diagnosis)),
  )
  return failed.some(({ session }) => session_names.includes(session))
}
