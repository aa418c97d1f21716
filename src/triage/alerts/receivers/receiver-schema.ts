import { z } from 'zod'
import { Duration } from '../../../duration.ts'
import { secretKeys } from './secret.ts'

const Url = z
  .url({ protocol: /^https?$/, error: 'must be like https://host/path' })
  .refine(
    (url) => !hasPassword(url),
    'must have no user and password: secrets come from the environment or a file',
  )

function hasPassword(text: string): boolean {
  const { username = '', password = '' } = URL.canParse(text) ? new URL(text) : {}
  return username !== '' || password !== ''
}

const COMMON = {
  name: z.string().regex(/^[\w.-]{1,100}$/, 'must be a name without blanks'),
  send_resolved: z.boolean().default(true),
  /** A slower answer counts as none. */
  timeout: Duration.default(10_000),
}

/** Exactly one of `url`, `url_env`, `url_file`. */
function oneUrl(
  receiver: { url?: string | undefined; url_env?: string | undefined; url_file?: string | undefined },
  context: z.RefinementCtx,
): void {
  const given = [receiver.url, receiver.url_env, receiver.url_file].filter((one) => one !== undefined)
  if (given.length === 1) return
  const message = 'exactly one of url, url_env and url_file must be given'
  context.addIssue({ code: 'custom', path: [], message })
}

const Webhook = z
  .strictObject({
    ...COMMON,
    type: z.literal('webhook'),
    url: Url.optional(),
    ...secretKeys('url'),
    ...secretKeys('token'),
    /** Key of the signature that authenticates the sender. */
    ...secretKeys('secret'),
    /** More alerts of a group than this are only counted; 0 means no limit. */
    max_alerts: z.int().min(0).default(0),
  })
  .superRefine(oneUrl)

const Alertmanager = z
  .strictObject({
    ...COMMON,
    type: z.literal('alertmanager'),
    url: Url.optional(),
    ...secretKeys('url'),
    ...secretKeys('token'),
  })
  .superRefine(oneUrl)

/** The address of a Slack webhook is a secret. */
const Slack = z
  .strictObject({ ...COMMON, type: z.literal('slack'), ...secretKeys('url') })
  .superRefine(oneUrl)

const PagerDuty = z
  .strictObject({
    ...COMMON,
    type: z.literal('pagerduty'),
    ...secretKeys('routing_key'),
    url: Url.default('https://events.pagerduty.com/v2/enqueue'),
  })
  .refine(
    (one) => (one.routing_key_env === undefined) !== (one.routing_key_file === undefined),
    'one of routing_key_env and routing_key_file must be given',
  )

/** Credentials come from the machine or the environment, as for any AWS client. */
const Sns = z.strictObject({
  ...COMMON,
  type: z.literal('sns'),
  topic_arn: z
    .string()
    .regex(/^arn:[\w-]+:sns:[\w-]+:\d{12}:[\w-]{1,256}(?:\.fifo)?$/, 'must be the ARN of a topic'),
  endpoint: Url.optional(),
})

const Mail = z
  .strictObject({
    ...COMMON,
    type: z.literal('mail'),
    host: z.string().min(1),
    port: z.int().min(1).max(65_535).default(587),
    /** `starttls` must be offered by the server, `tls` is used from the first byte, `none` only within a machine. */
    security: z.enum(['starttls', 'tls', 'none']).default('starttls'),
    user: z.string().min(1).optional(),
    ...secretKeys('password'),
    from: z.string().min(3),
    to: z.array(z.string().min(3)).min(1),
  })
  .refine(
    (one) => (one.user === undefined) === (one.password_env === undefined && one.password_file === undefined),
    'user and password_env (or password_file) belong together',
  )

/** Where notices go. */
export const Receiver = z.discriminatedUnion('type', [Webhook, Alertmanager, Slack, PagerDuty, Sns, Mail])
export type Receiver = z.infer<typeof Receiver>
export type ReceiverOf<Type extends Receiver['type']> = Extract<Receiver, { type: Type }>
