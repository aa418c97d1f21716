import { random } from './random.ts'

/** A cluster of the demo: one product generation each. Folders are paths below the root. */
export type Cluster = {
  readonly id: string
  readonly profile: 'soca-2' | 'soca-25' | 'edh-26'
  /** Shared file system of the cluster. */
  readonly apps: string
  /** Where the controller keeps its own files. */
  readonly home: string
  /** Name that the product gives itself in paths and tags. */
  readonly product: 'soca' | 'edh'
  readonly domain: string
  readonly region: string
  readonly controller: string
  readonly balancer: string
}

type Part = {
  readonly owner: string
  readonly session: string
  readonly cluster: Cluster
  readonly os: 'linux' | 'windows'
  readonly host: string
  readonly startMs: number
  /** How many times as slow as written: history has a real desktop's pace. */
  readonly pace: number
  /** What answers at the host when its story is over. */
  readonly answers: 'session' | 'server' | 'nothing'
  readonly fails?: { readonly phase: string; readonly rule: string }
}

export type Desktop = Part & {
  /** The row of the portal's table. */
  readonly row: number
  readonly instanceId: string
  readonly sessionUuid: string
  readonly bootstrapUuid: string
  readonly address: string
  /** Folder of its bootstrap logs. */
  readonly folder: string
}

export const ACCOUNT = '111122223333'
export const DIRECTORY_PASSWORD = 'Quay!Tr4wler-9-Brindle'
export const AUTH_TOKEN =
  'Z0FBQUFBQm5xMlhSdVQ4bEpsV3ZmcE9zN0dYd1hDVnRqUTJyRWc0eW1IYkFLb05pMFVlUzZJZEZhelFZTXFQeFRjTA=='

const AERO: Cluster = {
  id: 'soca-aero',
  profile: 'soca-2',
  apps: 'apps/soca/soca-aero',
  home: 'apps/soca/soca-aero',
  product: 'soca',
  domain: 'aero.example.com',
  region: 'eu-west-1',
  controller: 'ip-10-12-0-20',
  balancer: 'app/soca-aero-viewer/3f81c0d2a6b94e57',
}
const CHIP: Cluster = {
  id: 'soca-chip',
  profile: 'soca-25',
  apps: 'apps/soca/soca-chip',
  home: 'opt/soca/soca-chip',
  product: 'soca',
  domain: 'chip.example.com',
  region: 'us-east-2',
  controller: 'ip-10-40-0-11',
  balancer: 'app/soca-chip-viewer/90ab7d3e15c2f684',
}
const STUDIO: Cluster = {
  id: 'edh-studio',
  profile: 'edh-26',
  apps: 'apps/edh/edh-studio',
  home: 'opt/edh/edh-studio',
  product: 'edh',
  domain: 'studio.example.com',
  region: 'eu-central-1',
  controller: 'ip-10-64-0-31',
  balancer: 'app/edh-studio-viewer/c47e2b6091fd8a35',
}

export const CLUSTERS = { aero: AERO, chip: CHIP, studio: STUDIO }

const minutes = (count: number): number => count * 60_000
const past = { os: 'linux', pace: 5 } as const
const live = { os: 'linux', pace: 1.4 } as const

const PARTS: readonly Part[] = [
  {
    ...past,
    owner: 'amartin',
    session: 'LinuxDesktop1',
    cluster: AERO,
    host: 'ip-10-12-34-17',
    startMs: -minutes(116),
    answers: 'session',
  },
  {
    ...past,
    owner: 'bjensen',
    session: 'cfdpost',
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
    cluster: AERO,
    host: 'ip-10-12-35-8',
    startMs: -minutes(84),
    answers: 'nothing',
    fails: { phase: 'session', rule: 'dcvserver not running' },
  },
  {
    ...past,
    owner: 'dpatel',
    session: 'meshing',
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
    cluster: STUDIO,
    host: 'ip-10-64-3-40',
    startMs: -minutes(52),
    answers: 'session',
  },
  {
    ...past,
    owner: 'fgarcia',
    session: 'render2',
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
    cluster: AERO,
    host: 'ip-10-12-36-90',
    startMs: 0,
    answers: 'session',
  },
  {
    ...live,
    owner: 'hsato',
    session: 'paraview',
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
    cluster: CHIP,
    host: 'ip-10-40-19-66',
    startMs: 76_000,
    answers: 'server',
    fails: { phase: 'gpu', rule: 'NVIDIA driver not installed' },
  },
]

/** The desktops of the demo in the order of their rows, with the ids that a seed gives them. */
export function desktops(seed: number): readonly Desktop[] {
  return PARTS.map((part, index) => {
    const ids = random(seed, `${part.owner}/${part.session}`)
    const known = {
      row: 41 + index,
      instanceId: `i-0${ids.hex(16)}`,
      sessionUuid: ids.uuid(),
      bootstrapUuid: ids.uuid(),
      address: part.host.slice(3).replaceAll('-', '.'),
    }
    return { ...part, ...known, folder: folderOf(part, known) }
  })
}

/** The parts that the demo tells about its desktops beforehand. */
export function castList(): readonly Part[] {
  return PARTS
}

function folderOf(
  { cluster, owner, session, host, os }: Part,
  ids: { readonly instanceId: string; readonly sessionUuid: string; readonly bootstrapUuid: string },
): string {
  if (os === 'windows') return `C/ProgramData/EDH/${ids.instanceId}`
  if (cluster.profile === 'soca-2') {
    return `${cluster.apps}/cluster_node_bootstrap/logs/desktop/${owner}/${session}/${host}`
  }
  const path = [owner, session, ids.sessionUuid, ids.bootstrapUuid, host].join('/')
  return `${cluster.apps}/shared/logs/bootstrap/dcv_node/${path}`
}
