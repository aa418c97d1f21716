import { createHmac } from 'node:crypto'
import { commonOf } from '../labels.ts'
import { type Message, statusOf } from '../message.ts'
import type { Outcome } from '../outbox.ts'
import { addressOf } from './address.ts'
import type { Sending } from './deliver.ts'
import { post } from './post.ts'
import type { ReceiverOf } from './receiver-schema.ts'
import { readSecret } from './secret.ts'

/** An end that is not known yet, as Go writes it. */
const NO_TIME = '0001-01-01T00:00:00Z'

/** Posts a notice in the format of Alertmanager's webhook, version 4, so that its receivers can be used. */
export function sendWebhook(
  message: Message,
  receiver: ReceiverOf<'webhook'>,
  { env, signal }: Sending,
): Promise<Outcome> {
  const body = JSON.stringify(webhookPayload(message, receiver.max_alerts))
  const { url, headers } = addressOf(receiver, env)
  const secret = readSecret({ env: receiver.secret_env, file: receiver.secret_file }, env)
  return post({
    url,
    body,
    headers: {
      'idempotency-key': message.id,
      ...headers,
      ...(secret === undefined ? {} : { 'x-dcvlens-signature': signatureOf(body, secret) }),
    },
    timeoutMs: receiver.timeout,
    signal,
  })
}

/** `sha256=` and the HMAC of the body in hex. */
function signatureOf(body: string, secret: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`
}

/** The body of the request, with at most `maxAlerts` alerts (0: all); the rest are counted. */
function webhookPayload(message: Message, maxAlerts: number) {
  const { receiver, key, labels, base_url } = message
  const alerts = maxAlerts === 0 ? message.alerts : message.alerts.slice(0, maxAlerts)
  return {
    receiver,
    status: statusOf(message),
    alerts: alerts.map(({ status, labels, annotations, starts_at, ends_at, link, fingerprint }) => ({
      ...{ status, labels, annotations },
      ...{ startsAt: starts_at, endsAt: ends_at ?? NO_TIME, generatorURL: link, fingerprint },
    })),
    groupLabels: labels,
    commonLabels: commonOf(message.alerts.map((alert) => alert.labels)),
    commonAnnotations: commonOf(message.alerts.map((alert) => alert.annotations)),
    externalURL: base_url,
    version: '4',
    groupKey: key,
    truncatedAlerts: message.alerts.length - alerts.length,
  }
}
