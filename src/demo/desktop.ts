import type { Cluster } from './clusters.ts'
import type { Course } from './course.ts'
import { random } from './random.ts'

/** What is said of a desktop beforehand. */
export type Part = {
  readonly owner: string
  readonly session: string
  readonly cluster: Cluster
  readonly os: 'linux' | 'windows'
  readonly host: string
  readonly startMs: number
  /** When its owner has the portal delete it, ms; absent if that never happens. */
  readonly endMs?: number
  readonly course: Course
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

/** A desktop with the ids that a seed gives it. */
export function desktopOf(part: Part, row: number, seed: number): Desktop {
  const again = part.endMs === undefined ? '' : ', first'
  const ids = random(seed, `${part.owner}/${part.session}${again}`)
  const known = {
    row,
    instanceId: `i-0${ids.hex(16)}`,
    sessionUuid: ids.uuid(),
    bootstrapUuid: ids.uuid(),
    address: part.host.slice(3).replaceAll('-', '.'),
  }
  return { ...part, ...known, folder: folderOf(part, known) }
}

function folderOf(
  { cluster, owner, session, host }: Part,
  ids: { readonly sessionUuid: string; readonly bootstrapUuid: string },
): string {
  if (cluster.profile === 'soca-2') {
    return `${cluster.apps}/cluster_node_bootstrap/logs/desktop/${owner}/${session}/${host}`
  }
  const path = [owner, session, ids.sessionUuid, ids.bootstrapUuid, host].join('/')
  return `${cluster.apps}/shared/logs/bootstrap/dcv_node/${path}`
}
