import type { Clock } from '../../clock.ts'
import { rulesById } from '../../interpret/all-rules.ts'
import type { RuleSet } from '../../interpret/load-rules.ts'
import { Batch, type BatchNames } from '../../store/batch.ts'
import type { Store } from '../../store/client.ts'
import { Copies } from '../../store/copies.ts'
import { selectCorrelatedVerdicts } from '../../store/correlated-query.ts'
import type { Inserter } from '../../store/inserter.ts'
import type { Journal } from '../../store/journal.ts'
import { LinesBlock } from '../../store/lines-block.ts'
import { deleteEvents, type StoredVerdict } from '../../store/stored-lines.ts'
import { changeOf } from './reclassify.ts'
import { type ReplayKnowledge, replay } from './replay.ts'

/** The end of the write path, where events go that are new. */
export type EventWriting<Commit> = {
  readonly store: Store
  readonly journal: Journal<Commit>
  readonly inserter: Inserter<Commit>
  readonly names: BatchNames
  /** Waits until what was submitted is stored. */
  readonly stored: () => Promise<void>
  readonly clock: Clock
}

/** Events that came and went; the empty id stands for failures that no rule explains. */
export type RuleChange = { readonly rule_id: string; readonly added: number; readonly removed: number }

/** So many lines were classified so far. */
export type Classified = { readonly lines: number }

/** By rule: events that came and events that went. */
type Tally = Map<string, { added: number; removed: number }>

/**
 * Classifies the lines from `since` on (ISO 8601) again and makes `events` say what the rules say now: what is new is added
 * first, then what is stale is removed. If it is cut off between, running it again completes it; so does an abort, which
 * leaves what is stale. What another version of a rule made of several events is removed; the service makes it anew when it
 * next looks at the desktops.
 */
export async function* applyRules<Commit>(
  writing: EventWriting<Commit>,
  knowledge: ReplayKnowledge,
  since: string,
  signal: AbortSignal,
): AsyncGenerator<Classified | RuleChange> {
  const rules = new Map(knowledge.rules.rules.map((rule) => [rule.id, rule]))
  const tally: Tally = new Map()
  const stale: StoredVerdict[] = []
  const copies = new Copies()
  let lines = 0
  for await (const page of replay(writing.store, since, knowledge.interpret, knowledge.written)) {
    if (signal.aborted) break
    const change = changeOf(page, rules)
    for (const { verdict } of change.added) count(tally, verdict.ruleId, 'added')
    for (const { rule_id } of change.removed) count(tally, rule_id, 'removed')
    stale.push(...change.removed)
    if (change.added.length > 0) await submit(change.added, writing, knowledge.rules.version, copies)
    lines += page.lines.length
    yield { lines }
  }
  await writing.stored()
  // What is new may not be complete: what it replaces must stay.
  if (signal.aborted) return
  for (const verdict of await outdated(writing.store, since, knowledge.rules)) {
    count(tally, verdict.rule_id, 'removed')
    stale.push(verdict)
  }
  await deleteEvents(writing.store, stale)
  const changed = [...tally].sort(([, a], [, b]) => b.added + b.removed - a.added - a.removed)
  for (const [rule_id, { added, removed }] of changed) yield { rule_id, added, removed }
}

/** Of the events that rules made of several others, those whose rule no longer exists, or has another version or severity now. */
async function outdated(store: Store, since: string, rules: RuleSet): Promise<StoredVerdict[]> {
  const known = rulesById(rules)
  const made = await selectCorrelatedVerdicts(store, since)
  return made.filter(({ rule_id, rule_version, severity }) => {
    const rule = known.get(rule_id)
    return rule?.version !== rule_version || rule.severity !== severity
  })
}

async function submit<Commit>(
  added: ReturnType<typeof changeOf>['added'],
  { journal, inserter, names, clock }: EventWriting<Commit>,
  ruleSet: string,
  copies: Copies,
): Promise<void> {
  const nowMs = clock.nowMs()
  const batch = new Batch(journal, new LinesBlock(), { name: names.next(nowMs), nowMs, ruleSet, copies })
  batch.appendEvents(added)
  await inserter.hand(await batch.seal())
}

function count(tally: Tally, id: string, what: 'added' | 'removed'): void {
  const counts = tally.get(id) ?? { added: 0, removed: 0 }
  counts[what]++
  tally.set(id, counts)
}
