import { hash } from 'node:crypto'
import { type EventJson, isoMicros } from '../../../event-json.ts'
import type { Correlation } from '../../../interpret/correlation.ts'
import type { Attempt } from '../story.ts'
import type { Hit } from './correlated.ts'

/** Whom a rule about several events speaks of; '' for what is not known, or does not apply. */
export type Subject = Pick<Attempt, 'cluster' | 'owner' | 'name' | 'uuid' | 'host'>

/** At most this many of the events behind a hit are named. */
const MOST_NAMED = 20

/** A cluster as a whole. */
export function clusterSubject(cluster: string): Subject {
  return { cluster, owner: '', name: '', uuid: '', host: '' }
}

/** The event that a sequence or a threshold makes: it has the place of the last event that makes the rule hold, and no bytes of its own. */
export function eventOfHit({ rule, events, run }: Hit, subject: Subject): EventJson {
  const at = events.at(-1) as EventJson
  return {
    ...eventAt(at, rule, subject),
    ...{ event_id: idOf(rule, subject, run[0]?.ts ?? at.ts), message: messageOfRun(rule, run) },
    because: events.slice(-MOST_NAMED).map(({ event_id }) => event_id),
  }
}

/** The event that a wait in vain makes: it has the place of the event with which the wait began, and the time at which it ended. */
export function eventOfWait(rule: Correlation, begin: EventJson, subject: Subject): EventJson {
  return {
    ...eventAt(begin, rule, subject),
    ...{ event_id: idOf(rule, subject, begin.ts), message: messageOfWait(rule) },
    ts: isoMicros((Date.parse(begin.ts) + rule.withinMs) * 1000),
  }
}

function eventAt(
  at: EventJson,
  rule: Correlation,
  subject: Subject,
): Omit<EventJson, 'event_id' | 'message'> {
  const { event_id, message, rule_id, template_id, captures, component, level, ...others } = at
  const { continued, duplicate_of, copies, cleared_at, because, ...place } = others
  const { cluster, owner, name, uuid, host } = subject
  return {
    ...place,
    ...{ cluster: cluster || at.cluster, owner: owner || undefined, session: name || undefined },
    ...{ session_uuid: uuid || undefined, host: host || undefined, length: 0 },
    ...{ kind: 'signature', rule_id: rule.id, rule_version: rule.version, severity: rule.severity },
    ...{ phase: rule.phase || undefined, layer: rule.layer || undefined },
  }
}

/**
 * The same rule, subject and begin give the same id, however long it goes on, and whichever copy of a log is read first. The
 * subject is named by as little as the rule needs, since more of it may be learnt later.
 */
function idOf(rule: Correlation, subject: Subject, begin: string): string {
  return hash('sha256', `${rule.id}\0${nameFor(rule, subject)}\0${begin}`, 'hex').slice(0, 32)
}

function nameFor({ per }: Correlation, { cluster, owner, name, host }: Subject): string {
  if (per === 'cluster') return cluster
  const desktop = owner === '' || name === '' ? '' : `${owner}/${name}`
  return per === 'host' ? host || desktop : desktop || host
}

/** For example `The host restarts again and again: 7 times within 45 min`, or `…: 2 steps within 10 min`. */
function messageOfRun({ title, type }: Correlation, run: readonly EventJson[]): string {
  const spanMs = Date.parse(run.at(-1)?.ts ?? '') - Date.parse(run[0]?.ts ?? '')
  return `${title}: ${run.length} ${type === 'sequence' ? 'steps' : 'times'} within ${minutesOf(spanMs)} min`
}

/** For example `The user data does not end: waited 60 min`. */
function messageOfWait({ title, withinMs }: Correlation): string {
  return `${title}: waited ${minutesOf(withinMs)} min`
}

function minutesOf(ms: number): number {
  return Math.max(1, Math.round(ms / 60_000))
}
