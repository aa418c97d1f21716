import { existsSync, statSync } from 'node:fs'
import { type Config, loadConfig } from '../config.ts'
import { dataDir, runningService } from '../data-dir.ts'
import { usageError } from '../errors.ts'
import type { StoreFacts } from '../store/facts-query.ts'
import { type AnswerItem, type Page, parameterFault, QUESTIONS, type Question } from '../triage/answers.ts'
import { withTimes } from '../triage/parameters.ts'
import type { Answers, Params } from './answers.ts'
import type { CommonOptions } from './command.ts'
import type { Io } from './io.ts'
import { knownKinds } from './knowledge.ts'
import { nothingStored, refuseHeld } from './open-store.ts'
import { serviceAnswers } from './service-answers.ts'
import { openStoreAnswers } from './store-answers.ts'
import { checkSource } from './unknown-names.ts'

/** Asks one question and returns the items of its first page. */
export async function ask(
  question: Question,
  params: Params,
  options: CommonOptions,
  io: Io,
): Promise<AnswerItem[]> {
  return [...(await askPage(question, params, options, io)).items]
}

/** Asks one question and returns the first page, with the cursor of the next. */
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
      if (options.json !== true && (await isEmpty(answers))) io.err(EMPTY)
    }
    return page
  } finally {
    await answers.close()
  }
}

const EMPTY =
  'The store has no line yet. `dcvlens doctor` says which logs can be read here; `serve` and `ingest` read them.\n'

/** Is nothing found because nothing is stored? That nothing failed would be the wrong conclusion. */
async function isEmpty(answers: Answers): Promise<boolean> {
  const [facts] = (await answers.ask('store', {})).items as StoreFacts[]
  return facts?.lines === 0
}

/** Opens the store, or finds the running service if that holds the data directory of the embedded store. */
export async function openAnswers(config: Config, io: Io): Promise<Answers> {
  if (config.store !== undefined) return openStoreAnswers(config, io)
  const dir = dataDir(config.data)
  const service = runningService(dir)
  if (service !== undefined) return serviceAnswers(service, io.signal)
  refuseHeld(dir)
  // Opening the lock reports it if a file has the name of the data directory.
  const isFile = statSync(dir.path, { throwIfNoEntry: false })?.isFile() === true
  if (!existsSync(dir.store) && !isFile) throw nothingStored(dir, 'there is no store')
  return openStoreAnswers(config, io)
}

/** The parameters that are arguments, not options, on the command line. */
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
