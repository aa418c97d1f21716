import { errorText, OpsError } from '../../../errors.ts'
import type { Message } from '../message.ts'
import type { Outcome } from '../outbox.ts'
import type { Sending } from './deliver.ts'
import type { ReceiverOf } from './receiver-schema.ts'
import { MAY_REPEAT, textOf, titleOf } from './text.ts'

const SUBJECT_CHARS = 100
/** SNS accepts 256 KiB including attributes. */
const MESSAGE_BYTES = 250_000

/** Publishes a notice to a topic of Amazon SNS; a FIFO topic drops repeats itself. The only door to the AWS client. */
export async function publishToSns(
  message: Message,
  receiver: ReceiverOf<'sns'>,
  { signal, mayRepeat = false }: Sending,
): Promise<Outcome> {
  const { PublishCommand, SNSClient } = await loadClient()
  const { topic_arn, endpoint, timeout } = receiver
  const client = new SNSClient({
    region: topic_arn.split(':')[3] ?? '',
    maxAttempts: 1,
    ...(endpoint === undefined ? {} : { endpoint }),
  })
  try {
    const command = new PublishCommand({
      TopicArn: topic_arn,
      ...snsMessage(message, { isFifo: topic_arn.endsWith('.fifo'), mayRepeat }),
    })
    await client.send(command, { abortSignal: AbortSignal.any([AbortSignal.timeout(timeout), signal]) })
    return { kind: 'delivered' }
  } catch (error) {
    const name = error instanceof Error ? error.name : ''
    const kind = name.startsWith('InvalidParameter') ? 'refused' : 'failed'
    return { kind, reason: `${name}: ${errorText(error)}`, unsure: !isAnswer(error) }
  } finally {
    client.destroy()
  }
}

/** Is it an answer of SNS that refuses the message? */
function isAnswer(error: unknown): boolean {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode !== undefined
}

type SnsSending = { readonly isFifo: boolean; readonly mayRepeat: boolean }

/** Subject and text within the limits of SNS: 100 ASCII characters, 256 KiB. */
export function snsMessage(message: Message, { isFifo, mayRepeat }: SnsSending) {
  const subject = titleOf(message)
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .slice(0, SUBJECT_CHARS)
  // A FIFO topic detects repeats itself.
  const before = mayRepeat && !isFifo ? `${MAY_REPEAT}\n\n` : ''
  const text = Buffer.from(before + textOf(message))
    .subarray(0, MESSAGE_BYTES)
    .toString()
  const once = isFifo ? { MessageGroupId: 'dcvlens', MessageDeduplicationId: message.id } : {}
  return { Subject: subject.trim(), Message: text, ...once }
}

async function loadClient(): Promise<typeof import('@aws-sdk/client-sns')> {
  try {
    return await import('@aws-sdk/client-sns')
  } catch (cause) {
    throw new OpsError(
      'E_NO_SNS',
      'the package @aws-sdk/client-sns is not installed',
      'Run `npm install @aws-sdk/client-sns` beside dcvlens.',
      { cause },
    )
  }
}
