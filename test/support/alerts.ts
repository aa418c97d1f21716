import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Alerting, loadAlerting } from '../../src/triage/alerts/alerting-config.ts'
import type { Instance } from '../../src/triage/alerts/instances.ts'
import { fingerprintOf, type Labels } from '../../src/triage/alerts/labels.ts'
import { type Message, messageOf } from '../../src/triage/alerts/message.ts'
import { tempDir } from './temp-dir.ts'

/** An alert as evaluation leaves it. */
export function someAlert(labels: Labels, state: 'firing' | 'resolved', sinceMs = 0, endMs = 0): Instance {
  return {
    rule: labels['alertname'] ?? '',
    fingerprint: fingerprintOf(labels),
    labels,
    notes: {
      summary: `New failure: ${Object.values(labels).join(' ')}`,
      description: '3 events (1 desktop)',
      where: 'cluster soca-aero; desktop mira/Cad1',
      count: '3',
      cause: 'The disk is full.',
      remedy: 'Look at the disk.\nMake room.',
      example: 'No space left on <device> & `more`',
      example_file: '/var/log/messages',
    },
    value: 3,
    state:
      state === 'firing'
        ? { kind: 'firing', since: sinceMs, last: sinceMs }
        : { kind: 'resolved', since: sinceMs, at: endMs },
  }
}

/** A notice on its way. */
export function someMessage(firing: readonly Instance[], resolved: readonly Instance[] = []): Message {
  const notice = { key: '{}:{alertname="a"}', receiver: 'r', labels: { alertname: 'a' }, firing, resolved }
  return messageOf(notice, Date.UTC(2026, 2, 4, 10), 'https://dcvlens.example.com/')
}

/** What a file of alerting says. */
export function alertingOf(yaml: string, env: Readonly<Record<string, string>> = {}): Alerting {
  const file = join(tempDir(), 'alerting.yaml')
  writeFileSync(file, yaml)
  return loadAlerting(file, env)
}
