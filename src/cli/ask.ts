import { existsSync, statSync } from 'node:fs'
import { type Config, loadConfig } from '../config.ts'
import { dataDir, runningService } from '../data-dir.ts'
import { usageError } from '../errors.ts'
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
  if (service !== undefined) return serviceAnswers(service, io.signal)
  refuseHeld(dir)
  // Where a file has its name, the lock tells.
  const isFile = statSync(dir.path, { throwIfNoEntry: false })?.isFile() === true
  if (!existsSync(dir.store) && !isFile) throw nothingStored(dir, 'there is no store')
  return openStoreAnswers(config, io)
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
