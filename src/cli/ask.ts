import type { Config } from '../config.ts'
import { loadConfig } from '../config.ts'
import { dataDir, holderPid, lockDataDir, runningService } from '../data-dir.ts'
import { errorText, OpsError, usageError } from '../errors.ts'
import { migrate } from '../store/migrate.ts'
import {
  type AnswerItem,
  answer,
  type Page,
  parameterFault,
  QUESTIONS,
  type Question,
} from '../triage/answers.ts'
import type { CommonOptions } from './command.ts'
import type { Io } from './io.ts'
import { loadAnswerRules } from './knowledge.ts'
import { openStore } from './write-path.ts'

export type Params = Readonly<Record<string, string>>

/**
 * Asks the store, or the running service when that holds the data directory. Pages are fetched until `limit` is reached.
 */
export async function ask(
  question: Question,
  params: Params,
  options: CommonOptions,
  io: Io,
): Promise<AnswerItem[]> {
  checkParams(question, params)
  const config = loadConfig(options.config, options)
  const page =
    config.store === undefined
      ? await askLocal(question, params, config, io)
      : await askStore(question, params, config, io)
  return [...page.items]
}

/** The parameter that is no option on the command line. */
const ARGUMENTS: Partial<Record<Question, string>> = {
  timeline: 'session',
  search: 'text',
  diagnose: 'session',
}

function checkParams(question: Question, params: Params): void {
  try {
    QUESTIONS[question].parse(params)
  } catch (error) {
    const fault = parameterFault(error)
    if (fault === undefined) throw error
    const shown = ARGUMENTS[question] === fault.name ? fault.name.toUpperCase() : `--${fault.name}`
    throw usageError('E_OPTION', `${shown} ${fault.text}`, `See \`dcvlens ${question} --help\`.`)
  }
}

async function askLocal(
  question: Question,
  params: Params,
  config: Config,
  io: Io,
): Promise<Page<AnswerItem>> {
  const dir = dataDir(config.data)
  const service = runningService(dir)
  if (service !== undefined) return askService(service.url, question, params)
  const pid = holderPid(dir)
  if (pid !== undefined) {
    throw new OpsError(
      'E_DATA_HELD',
      `${dir.path} is in use by process ${pid}, which answers no questions`,
      'Wait until it is done (an ingest?) and ask again.',
    )
  }
  const lock = lockDataDir(dir)
  try {
    return await askStore(question, params, config, io)
  } finally {
    lock.release()
  }
}

async function askStore(
  question: Question,
  params: Params,
  config: Config,
  io: Io,
): Promise<Page<AnswerItem>> {
  const rules = loadAnswerRules(config)
  const store = await openStore(config, dataDir(config.data))
  try {
    await reachable(migrate(store), config)
    return await answer(question, params, { store, ...rules, nowMs: io.clock.nowMs() })
  } finally {
    await store.close()
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
      `the store ${config.store ?? config.data} does not answer: ${errorText(cause)}`,
      'Check that ClickHouse runs there, and the user and password in the URL.',
      { cause },
    )
  }
}

async function askService(url: string, question: Question, params: Params): Promise<Page<AnswerItem>> {
  const { ok, status, body } = await fetchAnswer(url, `/api/v1/${question}?${new URLSearchParams(params)}`)
  if (ok) return body
  throw new OpsError(
    body.code ?? 'E_SERVICE',
    body.detail ?? `the service answers ${status}`,
    body.hint ?? 'Try again.',
  )
}

type ServiceAnswer = {
  readonly ok: boolean
  readonly status: number
  readonly body: Page<AnswerItem> & { detail?: string; hint?: string; code?: string }
}

async function fetchAnswer(url: string, path: string): Promise<ServiceAnswer> {
  try {
    const response = await fetch(url + path)
    return {
      ok: response.ok,
      status: response.status,
      body: (await response.json()) as ServiceAnswer['body'],
    }
  } catch (cause) {
    throw new OpsError(
      'E_SERVICE',
      `the running service does not answer on ${url}`,
      'Is it stopping just now? Ask again when it has ended.',
      { cause },
    )
  }
}
