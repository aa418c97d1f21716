import type { Alerting } from './alerting-config.ts'
import type { Route } from './routes.ts'
import { isWithin } from './time-interval.ts'

/** The names of the time intervals that mute a route now: mute intervals that apply, and all active intervals if none of them does. */
export function mutedBy(
  { muteIntervals, activeIntervals }: Route,
  { time_intervals, nowMs }: Pick<Alerting, 'time_intervals'> & { readonly nowMs: number },
): readonly string[] {
  const isNow = (wanted: string) =>
    time_intervals.some(
      ({ name, time_intervals: parts }) => name === wanted && parts.some((part) => isWithin(part, nowMs)),
    )
  const mute = muteIntervals.filter(isNow)
  return activeIntervals.length === 0 || activeIntervals.some(isNow) ? mute : [...mute, ...activeIntervals]
}
