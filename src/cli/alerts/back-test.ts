import { loadLayouts } from '../../collect/load-layouts.ts'
import { type Config, ruleFolders } from '../../config.ts'
import { dataDir, holderPid, lockDataDir, runningService, type ServiceAddress } from '../../data-dir.ts'
import { errorText, OpsError, usageError } from '../../errors.ts'
import { migrate } from '../../store/migrate.ts'
import { type Backtest, backtest, type WouldFire } from '../../triage/alerts/backtest.ts'
import { knownNames } from '../../triage/alerts/known-names.ts'
import { alertRulesOf } from '../../triage/alerts/load-alert-rules.ts'
import { fetchService, reachable } from '../ask.ts'
import { waitingBy } from '../first-contact.ts'
import type { Io } from '../io.ts'
import { loadAnswerRules } from '../knowledge.ts'
import { throwIfStopped } from '../stopped.ts'
import { openStore } from '../write-path.ts'

/** A file of alert rules, and the moments that it is taken through. */
export type Tried = Pick<Backtest, 'fromMs' | 'toMs' | 'stepMs'> & {
  readonly file: string
  readonly text: string
}

/** Takes alert rules through what is stored: in the running service that holds the data directory, or else here. */
export async function* backTest(tried: Tried, config: Config, io: Io): AsyncGenerator<WouldFire> {
  const dir = dataDir(config.data)
  const service = config.store === undefined ? runningService(dir) : undefined
  if (service !== undefined) yield* byService(service, tried, io)
  else yield* here(tried, config, io)
}

async function* here({ file, text, ...range }: Tried, config: Config, io: Io): AsyncGenerator<WouldFire> {
  const knowledge = loadAnswerRules(config)
  const known = knownNames(knowledge.rules, loadLayouts(ruleFolders(config)))
  const rules = alertRulesOf(file, text, known)
  const dir = dataDir(config.data)
  if (config.store === undefined) refuseHeld(config)
  const lock = config.store === undefined ? lockDataDir(dir) : undefined
  try {
    const store = await openStore(config, dir, waitingBy(io))
    try {
      await reachable(migrate(store), config)
      yield* backtest({ store, knowledge, rules, ...range, signal: io.signal })
    } finally {
      await store.close()
    }
  } finally {
    lock?.release()
  }
}

function refuseHeld({ data }: Config): void {
  const dir = dataDir(data)
  const pid = holderPid(dir)
  if (pid === undefined) return
  throw new OpsError(
    'E_DATA_HELD',
    `${dir.path} is in use by process ${pid}, which answers no questions`,
    'Wait until it is done (an ingest?) and try again.',
  )
}

async function* byService(service: ServiceAddress, tried: Tried, io: Io): AsyncGenerator<WouldFire> {
  const { file, text, fromMs, toMs, stepMs } = tried
  const [from, to] = [new Date(fromMs).toISOString(), new Date(toMs).toISOString()]
  const response = await answered(service, io, () =>
    fetchService(service, '/api/v1/alerts/test', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ file, rules: text, from, to, step_ms: stepMs }),
      signal: io.signal,
    }),
  )
  if (!response.ok) throw await refusalOf(response)
  let rest = ''
  const decoder = new TextDecoder()
  const body = response.body?.getReader()
  for (;;) {
    const { done = true, value } = (await answered(service, io, async () => body?.read())) ?? {}
    const lines = `${rest}${decoder.decode(value, { stream: !done })}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) yield JSON.parse(line) as WouldFire
    if (done) return
  }
}

async function answered<T>({ url }: ServiceAddress, io: Io, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (cause) {
    throwIfStopped(io, 'the whole range was tried')
    throw new OpsError(
      'E_SERVICE',
      `the running service on ${url} gave no whole answer: ${errorText(cause)}`,
      'Its log says why, unless it is stopping just now. Try again.',
      { cause },
    )
  }
}

/** What is wrong with the rules is wrong input here as there. */
async function refusalOf(response: Response): Promise<OpsError> {
  const { code, detail, hint } = (await response.json()) as {
    readonly code?: string
    readonly detail?: string
    readonly hint?: string
  }
  const told = detail ?? `the service answers ${response.status}`
  if (code === 'E_ALERT_RULES') return usageError(code, told, hint ?? '')
  return new OpsError(code ?? 'E_SERVICE', told, hint ?? 'Try again.')
}
