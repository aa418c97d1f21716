import { existsSync, statSync } from 'node:fs'
import type { Config } from '../config.ts'
import { loadConfig } from '../config.ts'
import {
  type DataDir,
  dataDir,
  holderPid,
  lockDataDir,
  runningService,
  type ServiceAddress,
} from '../data-dir.ts'
import { errorText, OpsError, usageError } from '../errors.ts'
import { migrate } from '../store/migrate.ts'
import { type AnswerItem, type Page, parameterFault, QUESTIONS, type Question } from '../triage/answers.ts'
import {
  type HistoryJson,
  type SignatureJson,
  signatureDetail,
  signatureJson,
} from '../triage/novelty/ask-signatures.ts'
import { type Change, changeState } from '../triage/novelty/change-state.ts'
import { withTimes } from '../triage/parameters.ts'
import type { CommonOptions } from './command.ts'
import { unlessStopped, waitingBy, withoutPassword } from './first-contact.ts'
import type { Io } from './io.ts'
import { knownKinds, loadAnswerRules } from './knowledge.ts'
import { answerKnown, checkSource, refusedByService } from './unknown-names.ts'
import { openStore } from './write-path.ts'

export type Params = Readonly<Record<string, string>>

/** Who answers questions: the running service, or the store that this process has opened. */
export type Answers = {
  readonly by: 'service' | 'store'
  ask(question: Question, params: Params): Promise<Page<AnswerItem>>
  /** Stores a decision about a signature and gives it as it is now; undefined if there is none of this id. */
  change(id: string, change: Change): Promise<SignatureJson | undefined>
  /** What was decided about a signature, the oldest first; undefined if there is none of this id. */
  history(id: string): Promise<readonly HistoryJson[] | undefined>
  close(): Promise<void>
}

/** Asks one question. */
export async function ask(
  question: Question,
  params: Params,
  options: CommonOptions,
  io: Io,
): Promise<AnswerItem[]> {
  return [...(await askPage(question, params, options, io)).items]
}

/** The same, with the cursor of what the limit cut off. */
export async function askPage(
  question: Question,
  params: Params,
  options: CommonOptions,
  io: Io,
): Promise<Page<AnswerItem>> {
  checkParams(question, params, io.clock.nowMs())
  const config = loadConfig(options.config, options)
  const answers = await openAnswers(config, io)
  try {
    const page = await answers.ask(question, params)
    if (page.items.length === 0) {
      const hasLines = async (source: string) =>
        (await answers.ask('lines', { source, limit: '1' })).items.length > 0
      await checkSource(params, () => knownKinds(config), hasLines)
    }
    return page
  } finally {
    await answers.close()
  }
}

/** Opens the store, or finds the running service when that holds the data directory of the embedded one. */
export async function openAnswers(config: Config, io: Io): Promise<Answers> {
  if (config.store !== undefined) return openStoreAnswers(config, io)
  const dir = dataDir(config.data)
  const service = runningService(dir)
  if (service !== undefined) return serviceAnswers(service)
  const pid = holderPid(dir)
  if (pid !== undefined) {
    throw new OpsError(
      'E_DATA_HELD',
      `${dir.path} is in use by process ${pid}, which answers no questions`,
      'Wait until it is done (an ingest?) and ask again.',
    )
  }
  // Where a file has its name, the lock tells.
  const isFile = statSync(dir.path, { throwIfNoEntry: false })?.isFile() === true
  if (!existsSync(dir.store) && !isFile) throw nothingStored(dir, 'there is no store')
  const lock = lockDataDir(dir)
  try {
    return await openStoreAnswers(config, io, () => lock.release())
  } catch (error) {
    lock.release()
    throw error
  }
}

/** A question must not make a store where the name of its folder is mistyped. */
export function nothingStored({ path }: DataDir, why: string): OpsError {
  return usageError(
    'E_NOTHING_STORED',
    `nothing was stored from ${path}: ${why}`,
    'Name the data directory of the service (or of the ingest) with --data DIR.',
  )
}

/** The parameter that is no option on the command line. */
const ARGUMENTS: Partial<Record<Question, string>> = {
  timeline: 'session',
  search: 'text',
  diagnose: 'session',
  ledger: 'file',
}

function checkParams(question: Question, params: Params, nowMs: number): void {
  try {
    QUESTIONS[question].parse(withTimes(params, nowMs))
  } catch (error) {
    const fault = parameterFault(error)
    if (fault === undefined) throw error
    const shown = ARGUMENTS[question] === fault.name ? fault.name.toUpperCase() : `--${fault.name}`
    throw usageError('E_OPTION', `${shown} ${fault.text}`, `See \`dcvlens ${question} --help\`.`)
  }
}

