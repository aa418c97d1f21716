import { loadConfig } from '../../config.ts'
import { allRules } from '../../interpret/all-rules.ts'
import { BATCH_LIMITS } from '../../store/batch.ts'
import { applyRules, type Classified, type RuleChange } from '../../triage/rules/apply.ts'
import { grouped } from '../counted.ts'
import type { Io } from '../io.ts'
import { type Knowledge, loadKnowledge } from '../knowledge.ts'
import type { ApplyOptions } from '../rules.ts'
import { streamed } from '../service-stream.ts'
import { throwIfStopped } from '../stopped.ts'
import { tableText } from '../table.ts'
import { pointInTime } from '../time-option.ts'
import { openCommandWritePath } from '../write-path.ts'
import { results } from './replay-progress.ts'
import { historyHolder } from './stored-history.ts'

const GOAL = 'all lines were classified'

type Applied = AsyncGenerator<Classified | RuleChange>

/** Classifies stored lines again: in the running service if it holds the data directory, otherwise in this process. */
export async function applyStored(options: ApplyOptions, io: Io): Promise<void> {
  const config = loadConfig(options.config, options)
  const since = pointInTime('since', options.since, io.clock.nowMs()) ?? ''
  const knowledge = loadKnowledge(config)
  const service = historyHolder(config)
  const applied: Applied =
    service === undefined
      ? here(config, knowledge, since, io)
      : streamed(
          service,
          '/api/v1/rules/apply',
          { version: knowledge.rules.version, since },
          { io, goal: GOAL },
        )
  const changes = await results(applied, io)
  throwIfStopped(io, GOAL, 'Run it again: it goes on with the rest.')
  report(changes, knowledge, options.json === true, io)
}

async function* here(
  config: ReturnType<typeof loadConfig>,
  knowledge: Knowledge,
  since: string,
  io: Io,
): Applied {
  const path = await openCommandWritePath(config, knowledge, io, {
    maxAgeMs: BATCH_LIMITS.maxAgeMs,
    onStored: () => {},
  })
  try {
    const { stages, store } = path
    const stored = () => stages.inserter.drain()
    yield* applyRules({ ...stages, store, stored }, knowledge, since, io.signal)
  } finally {
    await path.close()
  }
}

function report(changes: readonly RuleChange[], { rules }: Knowledge, json: boolean, io: Io): void {
  if (json) {
    for (const change of changes) io.out(`${JSON.stringify(change)}\n`)
    return
  }
  if (changes.length === 0) {
    io.out('Nothing changes: the stored events are what these rules say.\n')
    return
  }
  const titles = new Map(allRules(rules).map(({ id, title }) => [id, title]))
  titles.set('', 'Failures that no rule explains')
  io.out(
    tableText<RuleChange>(
      [
        { head: 'ADDED', cell: ({ added }) => grouped(added), right: true },
        { head: 'REMOVED', cell: ({ removed }) => grouped(removed), right: true },
        { head: 'RULE', cell: ({ rule_id }) => rule_id || '-' },
        { head: 'TITLE', cell: ({ rule_id }) => titles.get(rule_id) ?? 'no longer there', least: 16 },
      ],
      changes,
      io,
    ),
  )
}
