import type { Message } from '../message.ts'
import type { Outcome } from '../outbox.ts'
import { addressOf } from './address.ts'
import type { Sending } from './deliver.ts'
import { post } from './post.ts'
import type { ReceiverOf } from './receiver-schema.ts'

/** It hears of each alert every few minutes; without a word for so long it takes the alert for over. */
const LASTS_MS = 20 * 60_000

/** Gives the alerts to an Alertmanager, which groups, silences and tells them by itself. */
export function sendToAlertmanager(
  message: Message,
  receiver: ReceiverOf<'alertmanager'>,
  { env, signal }: Sending,
): Promise<Outcome> {
  const { url, headers } = addressOf(receiver, env)
  return post({
    url: `${url.replace(/\/+$/, '')}/api/v2/alerts`,
    body: JSON.stringify(alertmanagerAlerts(message)),
    headers,
    timeoutMs: receiver.timeout,
    signal,
  })
}

/** The alerts as `POST /api/v2/alerts` takes them. */
function alertmanagerAlerts(message: Message) {
  const until = new Date(message.created_ms + LASTS_MS).toISOString()
  return message.alerts.map(({ labels, annotations, starts_at, ends_at, link }) => ({
    ...{ labels, annotations, startsAt: starts_at, endsAt: ends_at ?? until },
    ...(link === '' ? {} : { generatorURL: link }),
  }))
}
