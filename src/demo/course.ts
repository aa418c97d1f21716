import { postReboot } from './bootstrap-dcv.ts'
import { userData } from './bootstrap-mount.ts'
import { setup, setupWithoutPackages } from './bootstrap-setup.ts'
import type { Desktop } from './desktop.ts'
import { condaHost } from './host-conda.ts'
import { sssdHost } from './host-sssd.ts'
import { driverFails } from './nvidia.ts'
import type { Random } from './random.ts'
import { type DcvCourse, installDcv } from './soca2-dcv.ts'
import { computeNode } from './soca2-node.ts'
import { postRebootBegin, postRebootEnd } from './soca2-post-reboot.ts'
import { type Step, say } from './step.ts'
import { windowsDesktop } from './windows.ts'

/** How it goes with a desktop: some belong to SOCA 2.7 only (`DcvCourse`), the others to what came after it. */
export type Course =
  | DcvCourse
  | 'ready-without-profile'
  | 'mount-timeout'
  | 'packages'
  | 'driver'
  | 'service'
  /** The service fails, too, and the host's own logs tell why. */
  | 'sssd'
  /** The bootstrap reports that it is ready; the host's own logs show that it is not. */
  | 'conda'

/** What the bootstrap of a desktop logs. */
export function story(desktop: Desktop, values: Random): Step[] {
  if (desktop.os === 'windows') return windowsDesktop(desktop, values)
  const virtual = { sessionType: 'virtual' } as const
  switch (desktop.course) {
    case 'stranger':
    case 'server-down':
    case 'other-version':
      return oldDesktop(desktop, values, desktop.course)
    case 'ready-without-profile':
      return [...oldDesktop(desktop, values, 'ready'), siteSetup(desktop, false)]
    case 'mount-timeout':
      return [
        ...userData(desktop, values, 'timeout'),
        ...setup(desktop, values),
        ...postReboot(desktop, values, { ...virtual, service: 'fails' }),
      ]
    case 'packages':
      return [...userData(desktop, values, 'mounted'), ...setupWithoutPackages(desktop, values)]
    case 'driver':
      return newDesktop(desktop, values, {
        sessionType: 'console',
        service: 'starts',
        gpu: driverFails(desktop),
      })
    case 'service':
    case 'sssd':
      return newDesktop(desktop, values, { ...virtual, service: 'fails' })
    case 'conda':
      return newDesktop(desktop, values, { ...virtual, service: 'starts' })
    case 'ready':
      return desktop.cluster.profile === 'soca-2'
        ? [...oldDesktop(desktop, values, 'ready'), siteSetup(desktop, true)]
        : newDesktop(desktop, values, { ...virtual, service: 'starts' })
  }
}

/** What the host itself logs, where its own logs are in the tree. */
export function besides(desktop: Desktop, values: Random): Step[] {
  if (desktop.course === 'conda') return condaHost(desktop, values)
  return desktop.course === 'sssd' ? sssdHost(desktop, values) : []
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
