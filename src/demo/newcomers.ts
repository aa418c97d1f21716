import { NEXT_ROW } from './cast.ts'
import { CLUSTERS, type Cluster } from './clusters.ts'
import type { Course } from './course.ts'
import { type Desktop, desktopOf, type Part } from './desktop.ts'
import { random } from './random.ts'

/** A part of the story after its beginning: some minutes of all machines. */
export type Chapter = {
  readonly number: number
  readonly seed: number
  readonly fromMs: number
  readonly toMs: number
}

const OWNERS = ['mokoye', 'nsilva', 'oberg', 'pmurphy', 'qzhang', 'rhaddad', 'sdupont', 'tmeyer', 'uyilmaz']
const SESSIONS = ['solver', 'mesh', 'cad', 'post', 'review', 'render'] as const
const FIRST_AFTER_MS = 12_000
/** The time between the requests on two clusters: short enough that all desktops of a chapter are up before it ends. */
const EVERY_MS = 170_000
/** Its owner has it deleted after so long. */
const USED_MS = 3_600_000

type Outcome = Pick<Part, 'course' | 'answers' | 'fails'>

const READY: Outcome = { course: 'ready', answers: 'session' }
const fails = (course: Course, answers: Part['answers'], phase: string, rule: string): Outcome => ({
  ...{ course, answers, fails: { phase, rule } },
})
/** The outcomes of new desktops on clusters of SOCA 2.x, taken in turn. */
const OLD: readonly Outcome[] = [
  READY,
  READY,
  fails('server-down', 'nothing', 'session', 'dcvserver not running'),
  READY,
  fails('stranger', 'server', 'identity', 'AD join exhausted'),
]
const LATER: readonly Outcome[] = [
  READY,
  fails('driver', 'server', 'gpu', 'NVIDIA driver not installed'),
  READY,
  READY,
  fails('service', 'server', 'session', 'socadcv failed'),
  READY,
  fails('packages', 'nothing', 'setup', 'package installation failed'),
]

/** The desktops that are asked for in a chapter, one on each cluster; no name comes twice. */
export function newcomers({ number, seed, fromMs }: Chapter): readonly Desktop[] {
  return Object.values(CLUSTERS).map((cluster, index, all) => {
    const count = (number - 1) * all.length + index
    const startMs = fromMs + FIRST_AFTER_MS + index * EVERY_MS
    return desktopOf(partOf(cluster, count, startMs), NEXT_ROW + count, seed)
  })
}

function partOf(cluster: Cluster, count: number, startMs: number): Part {
  const values = random(1, `newcomer ${count}`)
  const outcomes = cluster.profile === 'soca-2' ? OLD : LATER
  const at = count + (cluster.profile === 'edh-26' ? 3 : 0)
  return {
    owner: OWNERS[count % OWNERS.length] ?? '',
    session: `${values.pick(SESSIONS)}${count + 1}`,
    cluster,
    os: 'linux',
    // Hosts of before are below 100; the addresses of those that are long gone are given out again.
    host: `${cluster.hosts}-${100 + (Math.floor(count / 250) % 150)}-${4 + (count % 250)}`,
    startMs,
    endMs: startMs + USED_MS,
    pace: 1,
    ...(outcomes[Math.floor(at / 3) % outcomes.length] ?? READY),
  }
}
