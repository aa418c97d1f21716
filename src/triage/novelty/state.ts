/** States of a signature, set by people or by the rules below. */
export const STATES = ['new', 'acknowledged', 'known', 'ignored', 'resolved', 'regressed'] as const
export type State = (typeof STATES)[number]

/** Times are ms since the epoch. */
export type SignatureState = {
  readonly state: State
  readonly sinceMs: number
  /** Number of occurrences when it entered this state. */
  readonly countThen: number
  readonly escalating: boolean
  /** For `ignored`: until this time, or until this many more occurrences; for ever if neither is given. */
  readonly untilMs?: number
  readonly below?: number
}

/** What is known about a signature besides its state. */
export type Seen = {
  readonly kind: 'rule' | 'template'
  readonly firstMs: number
  readonly lastMs: number
  readonly count: number
  readonly sessions: number
  /** Its desktops that failed. */
  readonly failedSessions: number
  /** Does a rule of the current rule set explain it? */
  readonly explained: boolean
  /** Did it first appear while its kind of log was still being learnt? Then it counts as usual, not as new. */
  readonly baseline: boolean
  /** Counts of the last 24 hours, oldest first. */
  readonly hours: readonly number[]
}

export type NoveltySettings = {
  /** A signature is reported as new after `minCount` events, or on `minSessions` desktops, or on one desktop that failed. */
  readonly minCount: number
  readonly minSessions: number
  /** Not seen for this long means resolved. */
  readonly quietMs: number
  /** Escalating means this many times as often as before, and at least this many in two hours. */
  readonly escalation: { readonly ratio: number; readonly floor: number }
}

const DAY_MS = 86_400_000
export const NOVELTY: NoveltySettings = {
  minCount: 3,
  minSessions: 2,
  quietMs: 14 * DAY_MS,
  escalation: { ratio: 3, floor: 10 },
}

/** The number of hours that count as recent. */
const RECENT = 2

/** Is it worth reporting: no rule explains it, it was not there from the start, and it is more than a single event? */
export function isNovel(seen: Seen, { minCount, minSessions }: NoveltySettings): boolean {
  if (seen.kind === 'rule' || seen.explained || seen.baseline) return false
  return seen.count >= minCount || seen.sessions >= minSessions || seen.failedSessions > 0
}

/** The state that follows from what was seen since; the same object if nothing changes. */
export function step(
  state: SignatureState | undefined,
  seen: Seen,
  nowMs: number,
  settings: NoveltySettings,
): SignatureState {
  const next = nextState(state, seen, nowMs, settings)
  const escalating = isActive(next ?? state?.state) && isEscalating(seen, settings)
  if (state !== undefined && next === undefined) {
    return escalating === state.escalating ? state : { ...state, escalating }
  }
  return { state: next ?? 'new', sinceMs: nowMs, countThen: seen.count, escalating }
}

/** Undefined if the state stays. */
function nextState(
  before: SignatureState | undefined,
  seen: Seen,
  nowMs: number,
  settings: NoveltySettings,
): State | undefined {
  const usual: State = seen.kind === 'rule' || seen.explained ? 'known' : 'new'
  if (before === undefined) return usual
  const { state } = before
  if (state === 'ignored') return isStillIgnored(before, seen, nowMs) ? undefined : usual
  if (state === 'resolved') return seen.lastMs > before.sinceMs ? 'regressed' : undefined
  if (nowMs - Math.max(seen.lastMs, before.sinceMs) >= settings.quietMs) return 'resolved'
  if (seen.kind === 'template' && seen.explained) return state === 'known' ? undefined : 'known'
  return state === 'known' && seen.kind === 'template' ? 'new' : undefined
}

function isStillIgnored(
  { untilMs, below, countThen }: SignatureState,
  { count }: Seen,
  nowMs: number,
): boolean {
  if (untilMs !== undefined && nowMs >= untilMs) return false
  return below === undefined || count - countThen < below
}

function isActive(state: State | undefined): boolean {
  return state !== 'ignored' && state !== 'resolved'
}

function isEscalating({ hours }: Seen, { escalation: { ratio, floor } }: NoveltySettings): boolean {
  const recent = sum(hours.slice(-RECENT))
  const before = hours.slice(0, -RECENT)
  const usual = before.length === 0 ? 0 : (sum(before) / before.length) * RECENT
  return recent >= floor && recent >= usual * ratio
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((a, b) => a + b, 0)
}

/** What people may decide. */
export const ACTIONS = ['ack', 'ignore', 'resolve', 'reopen'] as const
type Action = (typeof ACTIONS)[number]

export type Decision = {
  readonly action: Action
  /** For `ignore`. */
  readonly untilMs?: number | undefined
  readonly below?: number | undefined
}

const DECIDED: Readonly<Record<Action, State>> = {
  ack: 'acknowledged',
  ignore: 'ignored',
  resolve: 'resolved',
  reopen: 'new',
}

/** The state that results from a person's decision. */
export function decide({ action, untilMs, below }: Decision, count: number, nowMs: number): SignatureState {
  return {
    state: DECIDED[action],
    sinceMs: nowMs,
    countThen: count,
    escalating: false,
    ...(action === 'ignore' && untilMs !== undefined ? { untilMs } : {}),
    ...(action === 'ignore' && below !== undefined ? { below } : {}),
  }
}
