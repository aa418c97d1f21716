import { createTransport } from 'nodemailer'
import { errorCode, errorText } from '../../../errors.ts'
import type { Message } from '../message.ts'
import type { Outcome } from '../outbox.ts'
import type { Sending } from './deliver.ts'
import type { ReceiverOf } from './receiver-schema.ts'
import { readSecret } from './secret.ts'
import { textOf, titleOf } from './text.ts'

const SUBJECT_CHARS = 200

/** Sends a notice by SMTP. The Message-ID stays the same across retries. The only door to nodemailer. */
export async function sendMail(
  message: Message,
  receiver: ReceiverOf<'mail'>,
  { env }: Sending,
): Promise<Outcome> {
  const { host, port, security, user, from, to, timeout } = receiver
  const pass = readSecret({ env: receiver.password_env, file: receiver.password_file }, env)
  const transport = createTransport({
    ...{
      host,
      port,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
    },
    ...(user === undefined ? {} : { auth: { user, pass: pass ?? '' } }),
    ...{ connectionTimeout: timeout, greetingTimeout: timeout, socketTimeout: timeout, dnsTimeout: timeout },
    ...{ disableFileAccess: true, disableUrlAccess: true },
  })
  try {
    await transport.sendMail({
      ...{ from, to: [...to], text: textOf(message) },
      subject: titleOf(message).replaceAll(/\s+/g, ' ').slice(0, SUBJECT_CHARS),
      messageId: `<${message.id}@dcvlens>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    })
    return { kind: 'delivered' }
  } catch (error) {
    return { kind: isRefusal(error) ? 'refused' : 'failed', reason: whyNot(error) }
  } finally {
    transport.close()
  }
}

/** Codes from 550 on are about the mail itself; lower ones may be about our identity, which can be corrected. */
function isRefusal(error: unknown): boolean {
  const { responseCode = 0 } = error as { responseCode?: number }
  return responseCode >= 550
}

/** A server's answer to a wrong password may contain the user name, but never the password. */
function whyNot(error: unknown): string {
  const code = errorCode(error)
  return code === '' ? errorText(error) : `${code}: ${errorText(error)}`
}
