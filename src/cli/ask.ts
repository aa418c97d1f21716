import { ZodError } from 'zod'
import type { Config } from '../config.ts'
import { loadConfig } from '../config.ts'
import { dataDir, holderPid, lockDataDir, runningService } from '../data-dir.ts'
import { errorText, OpsError, usageError } from '../errors.ts'
import { migrate } from '../store/migrate.ts'
import { type AnswerItem, answer, type Page, QUESTIONS, type Question } from '../triage/answers.ts'
import type { CommonOptions } from './command.ts'
import type { Io } from './io.ts'
import { loadRuleSet } from './knowledge.ts'
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

function checkParams(question: Question, params: Params): void {
  try {
    QUESTIONS[question].parse(params)
  } catch (error) {
    if (!(error instanceof ZodError)) throw error
    const [issue] = error.issues
    const name = issue?.path.join('.') ?? ''
    const shown = ['session', 'text'].includes(name) ? name.toUpperCase() : `--${name}`
    throw usageError('E_OPTION', `${shown}: ${issue?.message}`, `See \`dcvlens ${question} --help\`.`)
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
  const rules = loadRuleSet(config)
  const store = await openStore(config, dataDir(config.data))
  try {
    await reachable(migrate(store), config)
    return await answer(question, params, { store, rules, nowMs: io.clock.nowMs() })
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
  const response = await fetch(`${url}/api/v1/${question}?${new URLSearchParams(params)}`)
  const body = (await response.json()) as Page<AnswerItem> & { detail?: string; hint?: string; code?: string }
  if (response.ok) return body
  throw new OpsError(
    body.code ?? 'E_SERVICE',
    body.detail ?? `the service answers ${response.status}`,
    body.hint ?? 'Try again.',
  )
}
