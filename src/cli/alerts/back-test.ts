import { loadLayouts } from '../../collect/load-layouts.ts'
import { type Config, ruleFolders } from '../../config.ts'
import { dataDir, runningService, type ServiceAddress } from '../../data-dir.ts'
import { type Backtest, backtest, type WouldFire } from '../../triage/alerts/backtest.ts'
import { knownNames } from '../../triage/alerts/known-names.ts'
import { alertRulesOf } from '../../triage/alerts/load-alert-rules.ts'
import { waitingBy } from '../first-contact.ts'
import type { Io } from '../io.ts'
import { loadAnswerRules } from '../knowledge.ts'
import { openReadyStore, refuseHeld } from '../open-store.ts'
import { streamed } from '../service-stream.ts'

/** A file of alert rules, and the time span and step of the back-test. */
export type Tried = Pick<Backtest, 'fromMs' | 'toMs' | 'stepMs'> & {
  readonly file: string
  readonly text: string
}

/** Tries alert rules on what is stored: in the running service if it holds the data directory, otherwise in this process. */
export async function* backTest(tried: Tried, config: Config, io: Io): AsyncGenerator<WouldFire> {
  const service = config.store === undefined ? runningService(dataDir(config.data)) : undefined
  if (service !== undefined) yield* byService(service, tried, io)
  else yield* here(tried, config, io)
}

async function* here({ file, text, ...range }: Tried, config: Config, io: Io): AsyncGenerator<WouldFire> {
  const knowledge = loadAnswerRules(config)
  const known = knownNames(knowledge.rules, loadLayouts(ruleFolders(config)))
  const rules = alertRulesOf(file, text, known)
  if (config.store === undefined) refuseHeld(dataDir(config.data))
  const store = await openReadyStore(config, waitingBy(io))
  try {
    yield* backtest({ store, knowledge, rules, ...range, signal: io.signal })
  } finally {
    await store.close()
  }
}

function byService(service: ServiceAddress, tried: Tried, io: Io): AsyncGenerator<WouldFire> {
  const { file, text, fromMs, toMs, stepMs } = tried
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()]
  const body = { file, rules: text, from, to, step_ms: stepMs }
  const goal = 'the whole range was tried'
  return streamed<WouldFire>(service, '/api/v1/alerts/test', body, { io, goal })
}
