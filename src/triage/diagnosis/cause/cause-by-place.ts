import type { RuleDescription } from '../../../interpret/rule-description.ts'
import type { Mark } from '../course/course.ts'
import { isOfDcv, isOfSession, isOfSessionScript } from '../log-habits.ts'

/** A line that only looks like a failure counts within this many bytes before the consequence: scripts say why they stop right before they do. */
const GUESS_BYTES = 1500

/**
 * The failure of the same step right above it in its file. A rule with `caused_by` describes a consequence, and a script that
 * tried again or went on has written the cause there. Of several lines that say the same, the first one. A milestone between
 * the two means that what was above it worked. A line that merely looks like a failure (no rule knows its phase) counts only
 * close by, and not in a log of DCV, whose lines are about many things.
 */
export function failureAbove(
  { step, event: { file, generation, offset, source } }: Mark,
  possible: readonly Mark[],
): Mark | undefined {
  const before = possible
    .filter(({ event }) => event.file === file && event.generation === generation && event.offset < offset)
    .filter(({ event }) => event.severity !== 'warning')
    .filter(
      ({ event }) => event.phase !== undefined || (!isOfDcv(source) && offset - event.offset <= GUESS_BYTES),
    )
    .toSorted((a, b) => b.event.offset - a.event.offset)
  const [last] = before
  if (last?.event.kind !== 'signature' || last.step !== step) return undefined
  const telling = before.filter(
    ({ event }) => event.phase !== undefined || event.rule_id === last.event.rule_id,
  )
  const other = telling.findIndex(({ event }) => event.rule_id !== last.event.rule_id)
  return telling.at(other < 0 ? -1 : other - 1)
}

/**
 * Why a session was not created or is gone: a failure of its phase, or one that DCV itself reports; a critical one, otherwise
 * the first. What a rule describes as a consequence counts only if the session's own logs report it and another one `found`,
 * or if that merely misses the session: then any failure of it tells more.
 */
export function whyNoSession(
  found: Mark,
  before: readonly Mark[],
  rules: ReadonlyMap<string, RuleDescription>,
): Mark | undefined {
  const isOfPhase = found.event.phase === 'session'
  const isOutside = !isOfSession(found.event.source)
  if (!isOfPhase && !missesSession(found, rules)) return undefined
  const candidates = before.filter(
    ({ event: { event_id, phase, source, kind, severity, rule_id = '' } }) =>
      event_id !== found.event.event_id &&
      (phase === 'session' || (isOfPhase && isOfDcv(source) && phase !== undefined)) &&
      kind === 'signature' &&
      (severity === 'critical' || severity === 'error') &&
      (!isOfPhase || (isOutside && isOfSession(source)) || rules.get(rule_id)?.causedBy.length === 0),
  )
  return candidates.find(({ event }) => event.severity === 'critical') ?? candidates[0]
}

/** Is it a refusal that a failed session explains? */
function missesSession({ event }: Mark, rules: ReadonlyMap<string, RuleDescription>): boolean {
  const causes = rules.get(event.rule_id ?? '')?.causedBy ?? []
  return event.phase === 'connect' && causes.some((id) => rules.get(id)?.phase === 'session')
}

/** A session ends within this time of the last words of its script. */
const LAST_WORDS_MS = 30_000

/** What the session's script complained about right before the session ended, even if no rule knows the line. */
export function lastComplaintOfSession(
  { event: { phase, ts } }: Mark,
  before: readonly Mark[],
): Mark | undefined {
  if (phase !== 'session') return undefined
  return before.findLast(
    ({ event }) =>
      isOfSessionScript(event.source) &&
      event.phase === undefined &&
      event.severity === 'error' &&
      Math.abs(Date.parse(ts) - Date.parse(event.ts)) <= LAST_WORDS_MS,
  )
}
