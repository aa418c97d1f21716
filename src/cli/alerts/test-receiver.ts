import { loadConfig } from '../../config.ts'
import { usageError } from '../../errors.ts'
import { checkSecrets, readAlerting } from '../../triage/alerts/alerting-config.ts'
import { fingerprintOf } from '../../triage/alerts/labels.ts'
import { messageOf } from '../../triage/alerts/message.ts'
import { deliver } from '../../triage/alerts/receivers/deliver.ts'
import type { CommonOptions } from '../command.ts'
import type { Io } from '../io.ts'
import { throwIfStopped } from '../stopped.ts'

const LABELS = { alertname: 'dcvlens-test', severity: 'info' }
const NOTES = {
  summary: 'This is a test of dcvlens',
  description: 'Nothing is wrong: somebody tried whether notices arrive.',
  count: '1',
}

/** Sends one notice that says it is a test, without regard to groups and silences; returns whether it arrived. */
export async function testReceiver(name: string, options: CommonOptions, io: Io): Promise<boolean> {
  const config = loadConfig(options.config, options)
  const { receivers, base_url } = readAlerting(config.alerting)
  const receiver = receivers.find((one) => one.name === name)
  if (receiver === undefined) {
    const known = receivers.map((one) => one.name).join(', ')
    throw usageError(
      'E_NO_RECEIVER',
      `there is no receiver ${name}`,
      known === '' ? 'Name a file with `alerting` in the file given with --config.' : `Known: ${known}.`,
    )
  }
  checkSecrets(receiver, io.env)
  const nowMs = io.clock.nowMs()
  const state = { kind: 'firing', since: nowMs, last: nowMs } as const
  const fingerprint = fingerprintOf(LABELS)
  const alert = { rule: LABELS.alertname, fingerprint, labels: LABELS, notes: NOTES, value: 1, state }
  const notice = {
    key: '{}:{alertname="dcvlens-test"}',
    receiver: name,
    labels: LABELS,
    firing: [alert],
    resolved: [],
  }
  const outcome = await deliver(messageOf(notice, nowMs, base_url), receiver, {
    env: io.env,
    signal: io.signal,
  })
  if (outcome.kind !== 'delivered') throwIfStopped(io, `${name} answered`)
  const arrived = outcome.kind === 'delivered'
  if (options.json === true) io.out(`${JSON.stringify({ receiver: name, arrived, ...reasonOf(outcome) })}\n`)
  else if (outcome.kind === 'delivered') io.out(`${name} has taken the notice\n`)
  else io.err(`${name} did not take the notice: ${outcome.reason}\n`)
  return arrived
}

function reasonOf(outcome: Awaited<ReturnType<typeof deliver>>) {
  return outcome.kind === 'delivered' ? {} : { reason: outcome.reason }
}
