import type { Message } from '../message.ts'
import type { Outcome } from '../outbox.ts'
import type { Sending } from './deliver.ts'
import { post } from './post.ts'
import type { ReceiverOf } from './receiver-schema.ts'
import { readSecret } from './secret.ts'

/** It hears of each alert every few minutes; without a word for so long it takes the alert for over. */
const LASTS_MS = 20 * 60_000

/** Gives the alerts to an Alertmanager, which groups, silences and tells them by itself. */
export function sendToAlertmanager(
  message: Message,
  receiver: ReceiverOf<'alertmanager'>,
  { env, signal }: Sending,
): Promise<Outcome> {
  const url = receiver.url ?? readSecret({ env: receiver.url_env, file: receiver.url_file }, env) ?? ''
  const token = readSecret({ env: receiver.token_env, file: receiver.token_file }, env)
  return post({
    url: `${url.replace(/\/+$/, '')}/api/v2/alerts`,
    body: JSON.stringify(alertmanagerAlerts(message)),
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
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
