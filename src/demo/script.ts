import { loggedBalancing } from './alb-logger.ts'
import { type Balancing, printedBalancing } from './alb-print.ts'
import { desktops, NEXT_ROW } from './cast.ts'
import { CLUSTERS, type Cluster } from './clusters.ts'
import { controllerLogs } from './controller-logs.ts'
import { besides, story } from './course.ts'
import type { Desktop } from './desktop.ts'
import { type Chapter, newcomers } from './newcomers.ts'
import { portalOf } from './portal-api.ts'
import { watcherLog } from './portal-watcher.ts'
import { random } from './random.ts'
import { type Moment, moments, remove, rename, type Step } from './step.ts'
import { type Stretch, type Take, takesOf } from './take.ts'

const HISTORY_MS = 120 * 60_000
/** Two runs of the load balancer manager fall into this time, and find all its rules taken. */
const FULL_UNTIL_MS = 240_000
/** So much at the end of a story has DCV answering already. */
const LAST_STEPS_MS = 6_000
/** An instance runs so long after its desktop was asked for. */
const LAUNCH_MS = 18_000
const TAIL_MS = 150_000
/** All jobs of the controllers run a whole number of times in it, so that chapters fit together. */
const BEAT_MS = 180_000
const CHAPTER_MS = 4 * BEAT_MS
/** The logs of a deleted desktop are kept for so long. */
const LOGS_KEPT_MS = 3_600_000
/** After so many chapters the logs of the controllers begin anew. */
const ROTATED_AFTER = 10

type Rules = ReadonlyMap<string, number>
type Told = { readonly take: Take; readonly own: readonly Moment[] }

/** The two hours before, and the first minutes: the same for the same seed. */
export function script(seed: number): readonly Moment[] {
  return opening(seed).moments.toSorted(byTime)
}

/** The same, and then more desktops for as long as somebody asks: those of hours ago are deleted, and their logs with them. */
export function* endlessScript(seed: number): Generator<Moment> {
  const first = opening(seed)
  let { takes, rules, toMs } = first
  let ahead = first.moments
  for (let number = 1; ; number++) {
    yield* ahead.filter(({ atMs }) => atMs < toMs).sort(byTime)
    const chapter = { number, seed, fromMs: toMs, toMs: toMs + CHAPTER_MS }
    const fresh = newcomers(chapter).map((desktop) => told(desktop, seed))
    const { kept, forgotten } = withoutForgotten(takes, chapter)
    takes = [...kept, ...fresh.map(({ take }) => take)]
    const written = controllers(chapter, takes, rules)
    ahead = [
      ...ahead.filter(({ atMs }) => atMs >= chapter.fromMs),
      ...forgotten.map(({ desktop }) => at(chapter.fromMs, remove(desktop.folder))),
      ...rotated(chapter),
      ...fresh.flatMap(({ own }) => own),
      ...written.moments,
    ]
    ;({ rules } = written)
    ;({ toMs } = chapter)
  }
}

function opening(seed: number) {
  const all = desktops(seed).map((desktop) => told(desktop, seed))
  const own = all.flatMap((one) => one.own)
  const takes = all.map(({ take }) => take)
  const lastMs = Math.max(...own.map(({ atMs }) => atMs)) + TAIL_MS
  const toMs = Math.ceil(lastMs / BEAT_MS) * BEAT_MS
  const chapter = { number: 0, seed, fromMs: -HISTORY_MS, toMs }
  const written = controllers(chapter, takes, new Map())
  return { moments: [...own, ...written.moments], takes, rules: written.rules, toMs }
}

function told(desktop: Desktop, seed: number): Told {
  const { owner, session, row, startMs, pace } = desktop
  const values = random(seed, `story of ${owner}/${session} in row ${row}`)
  const take = moments(story(desktop, values), startMs, pace)
  const host = moments(besides(desktop, values), startMs, pace)
  return { take: takeOf(desktop, take), own: [...take, ...host] }
}

function takeOf(desktop: Desktop, own: readonly Moment[]): Take {
  const { startMs, endMs, pace, answers } = desktop
  const lastMs = own.at(-1)?.atMs ?? startMs
  return {
    desktop,
    startMs,
    endMs,
    runningMs: startMs + LAUNCH_MS * pace,
    answersMs: answers === 'nothing' ? undefined : lastMs - LAST_STEPS_MS * pace,
  }
}

function withoutForgotten(takes: readonly Take[], { fromMs }: Chapter) {
  // Those of the beginning stay: they are what the demo is there to show.
  const isForgotten = ({ endMs, desktop }: Take) =>
    desktop.row >= NEXT_ROW && endMs !== undefined && endMs + LOGS_KEPT_MS <= fromMs
  return { kept: takes.filter((take) => !isForgotten(take)), forgotten: takes.filter(isForgotten) }
}

/** What the machines of all clusters write about desktops, and which hosts have their rule at the end. */
function controllers(chapter: Chapter, takes: readonly Take[], rules: Rules) {
  const written = [
    printedCluster(CLUSTERS.aero, chapter, { takes, rules }),
    loggedCluster(CLUSTERS.chip, chapter, { takes, rules }),
    loggedCluster(CLUSTERS.studio, chapter, { takes, rules }),
  ]
  return {
    moments: written.flatMap((one) => one.moments),
    rules: new Map(written.flatMap(({ ruleMs }) => [...ruleMs])),
  }
}

type Known = { readonly takes: readonly Take[]; readonly rules: Rules }

function printedCluster(cluster: Cluster, chapter: Chapter, all: Known): Balancing {
  const { stretch, plan, values } = planOf(cluster, chapter, all)
  const full = (atMs: number) => atMs >= 0 && atMs < FULL_UNTIL_MS
  const balancing = printedBalancing(stretch, { ...plan, values, full })
  const portal = plan.takes
    .filter(({ startMs }) => startMs >= stretch.fromMs)
    .flatMap((take) => portalOf(take, balancing.ruleMs.get(take.desktop.host), stretch.toMs))
  return { ...balancing, moments: [...balancing.moments, ...portal] }
}

function loggedCluster(cluster: Cluster, chapter: Chapter, all: Known): Balancing {
  const { stretch, plan, values } = planOf(cluster, chapter, all)
  const { moments: runs, ruleMs } = loggedBalancing(stretch, { ...plan, values })
  return { moments: [...runs, ...watcherLog(stretch, { ...plan, ruleMs, values })], ruleMs }
}

function planOf(cluster: Cluster, { number, seed, fromMs, toMs }: Chapter, { takes, rules }: Known) {
  const stretch: Stretch = { cluster, fromMs, toMs }
  const known = new Map([...rules].filter(([host]) => host.startsWith(`${cluster.hosts}-`)))
  const values = random(seed, `controller of ${cluster.id} in chapter ${number}`)
  return { stretch, plan: { takes: takesOf(takes, cluster), known }, values }
}

/** The logs of the controllers begin anew now and then; one before is kept. */
function rotated({ number, fromMs }: Chapter): Moment[] {
  if (number % ROTATED_AFTER !== 0) return []
  return Object.values(CLUSTERS)
    .flatMap(controllerLogs)
    .map((file) => at(fromMs, rename(0, file, `${file}.1`)))
}

function at(atMs: number, step: Step): Moment {
  return { atMs, pace: 1, step }
}

function byTime(one: Moment, other: Moment): number {
  return one.atMs - other.atMs
}
