/** Where a product generation keeps what the checklist looks at; names in braces are filled in later. */
type Places = {
  /** `soca` or `edh`: what the names of target groups and of Windows folders begin with. */
  readonly product: 'soca' | 'edh'
  /** The folder of the cluster on its controller. */
  readonly home: string
  /** The folder with the logs of a desktop on the shared storage. */
  readonly logs: string
  readonly balancer_log: string
  readonly portal_db: string
  /** The folder of the bootstrap's logs on a Windows host, and its first log. */
  readonly windows_logs: string
  readonly user_data_log: string
}

const EC2LAUNCH = String.raw`C:\ProgramData\Amazon\EC2-Windows\Launch\Log`

const NEWEST: Places = {
  product: 'edh',
  home: '/opt/edh/{cluster}',
  logs: '/apps/edh/{cluster}/shared/logs/bootstrap/dcv_node/{owner}/{name}',
  balancer_log: '/opt/edh/{cluster}/cluster_manager/orchestrator/logs/dcv_alb_manager.log',
  portal_db: '/opt/edh/{cluster}/cluster_manager/web_interface/db.sqlite',
  windows_logs: String.raw`C:\ProgramData\EDH\{instance}`,
  user_data_log: String.raw`C:\ProgramData\EDH\{instance}\01_user_data.ps1.log`,
}

/** By profile. Source: the layouts of SOCA 2.6 to EDH 26.4. */
const PLACES: Readonly<Record<string, Places>> = {
  'soca-2': {
    product: 'soca',
    home: '/apps/soca/{cluster}',
    logs: '/apps/soca/{cluster}/cluster_node_bootstrap/logs/desktop/{owner}/{name}',
    balancer_log: '/apps/soca/{cluster}/cluster_manager/dcv_alb_manager.py.log',
    portal_db: '/apps/soca/{cluster}/cluster_web_ui/db.sqlite',
    windows_logs: EC2LAUNCH,
    user_data_log: `${EC2LAUNCH}\\UserdataExecution.log`,
  },
  'soca-24': {
    product: 'soca',
    home: '/apps/soca/{cluster}',
    logs: '/apps/soca/{cluster}/cluster_node_bootstrap/logs/dcv_node/{owner}/{name}',
    balancer_log: '/apps/soca/{cluster}/cluster_manager/orchestrator/logs/dcv_alb_manager.log',
    portal_db: '/apps/soca/{cluster}/cluster_manager/web_interface/db.sqlite',
    windows_logs: EC2LAUNCH,
    user_data_log: `${EC2LAUNCH}\\UserdataExecution.log`,
  },
  'soca-25': {
    product: 'soca',
    home: '/opt/soca/{cluster}',
    logs: '/apps/soca/{cluster}/shared/logs/bootstrap/dcv_node/{owner}/{name}',
    balancer_log: '/opt/soca/{cluster}/cluster_manager/orchestrator/logs/dcv_alb_manager.log',
    portal_db: '/opt/soca/{cluster}/cluster_manager/web_interface/db.sqlite',
    windows_logs: String.raw`C:\ProgramData\SOCA\{instance}`,
    user_data_log: String.raw`C:\ProgramData\SOCA\{instance}\01_user_data.ps1.log`,
  },
  'edh-26': NEWEST,
}

/** A command with the paths of a generation in it; those of the newest if the generation is not known. */
export function withPlaces(command: string, profile: string): string {
  const places: Readonly<Record<string, string>> = PLACES[profile] ?? NEWEST
  return command.replace(/\{([a-z_]+)\}/g, (whole, key: string) => places[key] ?? whole)
}
