import { errorText, OpsError } from '../../../errors.ts'
import type { Message } from '../message.ts'
import type { Outcome } from '../outbox.ts'
import { sendToAlertmanager } from './alertmanager.ts'
import { masked } from './masked.ts'
import { sendToPagerDuty } from './pagerduty.ts'
import type { Receiver } from './receiver-schema.ts'
import type { Env } from './secret.ts'
import { sendToSlack } from './slack.ts'
import { sendWebhook } from './webhook.ts'

/** What sending needs from outside. */
export type Sending = {
  readonly env: Env
  readonly signal: AbortSignal
  /** The message may have arrived before; receivers that cannot detect repeats tell their readers. */
  readonly mayRepeat?: boolean
}

/** Tries once to deliver a message; never throws. Clients that few installations need are loaded only when used. */
export async function deliver(message: Message, receiver: Receiver, sending: Sending): Promise<Outcome> {
  try {
    const outcome = await send(message, receiver, sending)
    if (outcome.kind === 'delivered') return outcome
    return { ...outcome, reason: masked(outcome.reason, receiver, sending.env) }
  } catch (error) {
    // Our own errors name only variables and files; texts of others may contain anything.
    const reason = error instanceof OpsError ? error.message : masked(errorText(error), receiver, sending.env)
    return { kind: 'failed', reason }
  }
}

async function send(message: Message, receiver: Receiver, sending: Sending): Promise<Outcome> {
  switch (receiver.type) {
    case 'webhook':
      return sendWebhook(message, receiver, sending)
    case 'alertmanager':
      return sendToAlertmanager(message, receiver, sending)
    case 'slack':
      return sendToSlack(message, receiver, sending)
    case 'pagerduty':
      return sendToPagerDuty(message, receiver, sending)
    case 'sns':
      return (await import('./sns.ts')).publishToSns(message, receiver, sending)
    case 'mail':
      return (await import('./mail.ts')).sendMail(message, receiver, sending)
  }
}
