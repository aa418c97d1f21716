import { loadConfig } from '../../config.ts'
import { Duration, roughDurationText } from '../../duration.ts'
import { usageError } from '../../errors.ts'
import { rangeFault, type WouldFire } from '../../triage/alerts/backtest.ts'
import { alertRulesOf } from '../../triage/alerts/load-alert-rules.ts'
import { namedText } from '../../yaml-file.ts'
import type { TestOptions } from '../alerts.ts'
import { counted } from '../counted.ts'
import type { Io } from '../io.ts'
import { throwIfStopped } from '../stopped.ts'
import { tableText } from '../table.ts'
import { pointInTime } from '../time-option.ts'
import { timeText } from '../time-text.ts'
import { backTest, type Tried } from './back-test.ts'

/** Tries a file of alert rules on what is stored. */
export async function testAlertRules(file: string, options: TestOptions, io: Io): Promise<void> {
  const config = loadConfig(options.config, options)
  const text = namedText(file, 'E_ALERT_RULES')
  const rules = alertRulesOf(file, text)
  const range = rangeOf(options, io.clock.nowMs())
  const found: WouldFire[] = []
  for await (const alert of backTest({ file, text, ...range }, config, io)) {
    if (options.json === true) io.out(`${JSON.stringify(alert)}\n`)
    found.push(alert)
  }
  throwIfStopped(io, 'the whole range was tried')
  if (options.json === true) return
  if (found.length > 0) io.out(table(found, options.utc === true, io))
  const days = (range.toMs - range.fromMs) / 86_400_000
  io.err(
    `${counted(found.length, 'alert')} in ${roughDurationText(range.toMs - range.fromMs)}, ${(found.length / days).toFixed(1)} a day\n`,
  )
  const blind = rules.filter((rule) => rule.kind === 'collector' && rule.trouble !== 'losses')
  if (blind.length > 0)
    io.err(`not asked, as history does not tell: ${blind.map(({ id }) => id).join(', ')}\n`)
}

function rangeOf(options: TestOptions, nowMs: number): Pick<Tried, 'fromMs' | 'toMs' | 'stepMs'> {
  const { from, to, step } = options
  const fromMs = Date.parse(pointInTime('from', from, nowMs, options) ?? '')
  const toMs = to === undefined ? nowMs : Date.parse(pointInTime('to', to, nowMs, options) ?? '')
  const stepMs = Duration.safeParse(step)
  if (!stepMs.success)
    throw usageError('E_OPTION', `--step ${step} is not a span of time`, 'Use 1m, 5m or 1h.')
  const range = { fromMs, toMs, stepMs: stepMs.data }
  const fault = rangeFault(range)
  if (fault === undefined) return range
  throw usageError('E_OPTION', `--from, --to and --step: ${fault.text}`, 'Use 7d and 5m, the defaults.')
}

function table(found: readonly WouldFire[], utc: boolean, io: Io): string {
  return tableText<WouldFire>(
    [
      { head: 'FIRED', cell: ({ fired }) => timeText(fired, utc) },
      {
        head: 'FOR',
        cell: ({ duration_s, ended }) =>
          `${roughDurationText(duration_s * 1000)}${ended === undefined ? '+' : ''}`,
        right: true,
      },
      { head: 'SEVERITY', cell: ({ labels }) => labels['severity'] ?? '', spare: 1 },
      { head: 'RULE', cell: ({ rule }) => rule, spare: 2 },
      { head: 'WHAT', cell: ({ summary }) => summary, least: 30 },
    ],
    found.toSorted((a, b) => (a.fired < b.fired ? -1 : 1)),
    io,
  )
}
