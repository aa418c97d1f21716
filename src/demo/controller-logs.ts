import type { Cluster } from './clusters.ts'

/** The log of the load balancer manager. */
export function balancerLog({ profile, home }: Cluster): string {
  return profile === 'soca-2'
    ? `${home}/cluster_manager/dcv_alb_manager.py.log`
    : `${home}/cluster_manager/orchestrator/logs/dcv_alb_manager.log`
}

/** The log of the job that watches the states of desktops; SOCA 2.7 has none. */
export function watcherFile({ home }: Cluster): string {
  return `${home}/cluster_manager/web_interface/logs/scheduled_tasks/virtual_desktops/session_state_watcher.log`
}

/** A log of the portal of SOCA 2.7. */
export function portalLog({ home }: Cluster, name: 'api' | 'application'): string {
  return `${home}/cluster_web_ui/logs/${name}.log`
}

/** All that a controller writes again and again. */
export function controllerLogs(cluster: Cluster): string[] {
  const others =
    cluster.profile === 'soca-2'
      ? [portalLog(cluster, 'api'), portalLog(cluster, 'application')]
      : [watcherFile(cluster)]
  return [balancerLog(cluster), ...others]
}
