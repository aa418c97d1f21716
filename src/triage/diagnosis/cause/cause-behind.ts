import type { RuleDescription } from '../../../interpret/rule-description.ts'
import type { Mark } from '../course/course.ts'
import { isWrittenAtEnd } from '../log-habits.ts'
import { isShared, isTimed } from '../story.ts'
import { failureAbove, lastComplaintOfSession, whyNoSession } from './cause-by-place.ts'

type Rules = ReadonlyMap<string, RuleDescription>

/**
 * The cause of one failure among `others` that happened before it, or may have: not all files carry times. It is one that the
 * failure's rule names (`caused_by`), or what a report of a failure reports. If neither is there, a rule that names causes
 * describes a consequence: then the place of a failure may tell. A condition that had ended by then is no cause.
 */
export function causeBehind(found: Mark, others: readonly Mark[], rules: Rules): Mark | undefined {
  const rule = rules.get(found.event.rule_id ?? '')
  const causes = rule?.causedBy ?? []
  const possible = others.filter(({ event }) => isStillOn(event, found.event))
  const before = possible.filter(
    (mark) => mayBeBefore(mark, found) || (rule?.reports === true && isBeside(mark, found)),
  )
  const told =
    rule?.reports === true
      ? (lastNamed(found, before, causes) ?? reported(found, before, rules))
      : firstNamed(before, causes)
  if (told !== undefined || causes.length === 0) return told
  // What names this failure as its cause is none of it.
  const isNoEffect = ({ event }: Mark) =>
    rules.get(event.rule_id ?? '')?.causedBy.includes(found.event.rule_id ?? '') !== true
  return (
    failureAbove(found, possible.filter(isNoEffect)) ??
    whyNoSession(found, before.filter(isNoEffect), rules) ??
    lastComplaintOfSession(found, before)
  )
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
function reported(report: Mark, before: readonly Mark[], rules: Rules): Mark | undefined {
  const telling = before.filter(
    ({ event: { kind, phase, severity, rule_id = '' } }) =>
      kind === 'milestone' ||
      (phase !== undefined && severity !== 'warning' && rules.get(rule_id)?.reports !== true),
  )
  return reportedAbove(report, telling) ?? reportedNear(report, telling)
}

/**
 * The failure right above a report in the same file, at the place where it first occurred; undefined if a milestone comes
 * between, since what was above the milestone worked.
 */
function reportedAbove({ event: report }: Mark, telling: readonly Mark[]): Mark | undefined {
  const above = telling.filter(
    ({ event: { file, generation, offset } }) =>
      file === report.file && generation === report.generation && offset < report.offset,
  )
  const last = above.reduce<Mark | undefined>(
    (late, mark) => (late !== undefined && late.event.offset > mark.event.offset ? late : mark),
    undefined,
  )
  if (last?.event.kind !== 'signature') return undefined
  return above.find(({ event }) => event.rule_id === last.event.rule_id)
}

/** Services report their failure within this time of its cause. */
const NEAR_MS = 60_000

function reportedNear({ event: report, at }: Mark, telling: readonly Mark[]): Mark | undefined {
  if (!isTimed(report)) return undefined
  const awayMs = ({ event }: Mark) => Math.abs(Date.parse(event.ts) - Date.parse(report.ts))
  // What another machine reports happened before; a host may sum up a moment too early.
  const mayFollow = !isShared(report.source)
  const elsewhere = telling.filter(
    ({ event }) =>
      event.kind === 'signature' &&
      event.file !== report.file &&
      isTimed(event) &&
      (mayFollow || event.ts <= report.ts),
  )
  const [nearest] = elsewhere
    .filter((mark) => awayMs(mark) <= NEAR_MS && mark.at !== at)
    .sort((a, b) => awayMs(a) - awayMs(b))
  if (nearest === undefined) return undefined
  const { file, rule_id } = nearest.event
  return elsewhere.find(({ event }) => event.rule_id === rule_id && event.file === file)
}

/** Different logs take their times at different moments: a service may be reported as failed before it writes why. */
const SKEW_MS = 5 * 60_000

function mayBeBefore({ event, at }: Mark, found: Mark): boolean {
  if (at < found.at || !hasOwnTime(event) || !hasOwnTime(found.event)) return true
  if (event.file === found.event.file && !isWrittenAtEnd(event.source)) return false
  return Date.parse(event.ts) - Date.parse(found.event.ts) < SKEW_MS
}

/** Who tidies up, or sums up, may write of it a moment before the answer that made it necessary. */
const BESIDE_MS = 1000

function isBeside({ event }: Mark, { event: found }: Mark): boolean {
  const isIn = event.file === found.file && hasOwnTime(event) && hasOwnTime(found)
  return isIn && Math.abs(Date.parse(event.ts) - Date.parse(found.ts)) <= BESIDE_MS
}

function isStillOn({ cleared_at }: Mark['event'], { ts }: Mark['event']): boolean {
  return cleared_at === undefined || cleared_at > ts
}

/** A line without a time carries that of the line above it, or of its file: it may have been written later, or earlier. */
function hasOwnTime({ ts_quality }: Mark['event']): boolean {
  return ts_quality === 'parsed'
}
