import type { Cluster } from './clusters.ts'
import type { Desktop } from './desktop.ts'

/** When the controllers can see what of a desktop, on the story's axis. */
export type Take = {
  readonly desktop: Desktop
  readonly startMs: number
  /** When it is deleted, ms; undefined if it never is. */
  readonly endMs: number | undefined
  /** When its instance begins to run, ms. */
  readonly runningMs: number
  /** When DCV begins to answer at the host, ms; undefined if it never does. */
  readonly answersMs: number | undefined
}

/** What is the same in every minute of a controller's life: which clusters' desktops, from when to when. */
export type Stretch = { readonly cluster: Cluster; readonly fromMs: number; readonly toMs: number }

/** The desktops of one cluster. */
export function takesOf(takes: readonly Take[], cluster: Cluster): readonly Take[] {
  return takes.filter(({ desktop }) => desktop.cluster === cluster)
}

/** Is it there for the portal at a moment? */
export function isAsked({ startMs, endMs }: Take, atMs: number): boolean {
  return startMs <= atMs && (endMs === undefined || atMs < endMs)
}

/** Does its instance run? */
export function isRunning(take: Take, atMs: number): boolean {
  return take.runningMs <= atMs && isAsked(take, atMs)
}

/** The times of a job that runs every so often. */
export function runsOf({ fromMs, toMs }: Stretch, everyMs: number, firstMs: number): readonly number[] {
  const runs: number[] = []
  for (let atMs = fromMs + firstMs; atMs < toMs; atMs += everyMs) {
    // Started on the minute by cron, done some uneven time later.
    runs.push(atMs + ((runs.length * 271) % 1_900))
  }
  return runs
}
