import { loggedBalancing } from './alb-logger.ts'
import { printedBalancing } from './alb-print.ts'
import { postReboot } from './bootstrap-dcv.ts'
import { userData } from './bootstrap-mount.ts'
import { setup, setupWithoutPackages } from './bootstrap-setup.ts'
import { CLUSTERS, type Cluster, type Desktop, desktops } from './cast.ts'
import { condaHost } from './host-conda.ts'
import { sssdHost } from './host-sssd.ts'
import { driverFails } from './nvidia.ts'
import { portalOf } from './portal-api.ts'
import { watcherLog } from './portal-watcher.ts'
import { type Random, random } from './random.ts'
import { type DcvCourse, installDcv, postRebootBegin, postRebootEnd } from './soca2-dcv.ts'
import { computeNode } from './soca2-node.ts'
import { type Moment, moments, type Step, say } from './step.ts'
import { type Stretch, type Take, takesOf } from './take.ts'
import { windowsDesktop } from './windows.ts'

const HISTORY_MS = 120 * 60_000
/** Two runs of the load balancer manager fall into this time, and find all its rules taken. */
const FULL_UNTIL_MS = 240_000
/** So much at the end of a story has DCV answering already. */
const LAST_STEPS_MS = 6_000
/** An instance runs so long after its desktop was asked for. */
const LAUNCH_MS = 18_000
const TAIL_MS = 150_000

/** The whole demo in the order of its moments: the same for the same seed. */
export function script(seed: number): readonly Moment[] {
  const told = desktops(seed).map((desktop) => {
    const values = random(seed, `story of ${desktop.owner}`)
    return {
      take: moments(story(desktop, values), desktop.startMs, desktop.pace),
      besides: moments(besides(desktop, values), desktop.startMs, desktop.pace),
      desktop,
    }
  })
  const own = told.flatMap(({ take, besides }) => [...take, ...besides])
  const takes = told.map(({ desktop, take }) => takeOf(desktop, take))
  const toMs = Math.max(...own.map(({ atMs }) => atMs)) + TAIL_MS
  const stretch = (cluster: Cluster): Stretch => ({ cluster, fromMs: -HISTORY_MS, toMs })
  const all = [
    ...own,
    ...printedCluster(stretch(CLUSTERS.aero), takes, seed),
    ...loggedCluster(stretch(CLUSTERS.chip), takes, seed),
    ...loggedCluster(stretch(CLUSTERS.studio), takes, seed),
  ]
  return all.sort((one, other) => one.atMs - other.atMs)
}

/** What the bootstrap of a desktop logs. Who it is decides how it goes. */
function story(desktop: Desktop, values: Random): Step[] {
  switch (desktop.owner) {
    case 'bjensen':
      return oldDesktop(desktop, values, 'stranger')
    case 'cdubois':
      return oldDesktop(desktop, values, 'server-down')
    case 'hsato':
      return oldDesktop(desktop, values, 'other-version')
    case 'dpatel':
      return [
        ...userData(desktop, values, 'timeout'),
        ...setup(desktop, values),
        ...postReboot(desktop, values, { sessionType: 'virtual', service: 'fails' }),
      ]
    case 'gnovak':
      return [...oldDesktop(desktop, values, 'ready'), siteSetup(desktop, false)]
    case 'ilindqvist':
      return newDesktop(desktop, values, {
        sessionType: 'console',
        service: 'starts',
        gpu: driverFails(desktop),
      })
    case 'fgarcia':
      return [...userData(desktop, values, 'mounted'), ...setupWithoutPackages(desktop, values)]
    case 'knguyen':
      return windowsDesktop(desktop, values)
    case 'lrossi':
      return newDesktop(desktop, values, { sessionType: 'virtual', service: 'fails' })
    default:
      return desktop.cluster === CLUSTERS.aero
        ? [...oldDesktop(desktop, values, 'ready'), siteSetup(desktop, true)]
        : newDesktop(desktop, values, { sessionType: 'virtual', service: 'starts' })
  }
}

function oldDesktop(desktop: Desktop, values: Random, course: DcvCourse): Step[] {
  return [
    ...computeNode(desktop, values, course === 'stranger' ? 'exhausted' : 'joins'),
    ...postRebootBegin(desktop),
    ...installDcv(desktop, values, course),
    ...postRebootEnd(desktop, values, course),
  ]
}

/** A script of the site's own. Where its server does not answer, a failure that no rule knows: the desktop is ready all the same. */
function siteSetup({ cluster, folder, owner }: Desktop, isAnswered: boolean): Step {
  const refusal = `site setup: ERROR could not fetch the profile of ${owner}: unexpected answer 418 from profiles.${cluster.domain}`
  return say(1_000, `${folder}/ComputeNodeUserCustomization.log`, [
    `site setup: reading the profile of ${owner}`,
    ...(isAnswered ? [] : Array<string>(3).fill(refusal)),
    'site setup: done',
  ])
}

function newDesktop(desktop: Desktop, values: Random, course: Parameters<typeof postReboot>[2]): Step[] {
  return [
    ...userData(desktop, values, 'mounted'),
    ...setup(desktop, values),
    ...postReboot(desktop, values, course),
  ]
}

/** What the host itself logs, where its own logs are in the tree. */
function besides(desktop: Desktop, values: Random): Step[] {
  if (desktop.owner === 'jokafor') return condaHost(desktop, values)
  return desktop.owner === 'lrossi' ? sssdHost(desktop, values) : []
}

function takeOf(desktop: Desktop, own: readonly Moment[]): Take {
  const { startMs, pace, answers } = desktop
  const endMs = own.at(-1)?.atMs ?? startMs
  return {
    desktop,
    startMs,
    runningMs: startMs + LAUNCH_MS * pace,
    answersMs: answers === 'nothing' ? undefined : endMs - LAST_STEPS_MS * pace,
  }
}

function printedCluster(stretch: Stretch, all: readonly Take[], seed: number): Moment[] {
  const takes = takesOf(all, stretch.cluster)
  const balancing = printedBalancing(stretch, {
    takes,
    values: random(seed, 'balancer of soca-aero'),
    full: (atMs) => atMs >= 0 && atMs < FULL_UNTIL_MS,
  })
  const portal = takes.flatMap((take) =>
    portalOf(take, balancing.ruleMs.get(take.desktop.host), stretch.toMs),
  )
  return [...balancing.moments, ...portal]
}

function loggedCluster(stretch: Stretch, all: readonly Take[], seed: number): Moment[] {
  const takes = takesOf(all, stretch.cluster)
  const values = random(seed, `controller of ${stretch.cluster.id}`)
  const { moments: runs, ruleMs } = loggedBalancing(stretch, { takes, values })
  return [...runs, ...watcherLog(stretch, { takes, ruleMs, values })]
}
