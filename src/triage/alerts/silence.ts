import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { usageError } from '../../errors.ts'
import { instant } from '../parameters.ts'
import { choosesNothing } from './chooses-nothing.ts'
import type { Labels } from './labels.ts'
import { Matcher, matchesAll } from './matchers.ts'

/** An order that some alerts shall not be reported for a while. Times are ISO 8601. */
export type Silence = {
  readonly id: string
  readonly matchers: readonly Matcher[]
  readonly starts_at: string
  readonly ends_at: string
  readonly created_by: string
  readonly comment: string
}

/** The request that creates a silence; the body of the API. It starts now unless given. */
export const SilenceRequest = z.strictObject({
  matchers: z.array(Matcher).min(1, 'must not be empty').max(20),
  starts_at: instant.optional(),
  ends_at: instant,
  created_by: z.string().trim().min(1, 'must name who asks for it').max(200),
  comment: z.string().trim().min(1, 'must say why').max(1000),
})

export type SilenceRequest = z.infer<typeof SilenceRequest>

/**
 * Creates a silence; refuses one that would silence everything, or that ends before it begins. `alertnames` are the known
 * names of alerts.
 */
export function newSilence(
  request: SilenceRequest,
  nowMs: number,
  alertnames: readonly string[] = [],
): Silence {
  if (request.matchers.every((matcher) => choosesNothing(matcher, alertnames))) {
    throw usageError(
      'E_SILENCE',
      'this silence would match every alert',
      'Name at least one label that the alerts must have, like alertname=new-failure.',
    )
  }
  const startMs = request.starts_at === undefined ? nowMs : Date.parse(utc(request.starts_at))
  const endMs = Date.parse(utc(request.ends_at))
  if (endMs <= Math.max(startMs, nowMs)) {
    throw usageError('E_SILENCE', 'the silence would be over already', 'Let it end later.')
  }
  const { matchers, created_by, comment } = request
  const starts_at = new Date(startMs).toISOString()
  const ends_at = new Date(endMs).toISOString()
  return { id: randomUUID(), matchers, starts_at, ends_at, created_by, comment }
}

/** Is it in force now? */
export function isActive({ starts_at, ends_at }: Silence, nowMs: number): boolean {
  return Date.parse(starts_at) <= nowMs && nowMs < Date.parse(ends_at)
}

/** The ids of the silences that apply to these labels now. */
export function silencedBy(silences: readonly Silence[], labels: Labels, nowMs: number): string[] {
  return silences
    .filter((silence) => isActive(silence, nowMs) && matchesAll(silence.matchers, labels))
    .map(({ id }) => id)
}

/** Times without a zone are UTC. */
function utc(text: string): string {
  return /(?:Z|[+-]\d\d:?\d\d)$/.test(text) || !text.includes('T') ? text : `${text}Z`
}
