import type { Desktop } from './desktops.ts'

/** Where a generation from 24.10 on writes its logs. */
export type Generation = {
  readonly cluster: string
  /** The folder of one instance. */
  readonly folderOf: (one: Desktop) => string
  /** The log of the ALB manager. */
  readonly manager: string
  /** The logs of the portal. */
  readonly web: string
  /** Are the logs of before the mount kept beside the others? */
  readonly hasEarly: boolean
  /** Are lines of high levels written into files of their own, too? */
  readonly hasLevels: boolean
}

export const SOCA_24: Generation = {
  cluster: 'soca-lab',
  folderOf: ({ owner, session, uuid, host }) =>
    `/apps/soca/soca-lab/cluster_node_bootstrap/logs/dcv_node/${owner}/${session}/${uuid}/${host}`,
  manager: '/apps/soca/soca-lab/cluster_manager/orchestrator/logs/dcv_alb_manager.log',
  web: '/apps/soca/soca-lab/cluster_manager/web_interface/logs',
  hasEarly: false,
  hasLevels: false,
}

export const SOCA_25: Generation = {
  ...shared('soca', 'soca-lab'),
  hasEarly: false,
}

export const EDH_26: Generation = {
  ...shared('edh', 'edh-lab'),
  hasEarly: true,
}

function shared(product: string, cluster: string): Omit<Generation, 'hasEarly'> {
  const manager = `/opt/${product}/${cluster}/cluster_manager`
  return {
    cluster,
    folderOf: ({ owner, session, uuid, host }) =>
      `/apps/${product}/${cluster}/shared/logs/bootstrap/dcv_node/${owner}/${session}/${uuid}/${uuid.replace(/^./, 'f')}/${host}`,
    manager: `${manager}/orchestrator/logs/dcv_alb_manager.log`,
    web: `${manager}/web_interface/logs`,
    hasLevels: true,
  }
}
