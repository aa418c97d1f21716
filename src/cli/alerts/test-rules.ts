import { loadConfig } from '../../config.ts'
import { dataDir, lockDataDir } from '../../data-dir.ts'
import { Duration, durationText } from '../../duration.ts'
import { usageError } from '../../errors.ts'
import { migrate } from '../../store/migrate.ts'
import { type Backtest, backtest, type WouldFire } from '../../triage/alerts/backtest.ts'
import { loadAlertRuleFile } from '../../triage/alerts/load-alert-rules.ts'
import type { TestOptions } from '../alerts.ts'
import { reachable } from '../ask.ts'
import type { Io } from '../io.ts'
import { loadAnswerRules } from '../knowledge.ts'
import { printable } from '../printable.ts'
import { tableText } from '../table.ts'
import { pointInTime, timeText } from '../time-text.ts'
import { openStore } from '../write-path.ts'

/** Back-tests a file of alert rules on what is stored. */
export async function testAlertRules(file: string, options: TestOptions, io: Io): Promise<void> {
  const config = loadConfig(options.config, options)
  const knowledge = loadAnswerRules(config)
  const ids = [...knowledge.rules.rules, ...knowledge.rules.correlations].map(({ id }) => id)
  const rules = loadAlertRuleFile(file, new Set(ids))
  const range = rangeOf(options, io.clock.nowMs())
  const dir = dataDir(config.data)
  const lock = config.store === undefined ? lockDataDir(dir) : undefined
  const store = await openStore(config, dir)
  const found: WouldFire[] = []
  try {
    await reachable(migrate(store), config)
    for await (const one of backtest({ store, knowledge, rules, ...range, signal: io.signal })) {
      if (options.json === true) io.out(`${JSON.stringify(one)}\n`)
      found.push(one)
    }
  } finally {
    await store.close()
    lock?.release()
  }
  if (options.json === true) return
  if (found.length > 0) io.out(table(found, options.utc === true))
  const days = (range.toMs - range.fromMs) / 86_400_000
  io.err(
    `${found.length} alerts in ${durationText(range.toMs - range.fromMs)}, ${(found.length / days).toFixed(1)} a day\n`,
  )
  const blind = rules.filter((rule) => rule.kind === 'collector' && rule.trouble !== 'losses')
  if (blind.length > 0)
    io.err(`not asked, as history does not tell: ${blind.map(({ id }) => id).join(', ')}\n`)
}

function rangeOf(
  { from, to, step }: TestOptions,
  nowMs: number,
): Pick<Backtest, 'fromMs' | 'toMs' | 'stepMs'> {
  const fromMs = Date.parse(pointInTime('from', from, nowMs) ?? '')
  const toMs = to === undefined ? nowMs : Date.parse(pointInTime('to', to, nowMs) ?? '')
  const stepMs = Duration.safeParse(step)
  if (!stepMs.success || stepMs.data < 1000) {
    throw usageError('E_OPTION', `--step ${step} is no time`, 'Use 1m, 5m or 1h.')
  }
  if (toMs - fromMs >= stepMs.data) return { fromMs, toMs, stepMs: stepMs.data }
  throw usageError('E_OPTION', '--from must be at least one step before --to', 'Give a longer time.')
}

function table(found: readonly WouldFire[], utc: boolean): string {
  return tableText<WouldFire>(
    [
      { head: 'FIRED', cell: ({ fired }) => timeText(fired, utc) },
      {
        head: 'FOR',
        cell: ({ duration_s, ended }) =>
          `${durationText(duration_s * 1000)}${ended === undefined ? '+' : ''}`,
        right: true,
      },
      { head: 'SEVERITY', cell: ({ labels }) => labels['severity'] ?? '' },
      { head: 'RULE', cell: ({ rule }) => rule },
      { head: 'WHAT', cell: ({ summary }) => printable(summary, '') },
    ],
    found.toSorted((a, b) => (a.fired < b.fired ? -1 : 1)),
  )
}
