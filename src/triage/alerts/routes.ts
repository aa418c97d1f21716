import type { Alerting, RouteConfig } from './alerting-config.ts'
import { type Labels, labelsText } from './labels.ts'
import { matcherText, matchesAll } from './matchers.ts'

/** A branch of the tree with all settings that it inherits. Times in ms. */
export type Route = {
  /** Its position in the tree, for the key of its groups; as in Alertmanager. */
  readonly key: string
  readonly receiver: string
  readonly matchers: RouteConfig['matchers']
  readonly continue: boolean
  readonly groupBy: readonly string[]
  readonly groupWaitMs: number
  readonly groupIntervalMs: number
  readonly repeatIntervalMs: number
  readonly muteIntervals: readonly string[]
  readonly activeIntervals: readonly string[]
  readonly routes: readonly Route[]
}

const DEFAULTS = {
  key: '',
  receiver: '',
  groupBy: ['alertname'] as readonly string[],
  groupWaitMs: 30_000,
  groupIntervalMs: 300_000,
  repeatIntervalMs: 4 * 3_600_000,
}

/** The tree of routes; undefined if nobody is to be notified. */
export function routeTree({ route }: Pick<Alerting, 'route'>): Route | undefined {
  return route === undefined ? undefined : routeOf(route, DEFAULTS, 0)
}

type Inherited = Pick<
  Route,
  'key' | 'receiver' | 'groupBy' | 'groupWaitMs' | 'groupIntervalMs' | 'repeatIntervalMs'
>

function routeOf(config: RouteConfig, above: Inherited, index: number): Route {
  const matchers = `{${config.matchers.map(matcherText).join(',')}}`
  const inherited: Inherited = {
    key: above.key === '' ? matchers : `${above.key}/${matchers}/${index}`,
    receiver: config.receiver ?? above.receiver,
    groupBy: config.group_by ?? above.groupBy,
    groupWaitMs: config.group_wait ?? above.groupWaitMs,
    groupIntervalMs: config.group_interval ?? above.groupIntervalMs,
    repeatIntervalMs: config.repeat_interval ?? above.repeatIntervalMs,
  }
  return {
    ...inherited,
    matchers: config.matchers,
    continue: config.continue,
    muteIntervals: config.mute_time_intervals,
    activeIntervals: config.active_time_intervals,
    routes: config.routes.map((child, at) => routeOf(child, inherited, at)),
  }
}

/** The branches that an alert takes: the deepest that match; of several siblings only the first, unless it says `continue`. */
export function routesFor(route: Route, labels: Labels): Route[] {
  if (!matchesAll(route.matchers, labels)) return []
  const taken: Route[] = []
  for (const child of route.routes) {
    const found = routesFor(child, labels)
    taken.push(...found)
    if (found.length > 0 && !child.continue) break
  }
  return taken.length > 0 ? taken : [route]
}

/** The labels that identify the alert's group. */
export function groupLabels({ groupBy }: Route, labels: Labels): Labels {
  if (groupBy.includes('...')) return labels
  return Object.fromEntries(Object.entries(labels).filter(([name]) => groupBy.includes(name)))
}

/** The name of a group of a route, like Alertmanager's `groupKey`. */
export function groupKey(route: Route, labels: Labels): string {
  return `${route.key}:${labelsText(labels)}`
}
