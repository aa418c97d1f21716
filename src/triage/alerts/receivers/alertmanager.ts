import type { Message } from '../message.ts'
import type { Outcome } from '../outbox.ts'
import { addressOf } from './address.ts'
import type { Sending } from './deliver.ts'
import { post } from './post.ts'
import type { ReceiverOf } from './receiver-schema.ts'

/** Each alert is sent again every few minutes; if not heard of for this long, Alertmanager takes it as over. */
const LASTS_MS = 20 * 60_000

/** Passes the alerts to an Alertmanager, which groups, silences and delivers them itself. */
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

/** The alerts in the form of `POST /api/v2/alerts`. */
function alertmanagerAlerts(message: Message) {
  const until = new Date(message.created_ms + LASTS_MS).toISOString()
  return message.alerts.map(({ labels, annotations, starts_at, ends_at, link }) => ({
    ...{ labels, annotations, startsAt: starts_at, endsAt: ends_at ?? until },
    ...(link === '' ? {} : { generatorURL: link }),
  }))
}
