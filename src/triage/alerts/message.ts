import { hash } from 'node:crypto'
import type { Before, Notice } from './groups.ts'
import type { Instance } from './instances.ts'
import type { Labels } from './labels.ts'

/** One alert as a receiver is told of it; times ISO 8601. `link` leads to it in dcvlens, '' where no address is configured. */
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

/** A notice on its way to one receiver. The id stays the same however often it is tried. */
export type Message = {
  readonly id: string
  readonly key: string
  readonly receiver: string
  readonly labels: Labels
  readonly alerts: readonly ToldAlert[]
  readonly base_url: string
  readonly created_ms: number
  /** How its group stood before it; absent of a test. */
  readonly before?: Before
}

/** Puts a notice into the form that is kept until it is delivered; the same notice at the same time has the same id. */
export function messageOf(notice: Notice, nowMs: number, baseUrl = ''): Message {
  const { key, receiver, labels, firing, resolved, before } = notice
  const id = hash('sha256', `${receiver}|${key}|${nowMs}`, 'hex').slice(0, 32)
  const alerts = [...firing, ...resolved].map((instance) => toldAlert(instance, baseUrl))
  const message = { id, key, receiver, labels, alerts, base_url: baseUrl, created_ms: nowMs }
  return before === undefined ? message : { ...message, before }
}

/** Something of it fires: then the whole is told as firing. */
export function statusOf({ alerts }: Pick<Message, 'alerts'>): 'firing' | 'resolved' {
  return alerts.some(({ status }) => status === 'firing') ? 'firing' : 'resolved'
}

/** Where an alert can be seen. */
function alertLink(baseUrl: string, fingerprint: string): string {
  return baseUrl === '' ? '' : `${baseUrl.replace(/\/+$/, '')}/alerts/${fingerprint}`
}

function toldAlert({ labels, notes, state, fingerprint }: Instance, baseUrl: string): ToldAlert {
  const startMs = 'since' in state ? state.since : 0
  const told = { labels, annotations: notes, fingerprint, link: alertLink(baseUrl, fingerprint) }
  const starts_at = new Date(startMs).toISOString()
  if (state.kind !== 'resolved') return { status: 'firing', ...told, starts_at }
  return { status: 'resolved', ...told, starts_at, ends_at: new Date(state.at).toISOString() }
}
