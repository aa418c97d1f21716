import { type Config, loadConfig } from '../../config.ts'
import { usageError } from '../../errors.ts'
import { rulesInText } from '../../interpret/load-rules.ts'
import type { Rule } from '../../interpret/rule.ts'
import type { Classified } from '../../triage/rules/apply.ts'
import type { Backtested } from '../../triage/rules/backtest.ts'
import { namedText } from '../../yaml-file.ts'
import { counted, grouped } from '../counted.ts'
import { waitingBy } from '../first-contact.ts'
import type { Io } from '../io.ts'
import { type Knowledge, loadKnowledge } from '../knowledge.ts'
import { openReadyStore } from '../open-store.ts'
import { paint } from '../paint.ts'
import { printable } from '../printable.ts'
import { tryRules } from '../rule-history.ts'
import type { BacktestOptions } from '../rules.ts'
import { streamed } from '../service-stream.ts'
import { throwIfStopped } from '../stopped.ts'
import { pointInTime } from '../time-option.ts'
import { results } from './replay-progress.ts'
import { historyHolder } from './stored-history.ts'

const GOAL = 'all stored lines were tried'

type Trial = AsyncGenerator<Classified | Backtested>

/**
 * Tries the rules of a file on stored lines: in the running service if it holds the data directory, otherwise in this
 * process.
 */
export async function backtestFile(file: string, options: BacktestOptions, io: Io): Promise<void> {
  const config = loadConfig(options.config, options)
  const since = pointInTime('since', options.since, io.clock.nowMs()) ?? ''
  const text = namedText(file, 'E_RULES')
  const knowledge = loadKnowledge(config)
  const drafts = rulesInText(file, text, knowledge.layouts.generations)
  if (drafts.length === 0)
    throw usageError('E_RULES', `${file} has no rule about records`, 'Name a file of signatures.')
  const service = historyHolder(config)
  const trial: Trial =
    service === undefined
      ? here(drafts, since, { config, knowledge }, io)
      : streamed(service, '/api/v1/rules/backtest', { file, rules: text, since }, { io, goal: GOAL })
  const [found] = await results(trial, io)
  throwIfStopped(io, GOAL)
  if (found === undefined) return
  io.out(options.json === true ? `${JSON.stringify(found)}\n` : reportText(found, io))
}

async function* here(
  drafts: readonly Rule[],
  since: string,
  { config, knowledge }: { readonly config: Config; readonly knowledge: Knowledge },
  io: Io,
): Trial {
  const store = await openReadyStore(config, waitingBy(io))
  try {
    const asked = { store, probes: new Map(), clock: io.clock }
    yield* tryRules(drafts, { since, signal: io.signal }, knowledge, asked)
  } finally {
    await store.close()
  }
}

function reportText({ events, sessions, sessions_ready, examples }: Backtested, io: Io): string {
  return [
    `${counted(events, 'event')} in ${counted(sessions, 'desktop')}, ${grouped(sessions_ready)} of which became ready\n`,
    ...(examples.length > 0 ? [paint(io, 'bold', '\nExamples\n')] : []),
    ...examples.map((line) => `  ${printable(line, '')}\n`),
  ].join('')
}
