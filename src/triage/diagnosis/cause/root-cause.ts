import type { Told } from '../../../interpret/told.ts'
import { EARLY, type Mark } from '../course/course.ts'
import type { Step } from '../course/phase-model.ts'
import { isTimed } from '../story.ts'

/** What causes are found by: what the rules tell, and the steps in their order. */
type Known = { readonly rules: ReadonlyMap<string, Told>; readonly order: readonly Step[] }

export type RootCause = { readonly root: Mark; readonly consequences: readonly Mark[] }

/**
 * Finds the one failure that explains the others: the first critical one in the order of the phases, or what its rule
 * names as a cause of it, as far back as that leads. Without a critical one, the first that a rule knows.
 */
export function rootCauseOf(
  decisive: readonly Mark[],
  others: readonly Mark[],
  { rules, order }: Known,
): RootCause | undefined {
  const first = firstOf(decisive.filter(({ event }) => event.cleared_at === undefined)) ?? firstOf(decisive)
  if (first === undefined) return undefined
  const root = causeOf(first, others, { rules, order })
  const consequences = decisive.filter(({ event }) => event !== root.event)
  const isFirst = first.event === root.event
  return {
    root,
    consequences: consequences.includes(first) || isFirst ? consequences : [first, ...consequences],
  }
}

function firstOf(decisive: readonly Mark[]): Mark | undefined {
  return (
    decisive.find(({ event }) => event.severity === 'critical') ??
    decisive.find(({ event }) => event.kind !== 'unknown' && event.phase !== undefined) ??
    decisive[0]
  )
}

/**
 * Follows `caused_by` to what happened before, or may have: not all files say when. `others` are all events that may be a
 * cause, warnings too, with the milestones between them. What was over by then is none.
 */
function causeOf(mark: Mark, others: readonly Mark[], { rules, order }: Known): Mark {
  let found = mark
  const seen = new Set([found.event.rule_id])
  for (;;) {
    const causes = rules.get(found.event.rule_id ?? '')?.causedBy ?? []
    const possible = others.filter(({ event }) => !seen.has(event.rule_id) && isStillOn(event, found.event))
    const before = possible.filter((mark) => mayBeBefore(mark, found))
    const rule = rules.get(found.event.rule_id ?? '')
    const named = rule?.reports === true ? lastNamed(found, before, causes) : firstNamed(before, causes)
    const earlier =
      named ??
      (rule?.reports === true ? reported(found, before, rules) : undefined) ??
      (causes.length === 0
        ? undefined
        : (justBefore(found, possible) ?? whyNoSession(found, before, rules) ?? lastOfSession(found, before)))
    if (earlier === undefined) return found
    seen.add(earlier.event.rule_id)
    found = withStepOf(earlier, found, order)
  }
}

function firstNamed(before: readonly Mark[], causes: readonly string[]): Mark | undefined {
  return before.find(({ event }) => causes.includes(event.rule_id ?? ''))
}

/** Of what was tried again and again the last try tells why it was given up; what says so is shown where it was told first. */
function lastNamed({ event }: Mark, before: readonly Mark[], causes: readonly string[]): Mark | undefined {
  const isIn = (mark: Mark) => mark.event.file === event.file && causes.includes(mark.event.rule_id ?? '')
  const last = before.findLast(isIn)
  return last === undefined
    ? firstNamed(before, causes)
    : before.find((mark) => isIn(mark) && mark.event.rule_id === last.event.rule_id)
}

/**
 * What a rule only reports that it failed: the failure right before it in its log, whatever its step; else the nearest in
 * another log of the desktop, where both have times.
 */
function reported(
  { event: found, at }: Mark,
  before: readonly Mark[],
  rules: ReadonlyMap<string, Told>,
): Mark | undefined {
  const tells = ({ event: { kind, phase, severity, rule_id = '' } }: Mark) =>
    kind === 'milestone' ||
    (phase !== undefined && severity !== 'warning' && rules.get(rule_id)?.reports !== true)
  const own = before.filter(tells)
  const above = own.filter(
    ({ event: { file, generation, offset } }) =>
      file === found.file && generation === found.generation && offset < found.offset,
  )
  const last = above.reduce<Mark | undefined>(
    (late, mark) => (late !== undefined && late.event.offset > mark.event.offset ? late : mark),
    undefined,
  )
  if (last?.event.kind === 'signature') return above.find(({ event }) => event.rule_id === last.event.rule_id)
  const away = ({ event }: Mark) => Math.abs(Date.parse(event.ts) - Date.parse(found.ts))
  const near = own.filter(
    ({ event }) => event.kind === 'signature' && event.file !== found.file && isTimed(event),
  )
  const [nearest] = isTimed(found)
    ? near.filter((mark) => away(mark) <= NEAR_MS && mark.at !== at).sort((a, b) => away(a) - away(b))
    : []
  return near.find(
    ({ event: { file, rule_id } }) => rule_id === nearest?.event.rule_id && file === nearest?.event.file,
  )
}