async function openStoreAnswers(config: Config, io: Io, release = () => {}): Promise<Answers> {
  const rules = loadAnswerRules(config)
  const { clock, signal } = io
  const store = await openStore(config, dataDir(config.data), waitingBy(io))
  // The embedded engine must not be closed while it works; a server goes on by itself.
  const wait = <T>(work: Promise<T>) => (store.kind === 'server' ? unlessStopped(work, signal) : work)
  try {
    await wait(reachable(migrate(store), config))
  } catch (error) {
    await store.close()
    throw error
  }
  return {
    by: 'store',
    ask: (question, params) => wait(answerKnown(question, params, { store, ...rules, nowMs: clock.nowMs() })),
    change: async (id, change) => {
      const changed = await changeState(id, change, { store, ...rules, nowMs: clock.nowMs() })
      return changed && signatureJson(changed)
    },
    history: async (id) => (await signatureDetail(id, { store, ...rules, nowMs: io.clock.nowMs() }))?.history,
    close: async () => {
      await store.close()
      release()
    },
  }
}

/** Turns a store that does not answer into an error that names it. */
export async function reachable<T>(work: Promise<T>, config: Config): Promise<T> {
  try {
    return await work
  } catch (cause) {
    if (cause instanceof OpsError) throw cause
    throw new OpsError(
      'E_STORE_DOWN',
      `the store ${shownStore(config)} does not answer: ${errorText(cause)}`,
      'Check that ClickHouse runs there, and the user and password in the URL.',
      { cause },
    )
  }
}

function shownStore({ store, data }: Config): string {
  return store === undefined ? data : withoutPassword(store)
}

/** The service answers as long as it runs. */
function serviceAnswers(service: ServiceAddress): Answers {
  return {
    by: 'service',
    ask: (question, params) => askService(service, question, params),
    change: (id, change) => changeByService(service, id, change),
    history: (id) => historyByService(service, id),
    close: async () => {},
  }
}

async function changeByService(
  service: ServiceAddress,
  id: string,
  change: Change,
): Promise<SignatureJson | undefined> {
  const path = `/api/v1/signatures/${encodeURIComponent(id)}/state`
  const { ok, status, body } = await fetchAnswer(service, path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
  })
  if (ok) return body as unknown as SignatureJson
  if (status === 404) return undefined
  throw serviceError(status, body)
}

async function historyByService(
  service: ServiceAddress,
  id: string,
): Promise<readonly HistoryJson[] | undefined> {
  const { ok, status, body } = await fetchAnswer(service, `/api/v1/signatures/${encodeURIComponent(id)}`)
  if (ok) return (body as unknown as { readonly history: readonly HistoryJson[] }).history
  if (status === 404) return undefined
  throw serviceError(status, body)
}

/** Asks a running service one page. */
export async function askService(
  service: ServiceAddress,
  question: Question,
  params: Params,
): Promise<Page<AnswerItem>> {
  const path = `/api/v1/${question}?${new URLSearchParams(params)}`
  const { ok, status, body } = await fetchAnswer(service, path)
  if (ok) return body
  if (status === 404 && body.field !== undefined) throw refusedByService(body)
  throw serviceError(status, body)
}

function serviceError(status: number, { code, detail, hint }: ServiceAnswer['body']): OpsError {
  return new OpsError(code ?? 'E_SERVICE', detail ?? `the service answers ${status}`, hint ?? 'Try again.')
}

/** Sends a request to a running service, as one who may read its data directory. */
export function fetchService(
  { url, token }: ServiceAddress,
  path: string,
  request: RequestInit = {},
): Promise<Response> {
  const headers = new Headers(request.headers)
  // On one machine packing takes longer than it saves.
  headers.set('accept-encoding', 'identity')
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  return fetch(url + path, { ...request, headers })
}

type ServiceAnswer = {
  readonly ok: boolean
  readonly status: number
  readonly body: Page<AnswerItem> & { detail?: string; hint?: string; code?: string; field?: string }
}

async function fetchAnswer(
  service: ServiceAddress,
  path: string,
  request: RequestInit = {},
): Promise<ServiceAnswer> {
  try {
    const response = await fetchService(service, path, request)
    return {
      ok: response.ok,
      status: response.status,
      body: (await response.json()) as ServiceAnswer['body'],
    }
  } catch (cause) {
    throw new OpsError(
      'E_SERVICE',
      `the running service does not answer on ${service.url}`,
      'Is it stopping just now? Ask again when it has ended.',
      { cause },
    )
  }
}
