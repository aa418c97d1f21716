import { hash } from 'node:crypto'
import type { Before, Notice } from './groups.ts'
import type { Instance } from './instances.ts'
import type { Labels } from './labels.ts'

/** One alert as receivers get it; times are ISO 8601. `link` leads to it in dcvlens; '' if no address is configured. */
export type ToldAlert = {
  readonly status: 'firing' | 'resolved'
  readonly labels: Labels
  readonly annotations: Readonly<Record<string, string>>
  readonly starts_at: string
  /** Absent while it fires. */
  readonly ends_at?: string
  readonly fingerprint: string
  readonly link: string
}

/** A notice on its way to one receiver. Its id stays the same across retries. */
export type Message = {
  readonly id: string
  readonly key: string
  readonly receiver: string
  readonly labels: Labels
  readonly alerts: readonly ToldAlert[]
  readonly base_url: string
  readonly created_ms: number
  /** The state of its group before it; absent for a test message. */
  readonly before?: Before
}

/** Brings a notice into the form in which it is kept until delivered. The same notice at the same time gets the same id. */
export function messageOf(notice: Notice, nowMs: number, baseUrl = ''): Message {
  const { key, receiver, labels, firing, resolved, before } = notice
  const id = hash('sha256', `${receiver}|${key}|${nowMs}`, 'hex').slice(0, 32)
  const alerts = [...firing, ...resolved].map((instance) => toldAlert(instance, baseUrl))
  const message = { id, key, receiver, labels, alerts, base_url: baseUrl, created_ms: nowMs }
  return before === undefined ? message : { ...message, before }
}

/** `firing` if any of its alerts fires. */
export function statusOf({ alerts }: Pick<Message, 'alerts'>): 'firing' | 'resolved' {
  return alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved'
}

/** The page of an alert. */
function alertLink(baseUrl: string, fingerprint: string): string {
  return baseUrl === '' ? '' : `${baseUrl.replace(/\/+$/, '')}/alerts/${fingerprint}`
}

function toldAlert({ labels, notes, state, fingerprint }: Instance, baseUrl: string): ToldAlert {
  const startMs = 'since' in state ? state.since : 0
  const common = { labels, annotations: notes, fingerprint, link: alertLink(baseUrl, fingerprint) }
  const starts_at = new Date(startMs).toISOString()
  if (state.kind !== 'resolved') return { status: 'firing', ...common, starts_at }
  return { status: 'resolved', ...common, starts_at, ends_at: new Date(state.at).toISOString() }
}
