import type { RuleDescription } from '../../../interpret/rule-description.ts'
import { EARLY, type Mark, type StepCourse } from '../course/course.ts'
import { isHostWide, isOfDcv, isOfSessionScript, isWrittenAtEnd } from '../log-habits.ts'
import { isShared, isTimed } from '../story.ts'

/** What causes are looked up in: the rules, and the course with its steps in their order. */
type Known = {
  readonly rules: ReadonlyMap<string, RuleDescription>
  readonly course: readonly StepCourse[]
}

export type RootCause = { readonly root: Mark; readonly consequences: readonly Mark[] }

/**
 * Finds the one failure that explains the others: the first critical one in the order of the phases (if none is critical, the
 * first that a rule knows), and from there back through the causes that rules name.
 */
export function rootCauseOf(
  decisive: readonly Mark[],
  others: readonly Mark[],
  { rules, course }: Known,
): RootCause | undefined {
  const goingOn = decisive.filter(({ event }) => event.cleared_at === undefined)
  const first = firstOf(goingOn, rules) ?? firstOf(decisive, rules)
  if (first === undefined) return undefined
  const root = causeOf(first, others, { rules, course })
  const consequences = decisive.filter(({ event }) => event !== root.event)
  const isFirst = first.event === root.event
  return {
    root,
    consequences: consequences.includes(first) || isFirst ? consequences : [first, ...consequences],
  }
}

function firstOf(decisive: readonly Mark[], rules: Known['rules']): Mark | undefined {
  const critical = decisive.filter(({ event }) => event.severity === 'critical')
  const onlyReports = ({ event }: Mark) => rules.get(event.rule_id ?? '')?.reports === true
  const [first] = critical
  // What a script says when it ends itself is of a late step or of none in particular; what it gave up at came before.
  const earlier =
    first !== undefined && onlyReports(first)
      ? critical.find((mark) => mark.at < first.at && !onlyReports(mark))
      : undefined
  return (
    earlier ??
    first ??
    decisive.find(({ event }) => event.kind !== 'unknown' && event.phase !== undefined) ??
    decisive[0]
  )
}

/**
 * Follows `caused_by` back to what happened before, or may have: not all files carry times. `others` are all events that may
 * be a cause, including warnings, and the milestones between them. A condition that had ended by then is no cause.
 */
function causeOf(mark: Mark, others: readonly Mark[], { rules, course }: Known): Mark {
  let found = mark
  const seen = new Set([found.event.rule_id])
  for (;;) {
    const causes = rules.get(found.event.rule_id ?? '')?.causedBy ?? []
    const possible = others.filter(({ event }) => !seen.has(event.rule_id) && isStillOn(event, found.event))
    const rule = rules.get(found.event.rule_id ?? '')
    const before = possible.filter(
      (mark) => mayBeBefore(mark, found) || (rule?.reports === true && isBeside(mark, found)),
    )
    const named = rule?.reports === true ? lastNamed(found, before, causes) : firstNamed(before, causes)
    const earlier =
      named ??
      (rule?.reports === true ? reported(found, before, rules) : undefined) ??
      (causes.length === 0
        ? undefined
        : (justBefore(found, possible) ?? whyNoSession(found, before, rules) ?? lastOfSession(found, before)))
    if (earlier === undefined) return found
    seen.add(earlier.event.rule_id)
    found = withStepOf(earlier, found, course)
  }
}

/** A warning is a cause only where nothing worse is: what a script tried again may have worked since. */
function firstNamed(before: readonly Mark[], causes: readonly string[]): Mark | undefined {
  const named = before.filter(({ event }) => causes.includes(event.rule_id ?? ''))
  return named.find(({ event }) => event.severity !== 'warning') ?? named[0]
}

/** After several tries, the last one says why the script gave up; the evidence is the first line that says the same. */
function lastNamed({ event }: Mark, before: readonly Mark[], causes: readonly string[]): Mark | undefined {
  const isIn = (mark: Mark) => mark.event.file === event.file && causes.includes(mark.event.rule_id ?? '')
  const last = before.findLast(isIn)
  return last === undefined
    ? firstNamed(before, causes)
    : before.find((mark) => isIn(mark) && mark.event.rule_id === last.event.rule_id)
}

/**
 * For a rule that only reports that something failed: the failure right above it in the same log, whatever its step;
 * otherwise the nearest one in another log of the desktop, if both have times.
 */
function reported(
  { event: found, at }: Mark,
  before: readonly Mark[],
  rules: ReadonlyMap<string, RuleDescription>,
): Mark | undefined {
  const tells = ({ event: { kind, phase, severity, rule_id = '' } }: Mark) =>
    kind === 'milestone' ||
    (phase !== undefined && severity !== 'warning' && rules.get(rule_id)?.reports !== true)
  const telling = before.filter(tells)
  const above = telling.filter(
    ({ event: { file, generation, offset } }) =>
      file === found.file && generation === found.generation && offset < found.offset,
  )
  const last = above.reduce<Mark | undefined>(
    (late, mark) => (late !== undefined && late.event.offset > mark.event.offset ? late : mark),
    undefined,
  )
  if (last?.event.kind === 'signature') return above.find(({ event }) => event.rule_id === last.event.rule_id)
  const away = ({ event }: Mark) => Math.abs(Date.parse(event.ts) - Date.parse(found.ts))
  const near = telling.filter(
    ({ event }) => event.kind === 'signature' && event.file !== found.file && isTimed(event),
  )
  const [nearest] = isTimed(found)
    ? near.filter((mark) => away(mark) <= NEAR_MS && mark.at !== at).sort((a, b) => away(a) - away(b))
    : []
  return near.find(
    ({ event: { file, rule_id } }) => rule_id === nearest?.event.rule_id && file === nearest?.event.file,
  )
}

