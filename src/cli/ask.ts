import { existsSync, statSync } from 'node:fs'
import { type Config, loadConfig } from '../config.ts'
import { dataDir, runningService } from '../data-dir.ts'
import { usageError } from '../errors.ts'
import { type AnswerItem, parameterFault, QUESTIONS, type Question } from '../triage/answers.ts'
import { withTimes } from '../triage/parameters.ts'
import type { Answers, Params } from './answers.ts'
import type { CommonOptions } from './command.ts'
import type { Io } from './io.ts'
import { nothingStored, refuseHeld } from './open-store.ts'
import { serviceAnswers } from './service-answers.ts'
import { openStoreAnswers } from './store-answers.ts'

/** Asks one question. */
export async function ask(
  question: Question,
  params: Params,
  options: CommonOptions,
  io: Io,
): Promise<AnswerItem[]> {
  checkParams(question, params, io.clock.nowMs())
  const answers = await openAnswers(loadConfig(options.config, options), io)
  try {
    return [...(await answers.ask(question, params)).items]
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
