/** The state of one alert. Times are ms since the epoch, on the clock of the rule's evaluation. */
export type AlertState =
  | { readonly kind: 'inactive' }
  /** Active since then, but not yet as long as the rule requires. */
  | { readonly kind: 'pending'; readonly since: number }
  /** `last` is when it was last found active. */
  | { readonly kind: 'firing'; readonly since: number; readonly last: number }
  | { readonly kind: 'resolved'; readonly since: number; readonly at: number }

/** How long a rule's condition must hold, and how long it must not. */
export type AlertTiming = {
  readonly forMs: number
  /** The alert keeps firing for this long after it was last active, so that flapping stays one alert. */
  readonly keepFiringForMs: number
}

export const INACTIVE: AlertState = { kind: 'inactive' }

/** The next state of an alert that was found active, or not, at `nowMs`. Ignores a time that goes backwards. */
export function step(state: AlertState, active: boolean, nowMs: number, rule: AlertTiming): AlertState {
  switch (state.kind) {
    case 'inactive':
    case 'resolved':
      return active ? begun(nowMs, nowMs, rule) : state
    case 'pending':
      return active ? begun(state.since, nowMs, rule) : INACTIVE
    case 'firing':
      if (active) return { ...state, last: Math.max(state.last, nowMs) }
      if (nowMs - state.last < rule.keepFiringForMs) return state
      return { kind: 'resolved', since: state.since, at: nowMs }
  }
}

function begun(since: number, nowMs: number, { forMs }: AlertTiming): AlertState {
  return nowMs - since >= forMs ? { kind: 'firing', since, last: nowMs } : { kind: 'pending', since }
}
