import { CLUSTERS } from './clusters.ts'
import { type Desktop, desktopOf, type Part } from './desktop.ts'

const minutes = (count: number): number => count * 60_000
const { aero: AERO, chip: CHIP, studio: STUDIO } = CLUSTERS
const past = { os: 'linux', pace: 5 } as const
const live = { os: 'linux', pace: 1.4 } as const

const FIRST_ROW = 41

const PARTS: readonly Part[] = [
  {
    ...past,
    owner: 'amartin',
    session: 'LinuxDesktop1',
    course: 'ready',
    cluster: AERO,
    host: 'ip-10-12-34-17',
    startMs: -minutes(116),
    answers: 'session',
  },
  {
    ...past,
    owner: 'bjensen',
    session: 'cfdpost',
    course: 'stranger',
    cluster: AERO,
    host: 'ip-10-12-34-52',
    startMs: -minutes(100),
    answers: 'server',
    fails: { phase: 'identity', rule: 'AD join exhausted' },
  },
  {
    ...past,
    owner: 'cdubois',
    session: 'LinuxDesktop2',
    course: 'server-down',
    cluster: AERO,
    host: 'ip-10-12-35-8',
    startMs: -minutes(84),
    answers: 'nothing',
    fails: { phase: 'session', rule: 'dcvserver not running' },
  },
  {
    ...past,
    owner: 'ekowalski',
    session: 'design1',
    course: 'service',
    cluster: STUDIO,
    host: 'ip-10-64-3-18',
    startMs: -minutes(82),
    endMs: -minutes(55),
    answers: 'server',
    fails: { phase: 'session', rule: 'socadcv failed' },
  },
  {
    ...past,
    owner: 'dpatel',
    session: 'meshing',
    course: 'mount-timeout',
    cluster: CHIP,
    host: 'ip-10-40-18-203',
    startMs: -minutes(70),
    answers: 'server',
    fails: { phase: 'mount', rule: 'file system not mounted' },
  },
  {
    ...past,
    owner: 'ekowalski',
    session: 'design1',
    course: 'ready',
    cluster: STUDIO,
    host: 'ip-10-64-3-40',
    startMs: -minutes(52),
    answers: 'session',
  },
  {
    ...past,
    owner: 'fgarcia',
    session: 'render2',
    course: 'packages',
    cluster: STUDIO,
    host: 'ip-10-64-3-77',
    startMs: -minutes(36),
    answers: 'nothing',
    fails: { phase: 'setup', rule: 'package installation failed' },
  },
  {
    ...live,
    owner: 'gnovak',
    session: 'LinuxDesktop1',
    course: 'ready-without-profile',
    cluster: AERO,
    host: 'ip-10-12-36-90',
    startMs: 0,
    answers: 'session',
  },
  {
    ...live,
    owner: 'hsato',
    session: 'paraview',
    course: 'other-version',
    cluster: AERO,
    host: 'ip-10-12-36-114',
    startMs: 24_000,
    answers: 'nothing',
    fails: { phase: 'dcv-install', rule: 'DCV archive of another version, dcv: command not found' },
  },
  {
    ...live,
    owner: 'jokafor',
    session: 'LinuxDesktop1',
    course: 'conda',
    cluster: STUDIO,
    host: 'ip-10-64-3-129',
    startMs: 10_000,
    answers: 'session',
    fails: { phase: 'session', rule: 'conda in front of PATH' },
  },
  {
    ...live,
    owner: 'knguyen',
    session: 'CadStation',
    course: 'ready',
    cluster: STUDIO,
    host: 'ip-10-64-5-21',
    startMs: 40_000,
    os: 'windows',
    answers: 'session',
  },
  {
    ...live,
    owner: 'lrossi',
    session: 'review',
    course: 'sssd',
    cluster: STUDIO,
    host: 'ip-10-64-3-164',
    startMs: 58_000,
    answers: 'server',
    fails: { phase: 'identity', rule: 'sssd offline, so socadcv failed' },
  },
  {
    ...live,
    owner: 'ilindqvist',
    session: 'viz3d',
    course: 'driver',
    cluster: CHIP,
    host: 'ip-10-40-19-66',
    startMs: 76_000,
    answers: 'server',
    fails: { phase: 'gpu', rule: 'NVIDIA driver not installed' },
  },
]

/** The attempts of the demo's desktops in the order of their rows, with the ids that a seed gives them. */
export function desktops(seed: number): readonly Desktop[] {
  return PARTS.map((part, index) => desktopOf(part, FIRST_ROW + index, seed))
}

/** The parts that the demo tells about its desktops beforehand; of one that is asked for again the last. */
export function castList(): readonly Part[] {
  return PARTS.filter(({ endMs }) => endMs === undefined)
}

/** The row of the first desktop that is not told beforehand. */
export const NEXT_ROW = FIRST_ROW + PARTS.length
