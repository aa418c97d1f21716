import { hash } from 'node:crypto'
import { SEVERITIES } from '../../../model.ts'
import { type Message, statusOf } from '../message.ts'
import type { Outcome } from '../outbox.ts'
import type { Sending } from './deliver.ts'
import { post } from './post.ts'
import type { ReceiverOf } from './receiver-schema.ts'
import { readSecret } from './secret.ts'
import { textOf, titleOf } from './text.ts'

const SUMMARY_CHARS = 1024
const DETAIL_CHARS = 20_000

/** Triggers or resolves a group's incident through PagerDuty's Events API, version 2. */
export function sendToPagerDuty(
  message: Message,
  receiver: ReceiverOf<'pagerduty'>,
  { env, signal }: Sending,
): Promise<Outcome> {
  const { routing_key_env, routing_key_file, url, timeout } = receiver
  const key = readSecret({ env: routing_key_env, file: routing_key_file }, env) ?? ''
  const body = JSON.stringify({ routing_key: key, ...pagerDutyEvent(message) })
  return post({ url, body, timeoutMs: timeout, signal })
}

/** The event without its routing key. A group always has the same `dedup_key`, so that a repeat opens no second incident. */
function pagerDutyEvent(message: Message) {
  const dedup_key = hash('sha256', message.key, 'hex')
  if (statusOf(message) === 'resolved') return { event_action: 'resolve', dedup_key }
  const { alerts, base_url, labels } = message
  const firing = alerts.filter(({ status }) => status === 'firing')
  const worst = SEVERITIES.findLast((severity) =>
    firing.some(({ labels }) => labels['severity'] === severity),
  )
  const [first] = firing
  return {
    event_action: 'trigger',
    dedup_key,
    client: 'dcvlens',
    ...(base_url === '' ? {} : { client_url: base_url }),
    payload: {
      summary: titleOf(message).slice(0, SUMMARY_CHARS),
      source: first?.labels['cluster'] ?? first?.annotations['where'] ?? 'dcvlens',
      severity: worst ?? 'warning',
      timestamp: first?.starts_at,
      class: first?.labels['alertname'],
      group: Object.values(labels).join(' ') || undefined,
      custom_details: { firing: textOf(message).slice(0, DETAIL_CHARS), num_firing: String(firing.length) },
    },
    links: firing
      .flatMap(({ link, annotations }) =>
        link === '' ? [] : [{ href: link, text: annotations['summary'] ?? link }],
      )
      .slice(0, 10),
  }
}
