import { loadConfig } from '../../config.ts'
import { createLog } from '../../log.ts'
import { BATCH_LIMITS, Batch } from '../../store/batch.ts'
import { Copies } from '../../store/copies.ts'
import { LinesBlock } from '../../store/lines-block.ts'
import { deleteEvents, type StoredVerdict } from '../../store/stored-lines.ts'
import { changeOf } from '../../triage/rules/reclassify.ts'
import { replay } from '../../triage/rules/replay.ts'
import { grouped } from '../counted.ts'
import type { Io } from '../io.ts'
import { type Knowledge, loadKnowledge } from '../knowledge.ts'
import type { ApplyOptions } from '../rules.ts'
import { throwIfStopped } from '../stopped.ts'
import { tableText } from '../table.ts'
import { pointInTime } from '../time-option.ts'
import { openWritePath, type WritePath } from '../write-path.ts'
import { checkHistory } from './stored-history.ts'

/** The store may be away for this long before the command gives up. */
const GIVE_UP_MS = 30_000

const WHILE_IT_RUNS =
  'Stop it, run this again, and start it: new lines are classified by the rules of its --rules folders at once, stored ones only here. With a ClickHouse server (--store URL) both may run.'

/** By rule: events that came and events that went. */
type Tally = Map<string, { added: number; removed: number }>

/**
 * Classifies stored lines anew and makes `events` say what the rules say now: what is new is added first, then what is
 * stale is removed. If it is cut off between, running it again completes it.
 */
export async function applyRules(options: ApplyOptions, io: Io): Promise<void> {
  const config = loadConfig(options.config, options)
  const since = pointInTime('since', options.since, io.clock.nowMs()) ?? ''
  const knowledge = loadKnowledge(config)
  checkHistory(config, WHILE_IT_RUNS)
  const path = await openWritePath({
    config,
    knowledge: () => knowledge,
    clock: io.clock,
    log: createLog(io.errIsTerminal ? 'error' : config.logLevel),
    signal: io.signal,
    giveUpMs: GIVE_UP_MS,
    maxAgeMs: BATCH_LIMITS.maxAgeMs,
    onStored: () => {},
  })
  try {
    report(await rewrite(path, since, knowledge, io), knowledge, options.json === true, io)
  } finally {
    await path.close()
  }
}

async function rewrite(path: WritePath, since: string, knowledge: Knowledge, io: Io): Promise<Tally> {
  const { journal, inserter, names } = path.stages
  const rules = new Map(knowledge.rules.rules.map((rule) => [rule.id, rule]))
  const tally: Tally = new Map()
  const copies = new Copies()
  const stale: StoredVerdict[] = []
  for await (const page of replay(path.store, since, knowledge.interpret, knowledge.written)) {
    if (io.signal.aborted) break
    const { added, removed } = changeOf(page, rules)
    for (const { verdict } of added) count(tally, verdict.ruleId, 'added')
    for (const { rule_id } of removed) count(tally, rule_id, 'removed')
    stale.push(...removed)
    if (added.length === 0) continue
    const nowMs = io.clock.nowMs()
    const ruleSet = knowledge.rules.version
    const batch = new Batch(journal, new LinesBlock(), { name: names.next(nowMs), nowMs, ruleSet, copies })
    batch.appendEvents(added)
    await inserter.submit(await batch.seal())
  }
  await inserter.drain()
  // What is new may not be stored yet: what it replaces must stay.
  throwIfStopped(io, 'all lines were classified', 'Run it again: it goes on with the rest.')
  await deleteEvents(path.store, stale)
  return tally
}

function count(tally: Tally, id: string, what: 'added' | 'removed'): void {
  const one = tally.get(id) ?? { added: 0, removed: 0 }
  one[what]++
  tally.set(id, one)
}

function report(tally: Tally, knowledge: Knowledge, json: boolean, io: Io): void {
  const rows = [...tally].sort(([, a], [, b]) => b.added + b.removed - a.added - a.removed)
  if (json) {
    for (const [rule_id, { added, removed }] of rows)
      io.out(`${JSON.stringify({ rule_id, added, removed })}\n`)
    return
  }
  if (rows.length === 0) {
    io.out('Nothing changes: the stored events are what these rules say.\n')
    return
  }
  const titles = new Map(knowledge.rules.rules.map(({ id, title }) => [id, title]))
  io.out(
    tableText(
      [
        { head: 'ADDED', cell: ([, { added }]) => grouped(added), right: true },
        { head: 'REMOVED', cell: ([, { removed }]) => grouped(removed), right: true },
        { head: 'RULE', cell: ([id]) => id || '-' },
        {
          head: 'TITLE',
          cell: ([id]) =>
            titles.get(id) ?? (id === '' ? 'Failures that no rule explains' : 'no longer there'),
        },
      ],
      rows,
    ),
  )
}