/** Services write why they failed at once. */
const NEAR_MS = 60_000

/**
 * What the host itself lacked (memory, disk, network) belongs to the step of what came of it, where a log of the whole host
 * tells it. So does what a script lacked that mostly sessions lack.
 */
function withStepOf({ event, step, at }: Mark, found: Mark, order: readonly Step[]): Mark {
  const isOfHost = EARLY.has(event.phase ?? '') && HOST_WIDE.has(event.source ?? '')
  const isLater =
    event.phase === 'session' &&
    event.file === found.event.file &&
    order.indexOf(step) > order.indexOf(found.step)
  return { event, at, step: isOfHost || isLater ? found.step : step }
}

/** Logs in which all programs of a host write. */
const HOST_WIDE = new Set(['messages', 'dmesg', 'boot', 'secure'])

/**
 * The failure of the same step right before it in its file: what a rule calls a consequence has a cause, and a script that
 * tried again, or went on after it, wrote of it there; of several lines that say the same the first. What was reached
 * between the two worked.
 */
function justBefore({ step, event: { file, generation, offset } }: Mark, possible: readonly Mark[]) {
  const before = possible
    .filter(({ event }) => event.file === file && event.generation === generation && event.offset < offset)
    .filter(({ event }) => event.severity !== 'warning')
    .toSorted((a, b) => b.event.offset - a.event.offset)
  const [last] = before
  if (last?.event.kind !== 'signature' || last.step !== step) return undefined
  const other = before.findIndex(({ event }) => event.rule_id !== last.event.rule_id)
  return before.at(other < 0 ? -1 : other - 1)
}

/**
 * Of a session that was not created: a failure of its phase, or one that DCV itself tells, which no rule calls a consequence;
 * a critical one, or else the first.
 */
function whyNoSession(
  found: Mark,
  before: readonly Mark[],
  rules: ReadonlyMap<string, Told>,
): Mark | undefined {
  if (found.event.phase !== 'session') return undefined
  const own = before.filter(
    ({ event: { phase, source = '', kind, severity, rule_id = '' } }) =>
      (phase === 'session' || (source.startsWith('dcv-') && phase !== undefined)) &&
      kind === 'signature' &&
      (severity === 'critical' || severity === 'error') &&
      rules.get(rule_id)?.causedBy.length === 0,
  )
  return own.find(({ event }) => event.severity === 'critical') ?? own[0]
}

/** What the script of a session complained of right before the session ended, though no rule knows what it means. */
function lastOfSession({ event: { phase, ts } }: Mark, before: readonly Mark[]): Mark | undefined {
  if (phase !== 'session') return undefined
  return before.findLast(
    ({ event }) =>
      event.source === 'dcv-xsession' &&
      event.phase === undefined &&
      event.severity === 'error' &&
      Math.abs(Date.parse(ts) - Date.parse(event.ts)) <= LAST_WORDS_MS,
  )
}

const LAST_WORDS_MS = 30_000

/** Clocks of different logs are not read at the same moment: a service is told to have failed before it writes why. */
const SKEW_MS = 5 * 60_000

/** What the user data of Windows wrote is told when it is over, first its output, then its errors; so is why a stack failed. */
const TOLD_AT_ITS_END = new Set(['win-userdata', 'state-watcher'])

function mayBeBefore({ event, at }: Mark, found: Mark): boolean {
  if (at < found.at || !hasOwnTime(event) || !hasOwnTime(found.event)) return true
  if (event.file === found.event.file && !TOLD_AT_ITS_END.has(event.source ?? '')) return false
  return Date.parse(event.ts) - Date.parse(found.event.ts) < SKEW_MS
}

function isStillOn({ cleared_at }: Mark['event'], { ts }: Mark['event']): boolean {
  return cleared_at === undefined || cleared_at > ts
}

/** A line without a time has that of the line before it, or of its file: it may have been written later, or earlier. */
function hasOwnTime({ ts_quality }: Mark['event']): boolean {
  return ts_quality === 'parsed'
}
