import { type Message, statusOf, type ToldAlert } from '../message.ts'
import type { Outcome } from '../outbox.ts'
import { addressOf } from './address.ts'
import type { Sending } from './deliver.ts'
import { post } from './post.ts'
import type { ReceiverOf } from './receiver-schema.ts'
import { factsOf, MAY_REPEAT, moreText, shownOf, titleOf } from './text.ts'

/** Slack's limit for the text of one block. */
const BLOCK_CHARS = 3000
const COLOURS: Readonly<Record<string, string>> = {
  critical: '#a30200',
  error: '#d50200',
  warning: '#daa038',
  info: '#439fe0',
}

/** Posts a notice to a Slack webhook. Slack does not detect repeats, so a message that may be one says so. */
export function sendToSlack(
  message: Message,
  receiver: ReceiverOf<'slack'>,
  { env, signal, mayRepeat = false }: Sending,
): Promise<Outcome> {
  return post({
    ...addressOf(receiver, env),
    body: JSON.stringify(slackPayload(message, mayRepeat)),
    timeoutMs: receiver.timeout,
    signal,
  })
}

/** A title and a block for each alert, coloured by severity; green when all are over. */
function slackPayload(message: Message, mayRepeat: boolean) {
  const { shown, more } = shownOf(message)
  const status = statusOf(message)
  const severity = shown[0]?.labels['severity'] ?? ''
  const rest = more === 0 ? [] : [section(moreText(more))]
  return {
    text: mayRepeat ? `${MAY_REPEAT} ${escaped(titleOf(message))}` : escaped(titleOf(message)),
    attachments: [
      {
        color: status === 'resolved' ? '#2eb886' : (COLOURS[severity] ?? '#808080'),
        fallback: escaped(titleOf(message)),
        blocks: [...shown.map(alertBlock), ...rest],
      },
    ],
  }
}

function alertBlock(alert: ToldAlert) {
  const title = escaped(alert.annotations['summary'] ?? alert.labels['alertname'] ?? '')
  const head = alert.link === '' ? `*${title}*` : `*<${alert.link}|${title}>*`
  const facts = factsOf(alert).map(([name, text]) =>
    name === 'Example' ? `${name}: \`${escaped(text).replaceAll('`', "'")}\`` : `${name}: ${escaped(text)}`,
  )
  return section([`${head} (${alert.status})`, ...facts].join('\n'))
}

function section(text: string) {
  return { type: 'section', text: { type: 'mrkdwn', text: text.slice(0, BLOCK_CHARS) } }
}

/** Escapes the three characters with which Slack starts mentions and links. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