/** Services report their failure within this time of its cause. */
const NEAR_MS = 60_000

/**
 * A shortage of the host itself (memory, disk, network) that a host-wide log reports belongs to the step that it broke. The
 * same holds for a failure of phase `session` in the log of an earlier step, for what refuses a user to a connection and to an
 * earlier step alike, and for what had worked before: the mount of a file system that the script then meets gone, the identity
 * of a user who then may not log in.
 */
function withStepOf({ event, step, at }: Mark, found: Mark, course: readonly StepCourse[]): Mark {
  const places = [step, found.step].map((one) => course.findIndex((stepCourse) => stepCourse.step === one))
  const [own = 0, broken = 0] = places
  const isOfHost = EARLY.has(event.phase ?? '') && isHostWide(event.source)
  const isLater =
    own > broken &&
    ((event.phase === 'connect' && !found.step.beside) ||
      (event.phase === 'session' && event.file === found.event.file))
  const hadWorked =
    own < broken &&
    ((step.phase === 'mount' && event.file === found.event.file) ||
      (step.phase === 'identity' && found.step.phase === 'connect')) &&
    course.slice(own, broken).some((one) => !one.step.beside && one.dones.some((done) => done.at < at))
  return { event, at, step: isOfHost || isLater || hadWorked ? found.step : step }
}

/** A line that only looks like a failure counts within this many bytes before the consequence: scripts say why they stop right before they do. */
const GUESS_BYTES = 1500

/**
 * The failure of the same step right above it in its file. A rule with `caused_by` describes a consequence, and a script that
 * tried again or went on has written the cause there. Of several lines that say the same, the first one. A milestone between
 * the two means that what was above it worked. A line that merely looks like a failure (no rule knows its phase) counts only
 * close by, and not in a log of DCV, whose lines are about many things.
 */
function justBefore({ step, event: { file, generation, offset, source } }: Mark, possible: readonly Mark[]) {
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
 * Why a session was not created: a failure of its phase, or one that DCV itself reports, which no rule describes as a
 * consequence; a critical one, otherwise the first.
 */
function whyNoSession(
  found: Mark,
  before: readonly Mark[],
  rules: ReadonlyMap<string, RuleDescription>,
): Mark | undefined {
  if (found.event.phase !== 'session') return undefined
  const candidates = before.filter(
    ({ event: { event_id, phase, source, kind, severity, rule_id = '' } }) =>
      event_id !== found.event.event_id &&
      (phase === 'session' || (isOfDcv(source) && phase !== undefined)) &&
      kind === 'signature' &&
      (severity === 'critical' || severity === 'error') &&
      rules.get(rule_id)?.causedBy.length === 0,
  )
  return candidates.find(({ event }) => event.severity === 'critical') ?? candidates[0]
}

/** What the session's script complained about right before the session ended, even if no rule knows the line. */
function lastOfSession({ event: { phase, ts } }: Mark, before: readonly Mark[]): Mark | undefined {
  if (phase !== 'session') return undefined
  return before.findLast(
    ({ event }) =>
      isOfSessionScript(event.source) &&
      event.phase === undefined &&
      event.severity === 'error' &&
      Math.abs(Date.parse(ts) - Date.parse(event.ts)) <= LAST_WORDS_MS,
  )
}

const LAST_WORDS_MS = 30_000

/** Different logs take their times at different moments: a service may be reported as failed before it writes why. */
const SKEW_MS = 5 * 60_000

function mayBeBefore({ event, at }: Mark, found: Mark): boolean {
  if (at < found.at || !hasOwnTime(event) || !hasOwnTime(found.event)) return true
  if (event.file === found.event.file && !isWrittenAtEnd(event.source)) return false
  return Date.parse(event.ts) - Date.parse(found.event.ts) < SKEW_MS
}

/** Who tidies up may write of it a moment before the answer that made it necessary. */
const BESIDE_MS = 1000

function isBeside({ event }: Mark, { event: found }: Mark): boolean {
  const isOfPortal = isShared(found.source) && event.file === found.file && isTimed(event)
  return isOfPortal && Math.abs(Date.parse(event.ts) - Date.parse(found.ts)) <= BESIDE_MS
}

function isStillOn({ cleared_at }: Mark['event'], { ts }: Mark['event']): boolean {
  return cleared_at === undefined || cleared_at > ts
}

/** A line without a time carries that of the line above it, or of its file: it may have been written later, or earlier. */
function hasOwnTime({ ts_quality }: Mark['event']): boolean {
  return ts_quality === 'parsed'
}
