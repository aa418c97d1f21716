import { type Config, checkRoot, loadConfig } from '../config.ts'
import { dataDir } from '../data-dir.ts'
import { OpsError } from '../errors.ts'
import { loadAlertSetup } from './alerting.ts'
import type { CommonOptions } from './command.ts'
import { counted } from './counted.ts'
import { type Check, type CheckStatus, fail, notChecked, ok, warn } from './doctor/check.ts'
import { dataChecks, heldBy } from './doctor/data-folder.ts'
import { locationChecks } from './doctor/locations.ts'
import { machineChecks } from './doctor/machine.ts'
import { portalCheck } from './doctor/portal-check.ts'
import { serviceChecks } from './doctor/service-checks.ts'
import { storeChecks } from './doctor/store-checks.ts'
import type { Io } from './io.ts'
import { type Knowledge, loadKnowledge } from './knowledge.ts'
import { paint, type Style } from './paint.ts'
import { printable } from './printable.ts'
import { throwIfStopped } from './stopped.ts'

/**
 * Checks everything that watching needs and prints each result as it comes; returns whether nothing is wrong. Changes
 * nothing.
 */
export async function examine(options: CommonOptions, io: Io): Promise<boolean> {
  const counts: Record<CheckStatus, number> = { ok: 0, warn: 0, fail: 0, not_checked: 0 }
  for await (const check of checksOf(options, io)) {
    throwIfStopped(io, 'everything was checked')
    counts[check.status]++
    io.out(options.json === true ? `${JSON.stringify(check)}\n` : checkText(check, io))
  }
  if (options.json !== true) io.out(`\n${sumText(counts, io)}\n`)
  return counts.fail === 0
}

async function* checksOf(options: CommonOptions, io: Io): AsyncGenerator<Check> {
  yield* machineChecks()
  const config = orFault(() => {
    const loaded = loadConfig(options.config, options)
    checkRoot(loaded)
    return loaded
  })
  if (config instanceof OpsError) {
    yield faultCheck('configuration', config)
    yield notChecked('rules, data directory, locations, store', 'the configuration must be right first')
    return
  }
  yield ok('configuration', options.config ?? 'no file is named: options and defaults count')
  const dir = dataDir(config.data)
  const knowledge = orFault(() => loadKnowledge(config))
  yield rulesCheck(knowledge)
  if (!(knowledge instanceof OpsError)) yield alertsCheck(config, knowledge, io)
  const held = orFault(() => heldBy(dir))
  if (held instanceof OpsError) yield faultCheck('data directory', held)
  else yield* dataChecks(config, dir, held, io.clock)
  if (knowledge instanceof OpsError) yield notChecked('locations', 'the rules tell where logs lie')
  else {
    yield* await locationChecks(knowledge.layouts, config, io.clock)
    yield await portalCheck(knowledge.portal)
  }
  if (held instanceof OpsError) {
    yield notChecked('store, service', `${dir.path} cannot be used`)
    return
  }
  yield* await storeChecks(config, dir, held, io.clock)
  yield* await serviceChecks(dir, held)
}

function orFault<T>(load: () => T): T | OpsError {
  try {
    return load()
  } catch (error) {
    if (error instanceof OpsError) return error
    throw error
  }
}

function faultCheck(name: string, fault: OpsError): Check {
  return fail(name, fault.message, fault.hint)
}

function rulesCheck(knowledge: Knowledge | OpsError): Check {
  if (knowledge instanceof OpsError) return faultCheck('rules', knowledge)
  const { rules, layouts, written } = knowledge
  return ok(
    'rules',
    `${rules.rules.length} signatures, ${layouts.formats.size} kinds of files, ${written.formats.size} formats`,
  )
}

function alertsCheck(config: Config, knowledge: Knowledge, io: Io): Check {
  const setup = orFault(() => loadAlertSetup(config, knowledge, io.env))
  // The environment of this command may differ from that of the service.
  if (setup instanceof OpsError && setup.code === 'E_SECRET') return warn('alerts', setup.message, setup.hint)
  if (setup instanceof OpsError) return faultCheck('alerts', setup)
  const { rules, alerting } = setup
  const told = `${counted(rules.length, 'rule')}, ${counted(alerting.receivers.length, 'receiver')}`
  return ok('alerts', alerting.route === undefined ? `${told}: nobody is notified` : told)
}

const LABEL: Record<CheckStatus, string> = {
  ok: 'ok',
  warn: 'warning',
  fail: 'FAILED',
  not_checked: 'not checked',
}
const STYLE: Record<CheckStatus, Style> = { ok: 'green', warn: 'yellow', fail: 'red', not_checked: 'dim' }
const LABEL_WIDTH = 11
const NAME_WIDTH = 16
const INDENT = ' '.repeat(LABEL_WIDTH + NAME_WIDTH + 4)

/** One line for a check, and its remedy below it. */
function checkText({ check, status, detail, remedy }: Check, io: Io): string {
  const label = paint(io, STYLE[status], LABEL[status].padEnd(LABEL_WIDTH))
  const told = `${label}  ${check.padEnd(NAME_WIDTH)}  ${printable(detail, INDENT)}\n`
  return remedy === undefined ? told : `${told}${INDENT}${paint(io, 'bold', printable(remedy, INDENT))}\n`
}

function sumText(counts: Record<CheckStatus, number>, io: Io): string {
  const { warn, fail: failed, not_checked } = counts
  const told = [
    failed > 0 ? paint(io, 'red', `${failed} failed`) : paint(io, 'green', 'nothing failed'),
    `${warn} ${warn === 1 ? 'warning' : 'warnings'}`,
    `${not_checked} not checked`,
  ]
  return told.join(', ')
}
