import type { SignatureDetails } from '../../../store/alert-query.ts'
import type { AlertRuleOf } from '../alert-rule.ts'
import { signatureDetails } from './details.ts'
import { isoSeconds } from './notice-words.ts'
import { signatureObservation } from './signature-notes.ts'
import { isEnough, mayCount, selectOf } from './signature-rule.ts'
import { lastOf, learningOf, type Observation, type World } from './world.ts'

/** Something installed on a cluster for the first time. */
type Change = {
  readonly kind: string
  readonly cluster: string
  readonly value: string
  readonly atMs: number
}

const WORDS: Readonly<Record<string, string>> = {
  profile: 'product generation',
  ami: 'AMI',
  version: 'version',
}

/**
 * Failures that appeared for the first time (or after a long absence) soon after something new was installed on their
 * cluster.
 */
export async function observeAfterChange(
  rule: AlertRuleOf<'first_after_change'>,
  world: World,
): Promise<readonly Observation[]> {
  const { memory, atMs } = world
  const changes = changesOf(world, rule).filter(
    ({ atMs: changed }) => changed > atMs - rule.within - rule.recent,
  )
  if (changes.length === 0) return []
  const begins = new Map<string, number>()
  for (const [id, known] of Object.entries(memory.signatures)) {
    const isBack = (known.away ?? 0) >= rule.quiet && known.returned !== undefined
    const begin = isBack ? (known.returned ?? 0) : known.first
    if (begin > atMs - rule.recent && mayCount(rule, known)) begins.set(id, begin)
  }
  if (begins.size === 0) return []
  const found = await signatureDetails(world.store, lastOf(world, rule.recent), selectOf(rule), [
    ...begins.keys(),
  ])
  return found.flatMap((details) => {
    const begin = begins.get(details.signature) ?? 0
    const change = changes.findLast(
      ({ cluster, atMs: changed }) =>
        changed <= begin && begin - changed <= rule.within && isWhere(details, cluster),
    )
    if (change === undefined || !isEnough(rule, details)) return []
    const what = `${WORDS[change.kind]} ${change.value}`
    const observation = signatureObservation(details, `First failure after ${what}`, details.count, world)
    const changed = `${what} came ${change.cluster === '' ? '' : `to ${change.cluster} `}at ${isoSeconds(change.atMs)}.`
    return {
      ...observation,
      labels: { ...observation.labels, change: `${change.kind} ${change.value}`, cluster: change.cluster },
      notes: { ...observation.notes, description: `${changed} ${observation.notes['description']}`, changed },
    }
  })
}

/** A change on an unnamed cluster says nothing about failures on named ones. */
function isWhere({ clusters, unplaced }: SignatureDetails, cluster: string): boolean {
  return cluster === '' ? unplaced > 0 : clusters.includes(cluster)
}

/** Values that replaced an older one on the same cluster, oldest first. */
function changesOf(world: World, rule: AlertRuleOf<'first_after_change'>): Change[] {
  const { memory } = world
  const learnedMs = (memory.sinceMs ?? Number.POSITIVE_INFINITY) + learningOf(rule, world)
  const seen = Object.entries(memory.installed).map(([key, atMs]): Change => {
    const [kind = '', cluster = '', value = ''] = key.split('|')
    return { kind, cluster, value, atMs }
  })
  return seen
    .filter(({ kind, atMs }) => (rule.changes as readonly string[]).includes(kind) && atMs >= learnedMs)
    .filter((change) => seen.some((older) => isBefore(older, change)))
    .sort((a, b) => a.atMs - b.atMs)
}

/** The id of the rule that captured a version stands before it: only versions of the same rule follow each other. */
function isBefore(older: Change, newer: Change): boolean {
  const toldBy = ({ kind, value }: Change) => (kind === 'version' ? value.split(' ')[0] : '')
  return (
    older.kind === newer.kind &&
    older.cluster === newer.cluster &&
    older.atMs < newer.atMs &&
    toldBy(older) === toldBy(newer)
  )
}
