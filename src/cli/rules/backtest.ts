import { loadConfig } from '../../config.ts'
import { usageError } from '../../errors.ts'
import { loadRuleFile } from '../../interpret/load-rules.ts'
import { replay } from '../../triage/rules/replay.ts'
import { askSessions } from '../../triage/sessions/sessions.ts'
import { grouped } from '../counted.ts'
import { waitingBy } from '../first-contact.ts'
import type { Io } from '../io.ts'
import { loadKnowledge } from '../knowledge.ts'
import { openReadyStore } from '../open-store.ts'
import { paint } from '../paint.ts'
import { printable } from '../printable.ts'
import type { BacktestOptions } from '../rules.ts'
import { throwIfStopped } from '../stopped.ts'
import { pointInTime } from '../time-option.ts'
import { checkHistory } from './stored-history.ts'

const EXAMPLES = 5
const EXCERPT = 160
const WHILE_IT_RUNS =
  'Stop it for the time of the test, or try the rule on the files themselves: put it below DIR/signatures and run `dcvlens scan --rules DIR PATH`.'

/** Tries the rules of a file on the stored lines: how many events, in how many desktops, how many of which became ready. */
export async function backtestRule(file: string, options: BacktestOptions, io: Io): Promise<void> {
  const config = loadConfig(options.config, options)
  const since = pointInTime('since', options.since, io.clock.nowMs()) ?? ''
  const drafts = loadRuleFile(file)
  if (drafts.length === 0)
    throw usageError('E_RULES', `${file} has no rule about records`, 'Name a file of signatures.')
  const knowledge = loadKnowledge(config)
  checkHistory(config, WHILE_IT_RUNS)
  const interpret = knowledge.interpreting(drafts)
  const ids = new Set(drafts.map(({ id }) => id))
  const store = await openReadyStore(config, waitingBy(io))
  try {
    let events = 0
    const sessions = new Set<string>()
    const examples: string[] = []
    for await (const { lines, verdicts } of replay(store, since, interpret, knowledge.written)) {
      throwIfStopped(io, 'all stored lines were tried')
      for (const { row, ruleId } of verdicts) {
        const line = lines[row]
        if (!ids.has(ruleId) || line === undefined) continue
        events++
        if (line.session !== '') sessions.add(`${line.owner}/${line.session}`)
        if (examples.length < EXAMPLES) examples.push(line.message.split('\n')[0]?.slice(0, EXCERPT) ?? '')
      }
    }
    const { generations } = knowledge.layouts
    const library = { ...knowledge, store, probes: new Map(), generations, nowMs: io.clock.nowMs() }
    const { items } = await askSessions({ limit: 100_000 }, library)
    const ready = items.filter(({ session, status }) => status === 'ready' && sessions.has(session)).length
    const found = { events, sessions: sessions.size, sessions_ready: ready }
    io.out(options.json === true ? `${JSON.stringify(found)}\n` : reportText(found, examples, io))
  } finally {
    await store.close()
  }
}

function reportText(
  { events, sessions, sessions_ready }: Readonly<Record<'events' | 'sessions' | 'sessions_ready', number>>,
  examples: readonly string[],
  io: Io,
): string {
  return [
    `${grouped(events)} events in ${grouped(sessions)} desktops, ${grouped(sessions_ready)} of which became ready\n`,
    ...(examples.length > 0 ? [paint(io, 'bold', '\nExamples\n')] : []),
    ...examples.map((line) => `  ${printable(line, '')}\n`),
  ].join('')
}
