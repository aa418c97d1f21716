import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadLayouts } from '../../src/collect/load-layouts.ts'
import { asGeneric } from '../../src/collect/log-names.ts'

const layouts = loadLayouts([fileURLToPath(new URL('../../rules', import.meta.url))])
const uuid = '1a5c3c4d-0b6e-4f2a-9d61-0a1b2c3d4e5f'
const boot = '7f0e9d8c-1111-4222-8333-444455556666'

/** Profile, source, format and the known parts of the identity on one line. */
function said(path: string, root?: string): string {
  const place = layouts.place(path, root)
  if (place === undefined) return 'unknown'
  const { profile, source, format, identity } = place.placement
  const known = Object.entries(identity).filter(([, value]) => value !== '')
  return [profile, source, format, ...known.map(([name, value]) => `${name}=${value}`)].join(' ')
}

const shown = (path: string, root?: string) => layouts.place(path, root)?.path

const soca2 = '/apps/soca/soca-demo'
const desktop2 = `${soca2}/cluster_node_bootstrap/logs/desktop/mickael/LinuxDesktop1/ip-10-0-159-130`
const desktop24 = `${soca2}/cluster_node_bootstrap/logs/dcv_node/anna/desk/${uuid}/ip-10-0-1-2`
const desktop25 = `${soca2}/shared/logs/bootstrap/dcv_node/anna/desk/${uuid}/${boot}/ip-10-0-1-2`
const desktop26 = `/apps/edh/edh-demo/shared/logs/bootstrap/dcv_node/anna/desk/${uuid}/${boot}/ip-10-0-1-2`
const manager24 = `${soca2}/cluster_manager`
const manager25 = '/opt/soca/soca-demo/cluster_manager'
const manager26 = '/opt/edh/edh-demo/cluster_manager'

const who2 = 'cluster=soca-demo owner=mickael session=LinuxDesktop1 host=ip-10-0-159-130'
const who24 = `cluster=soca-demo owner=anna session=desk sessionUuid=${uuid} host=ip-10-0-1-2`
const who26 = who24.replace('soca-demo', 'edh-demo')

const generations: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'SOCA 2': [
    [`${desktop2}/ComputeNode.sh.log`, `soca-2 compute-node bash-xtrace ${who2}`],
    [`${desktop2}/ComputeNodePostReboot.log`, `soca-2 post-reboot bash-xtrace ${who2}`],
    [`${desktop2}/ComputeNodeInstallDCV.log`, `soca-2 install-dcv plain ${who2}`],
    [`${desktop2}/ComputeNodeUserCustomization.log`, `soca-2 user-customization plain ${who2}`],
    [`${desktop2}/ComputeNodeConfigureMetrics.log`, `soca-2 configure-metrics plain ${who2}`],
    [`${desktop2}/rc_local.log`, `soca-2 rc-local plain ${who2}`],
    [`${desktop2}/UserdataExecution.log`, `soca-2 win-userdata ec2launch-v1 ${who2}`],
    [`${desktop2}/UserdataExecutionSOCA.log`, `soca-2 win-userdata-soca win-soca ${who2}`],
    [
      `${desktop2.replace('bootstrap', 'boostrap')}/ComputeNode.sh.log`,
      `soca-2 compute-node bash-xtrace ${who2}`,
    ],
    [`${soca2}/cluster_manager/dcv_alb_manager.py.log`, 'soca-2 alb-manager alb-print cluster=soca-demo'],
    [`${soca2}/cluster_web_ui/logs/api.log`, 'soca-2 web-ui web-ui-2 cluster=soca-demo'],
    [`${soca2}/cluster_web_ui/logs/application.log`, 'soca-2 web-ui web-ui-2 cluster=soca-demo'],
    [`${soca2}/cluster_web_ui/logs/scheduled_tasks.log`, 'soca-2 scheduled-tasks web-ui-2 cluster=soca-demo'],
    [`${soca2}/cluster_web_ui/logs/uwsgi.log`, 'soca-2 uwsgi uwsgi cluster=soca-demo'],
    [`${soca2}/cluster_manager/logs/high.log`, 'soca-2 controller-other generic cluster=soca-demo'],
    [`${soca2}/cluster_analytics/job_tracking.log`, 'soca-2 controller-other generic cluster=soca-demo'],
    ['/root/PostRebootConfig.log', 'soca-2 controller-other generic'],
  ],
  'SOCA 24.10': [
    [`${desktop24}/02_setup.log`, `soca-24 setup bootstrap ${who24}`],
    [`${desktop24}/03_setup_post_reboot.log`, `soca-24 setup-post-reboot bootstrap ${who24}`],
    [`${desktop24}/UserdataExecution.log`, `soca-24 win-userdata ec2launch-v1 ${who24}`],
    [`${desktop24}/messages`, `soca-24 messages syslog ${who24}`],
    [`${desktop24}/cloud-init-output.log`, `soca-24 cloud-init-output cloud-init-output ${who24}`],
    [`${manager24}/orchestrator/logs/dcv_alb_manager.log`, 'soca-24 alb-manager alb-print cluster=soca-demo'],
    [`${manager24}/web_interface/logs/web_interface.log`, 'soca-24 web-ui soca-logger cluster=soca-demo'],
    [`${manager24}/web_interface/logs/uwsgi.log`, 'soca-24 uwsgi uwsgi cluster=soca-demo'],
  ],
  'SOCA 25.3': [
    [`${desktop25}/01_user_data.sh.log`, `soca-25 user-data bootstrap ${who24}`],
    [`${desktop25}/cloud-init.log`, `soca-25 cloud-init cloud-init ${who24}`],
    [`${desktop25}/bootstrap_FATAL.log`, `soca-25 bootstrap-level bootstrap ${who24}`],
    [`${manager25}/orchestrator/logs/dcv_alb_manager.log`, 'soca-25 alb-manager generic cluster=soca-demo'],
    ['/root/soca_bootstrap_i-0abc12345/logs/filesystems_mount.log', 'soca-25 filesystems-mount bootstrap'],
    ['/C/ProgramData/SOCA/i-0abc12345/02_setup.ps1.log', 'soca-25 win-bootstrap win-edh host=i-0abc12345'],
    ['/ProgramData/SOCA/i-0abc12345/dcv_install_msi.log', 'soca-25 win-dcv-msi win-edh host=i-0abc12345'],
  ],
  'EDH 26.4': [
    [`${desktop26}/01_user_data.sh.log`, `edh-26 user-data bootstrap ${who26}`],
    [`${desktop26}/install_required_packages.sh.log`, `edh-26 install-packages bootstrap ${who26}`],
    [`${desktop26}/filesystems_mount.log`, `edh-26 filesystems-mount bootstrap ${who26}`],
    [`${desktop26}/02_setup.log`, `edh-26 setup bootstrap ${who26}`],
    [`${desktop26}/03_setup_post_reboot.log`, `edh-26 setup-post-reboot bootstrap ${who26}`],
    [`${desktop26}/bootstrap_s3_location.log`, `edh-26 bootstrap-s3 bootstrap ${who26}`],
    [`${desktop26}/bootstrap_WARNING.log`, `edh-26 bootstrap-level bootstrap ${who26}`],
    [`${desktop26}/messages`, `edh-26 messages syslog ${who26}`],
    [
      `${desktop26}/cloud-init-output-post-filesystems-mount-1790000000.log`,
      `edh-26 cloud-init-output cloud-init-output ${who26}`,
    ],
    [`${desktop26}/nvidia-installer-driver.log`, `edh-26 nvidia-installer plain ${who26}`],
    [`${manager26}/orchestrator/logs/dcv_alb_manager.log`, 'edh-26 alb-manager soca-logger cluster=edh-demo'],
    [`${manager26}/orchestrator/logs/nodes_manager.log`, 'edh-26 controller-other generic cluster=edh-demo'],
    [
      `${manager26}/web_interface/logs/scheduled_tasks/virtual_desktops/session_state_watcher.log`,
      'edh-26 state-watcher soca-logger cluster=edh-demo',
    ],
    [
      `${manager26}/web_interface/logs/scheduled_tasks/virtual_desktops/schedule_management.log`,
      'edh-26 scheduled-tasks soca-logger cluster=edh-demo',
    ],
    [
      `${manager26}/web_interface/logs/scheduled_tasks/of/tomorrow.log`,
      'edh-26 scheduled-tasks soca-logger cluster=edh-demo',
    ],
    [`${desktop26}/02_setup.ps1.log`, `edh-26 win-bootstrap win-edh ${who26}`],
    [`${desktop26}/dcv_install_msi.log`, `edh-26 win-dcv-msi win-edh ${who26}`],
    ['/root/edh_bootstrap_i-0abc12345/logs/01_user_data.sh.log', 'edh-26 user-data bootstrap'],
    ['/c/ProgramData/EDH/i-0abc12345/bootstrap_ERROR.log', 'edh-26 bootstrap-level win-edh host=i-0abc12345'],
    ['/ProgramData/EDH/i-0abc12345/01_user_data.ps1.log', 'edh-26 win-bootstrap win-edh host=i-0abc12345'],
  ],
  hosts: [
    ['/var/log/dcv/server.log', 'host dcv-server dcv'],
    ['/var/log/dcv/agent.console.log', 'host dcv-agent dcv'],
    ['/var/log/dcv/agent.ubuntu.console.log', 'host dcv-agent dcv owner=ubuntu session=console'],
    ['/var/log/dcv/agent.anna.desk.log', 'host dcv-agent dcv owner=anna session=desk'],
    ['/var/log/dcv/agent.anna.log', 'host dcv-agent dcv'],
    [`/var/log/dcv/agent.${uuid}.log`, `host dcv-agent dcv sessionUuid=${uuid}`],
    [`/var/log/dcv/agent.j.doe.${uuid}_session.log`, `host dcv-agent dcv owner=j.doe sessionUuid=${uuid}`],
    ['/var/log/dcv/agent.j.doe@dom.local.desk.log', 'host dcv-agent dcv owner=j.doe@dom.local session=desk'],
    ['/var/log/dcv/agentlauncher.gdm.log', 'host dcv-agentlauncher dcv'],
    ['/var/log/dcv/agentlauncher.anna.log', 'host dcv-agentlauncher dcv owner=anna'],
    ['/var/log/dcv/sessionlauncher.log', 'host dcv-sessionlauncher dcv'],
    ['/var/log/dcv/dcv-xsession.anna.desk.log', 'host dcv-xsession plain owner=anna session=desk'],
    ['/var/log/dcv/dcv-session.anna.desk.log', 'host dcv-xsession plain owner=anna session=desk'],
    [`/var/log/dcv/Xdcv.j.doe.${uuid}.log`, `host xdcv xorg owner=j.doe sessionUuid=${uuid}`],
    ['/var/log/dcv/server_stdout.log', 'host dcv-other generic'],
    ['/var/log/dcv-connection-gateway/gateway.log', 'host dcv-other gateway'],
    ['/var/log/dcv-session-manager-agent/agent.log', 'host dcv-other generic'],
    ['/var/log/cloud-init.log', 'host cloud-init cloud-init'],
    ['/var/log/cloud-init', 'host cloud-init cloud-init'],
    ['/var/log/cloud-init-output.log', 'host cloud-init-output cloud-init-output'],
    ['/var/log/messages', 'host messages syslog'],
    ['/var/log/syslog', 'host messages syslog'],
    ['/var/log/secure', 'host secure syslog'],
    ['/var/log/auth.log', 'host secure syslog'],
    ['/var/log/audit/audit.log', 'host secure audit'],
    ['/var/log/Xorg.0.log', 'host xorg xorg'],
    ['/var/log/nvidia-installer.log', 'host nvidia-installer plain'],
    ['/var/log/sssd/sssd_nss.log', 'host sssd sssd'],
    ['/etc/motd', 'host motd plain'],
    ['/var/spool/mail/root', 'host cron-mail mail'],
    ['/root/enable_dcvgladmin.log', 'host dcv-other generic'],
    ['/home/anna/.xsession-errors', 'host xsession-errors plain owner=anna'],
    ['/data/home/anna/.xsession-errors', 'host xsession-errors plain owner=anna'],
    ['/C/ProgramData/Amazon/EC2-Windows/Launch/Log/UserdataExecution.log', 'host win-userdata ec2launch-v1'],
    [
      '/ProgramData/Amazon/EC2-Windows/Launch/Log/UserdataExecutionSOCA.log',
      'host win-userdata-soca win-soca',
    ],
    ['/c/ProgramData/Amazon/EC2Launch/log/agent.log', 'host ec2launch ec2launch-v2'],
    ['/C/ProgramData/NICE/dcv/log/server.log', 'host dcv-server dcv'],
    ['/C/programdata/nice/DCV/Log/Server.log', 'host dcv-server dcv'],
    ['/ProgramData/NICE/DCV/log/agent.console.log', 'host dcv-agent dcv'],
  ],
}

describe.each(Object.entries(generations))('default locations of %s', (_, paths) => {
  it.each(paths)('%s', (path, expected) => {
    expect(said(path)).toBe(expected)
    expect(said(`/srv/tree${path}`, '/srv/tree')).toBe(expected)
    expect(said(`/srv/tree${path}`, '/srv/tree/')).toBe(expected)
    expect(shown(`/srv/tree${path}`, '/srv/tree')).toBe(path)
    expect(shown(path, '/')).toBe(path)
    expect(said(`/srv/tree${path}`)).toBe(expected)
    expect(shown(`/srv/tree${path}`)).toBe(path)
  })
})

describe('what is not a log of a desktop', () => {
  it.each([
    `${soca2}/cluster_node_bootstrap/logs/1234/ip-10-0-1-2/ComputeNode.sh.log`,
    `/tmp/logs/1234/ip-10-0-1-2/ComputeNode.sh.log`,
    `${soca2}/cluster_node_bootstrap/logs/compute_node/1234/${uuid}/ip-10-0-1-2/02_setup.log`,
    `${desktop26.replace('dcv_node', 'compute_node')}/02_setup.log`,
    `${desktop26.replace('dcv_node', 'compute_node')}/messages`,
    `${desktop26.replace('dcv_node', 'login_node')}/cloud-init-output-final-1790000000.log`,
    `${desktop24}/02_setup.sh`,
    `${desktop26}/02_setup.log.cache`,
    `${desktop26}/.nfs00000000012`,
    `${soca2}/cluster_node_bootstrap/ad_automation/join_domain_user.cache`,
    `${soca2}/cluster_web_ui/db.sqlite`,
    '/root/soca_preinstalled_packages.log',
    '/var/log/dcv',
    '/var/log/dcv/audit.csv',
    '/home/anna/root',
    '/home/anna/notes.log',
    '/home/anna/agent.log',
    '/home/anna/error.log',
    '/home/anna/motd',
    '/home/anna/secure',
    '/',
    '',
  ])('%s', (path) => {
    expect(said(path)).toBe('unknown')
    expect(said(`/srv/tree${path}`, '/srv/tree')).toBe('unknown')
  })

  it('is what lies beside the root', () => {
    expect(said('/srv/tree2/var/log/dcv/server.log', '/srv/tree')).toBe('unknown')
  })
})

describe('files found by the end of their path', () => {
  it.each([
    ['/tmp/server.log', 'host dcv-server dcv'],
    ['/tmp/02_setup.log', 'edh-26 setup bootstrap'],
    ['/tmp/messages', 'host messages syslog'],
    ['/tmp/dcv_alb_manager.py.log', 'soca-2 alb-manager alb-print'],
    ['/tmp/dcv_alb_manager.log', 'edh-26 alb-manager soca-logger'],
    ['/tmp/cloud-init-output-final-1790000000.log', 'host cloud-init-output cloud-init-output'],
    ['/tmp/sssd_example.com.log', 'host sssd sssd'],
    ['/tmp/EC2Launch/log/error.log', 'host ec2launch ec2launch-v2'],
    ['/tmp/mail/root', 'host cron-mail mail'],
    ['/copy/var/spool/mail/jdoe', 'host user-mail mail owner=jdoe'],
    ['/tmp/desk/ComputeNode.sh.log', 'soca-2 compute-node bash-xtrace'],
    ['/tmp/ip-10-0-1-2/ComputeNode.sh.log', 'soca-2 compute-node bash-xtrace host=ip-10-0-1-2'],
    [
      '/tmp/desktop/anna/desk/node7/ComputeNode.sh.log',
      'soca-2 compute-node bash-xtrace owner=anna session=desk host=node7',
    ],
    [
      '/mnt/soca-demo/cluster_node_bootstrap/logs/desktop/anna/desk/node7/ComputeNode.sh.log',
      'soca-2 compute-node bash-xtrace cluster=soca-demo owner=anna session=desk host=node7',
    ],
    [
      `/tmp/dcv_node/anna/desk/${uuid}/ip-10-0-1-2/02_setup.log`,
      `soca-24 setup bootstrap owner=anna session=desk sessionUuid=${uuid} host=ip-10-0-1-2`,
    ],
    [
      `/tmp/dcv_node/anna/desk/${uuid}/${boot}/ip-10-0-1-2/02_setup.log`,
      `edh-26 setup bootstrap owner=anna session=desk sessionUuid=${uuid} host=ip-10-0-1-2`,
    ],
    [
      `/tmp/soca/a/shared/logs/bootstrap/dcv_node/anna/desk/${uuid}/${boot}/ip-10-0-1-2/02_setup.log`,
      `soca-25 setup bootstrap cluster=a owner=anna session=desk sessionUuid=${uuid} host=ip-10-0-1-2`,
    ],
    [
      '/tmp/bootstrap_logs_pre_filesystem_mount/dcv_node/anna/desk/ip-10-0-1-2/filesystems_mount.log',
      'edh-26 filesystems-mount bootstrap owner=anna session=desk host=ip-10-0-1-2',
    ],
    [
      '/tmp/desktop/compute_node/desk/node7/ComputeNode.sh.log',
      'soca-2 compute-node bash-xtrace owner=compute_node session=desk host=node7',
    ],
  ])('%s', (path, expected) => {
    expect(said(path)).toBe(expected)
    expect(shown(path)).toBe(path)
    expect(said(`/srv/tree${path}`, '/srv/tree')).toBe(expected)
    expect(shown(`/srv/tree${path}`, '/srv/tree')).toBe(path)
  })
})

describe('the folder that collected logs lie in', () => {
  it.each([
    ['/tmp/collected/ip-10-0-1-2/var/log/dcv/server.log', 'ip-10-0-1-2'],
    ['/tmp/collected/ip-10-0-1-2/C/ProgramData/EDH/i-0abc12345/02_setup.ps1.log', 'ip-10-0-1-2'],
    ['/tmp/collected/C/ProgramData/EDH/i-0abc12345/02_setup.ps1.log', 'i-0abc12345'],
    [
      '/tmp/ip-10-0-1-2.eu-west-1.compute.internal/var/log/messages',
      'ip-10-0-1-2.eu-west-1.compute.internal',
    ],
    ['/srv/i-0123456789abcdef0/var/log/messages', 'i-0123456789abcdef0'],
    ['/srv/EC2AMAZ-7F00AA/C/ProgramData/NICE/dcv/log/server.log', 'EC2AMAZ-7F00AA'],
    ['/srv/desktop-7/var/log/messages', 'desktop-7'],
    ['/srv/ip-10-0-1-2/dcv/server.log', 'ip-10-0-1-2'],
    ['/srv/ip-10-0-1-2.tgz!/var/log/dcv/server.log', 'ip-10-0-1-2'],
    ['/srv/debug-bundle-ip-10-0-1-2-20261120/var/log/dcv/server.log', 'ip-10-0-1-2'],
    ['/srv/host_ip-10-0-1-2/dcv/server.log', 'ip-10-0-1-2'],
    ['/srv/ship-10-0-1-2/dcv/server.log', ''],
    ['/srv/desktop-7/dcv/server.log', ''],
    ['/srv/desktop-7.tgz!/var/log/dcv/server.log', ''],
    ['/tmp/desktop-7/var/log/messages', ''],
    ['/srv/x/var/log/messages', ''],
    ['/srv/2024-09-05/var/log/messages', ''],
    ['/srv/logs-3/var/log/messages', ''],
    ['/srv/my logs 3/var/log/messages', ''],
    ...['tmp', 'root', 'logs', 'collected', 'data', 'soca-demo'].map((name) => [
      `/srv/${name}/var/log/messages`,
      '',
    ]),
  ])('%s: host "%s"', (path, host) => {
    expect(layouts.place(path ?? '')?.placement.identity.host).toBe(host)
  })

  it('is the nearest one named after a host for a log that no layout knows', () => {
    const hostOf = (path: string, root?: string) => asGeneric(path, root).place.placement.identity.host
    expect(hostOf('/srv/ip-10-0-1-2/exports/System-events.txt')).toBe('ip-10-0-1-2')
    expect(hostOf('/srv/ip-10-0-1-2/copies/ip-10-0-1-3/notes.log')).toBe('ip-10-0-1-3')
    expect(hostOf('/srv/ip-10-0-1-2/notes.log', '/srv/ip-10-0-1-2')).toBe('')
    expect(hostOf('/srv/desktop-7/notes.log')).toBe('')
  })

  it('counts below a root too, but not the root itself', () => {
    const path = '/srv/ip-10-0-1-2/var/log/dcv/server.log'
    expect(said(path, '/srv')).toBe('host dcv-server dcv host=ip-10-0-1-2')
    expect(shown(path, '/srv')).toBe('/ip-10-0-1-2/var/log/dcv/server.log')
    expect(said(path, '/srv/ip-10-0-1-2')).toBe('host dcv-server dcv')
  })

  it.each([
    [`${desktop2}/var/log/messages`, `soca-2 messages syslog ${who2}`],
    [`/srv/case-7${desktop2}/collected/var/log/dcv/server.log`, `soca-2 dcv-server dcv ${who2}`],
    [`${desktop2}/messages`, `soca-2 messages syslog ${who2}`],
    [`${desktop2}/secure`, `soca-2 secure syslog ${who2}`],
    [`${desktop2}/dcv/server.log`, `soca-2 dcv-server dcv ${who2}`],
    [`${desktop2}/Xorg.0.log`, `soca-2 xorg xorg ${who2}`],
    [`${desktop2}/EC2Launch/err.tmp`, `soca-2 win-userdata win-soca ${who2}`],
    [
      `${desktop2}/C/ProgramData/Amazon/EC2-Windows/Launch/Log/Ec2Launch.log`,
      `soca-2 ec2launch ec2launch-v1 ${who2}`,
    ],
  ])('what lies in the folder of a desktop is of it: %s', (path, expected) => {
    expect(said(path)).toBe(expected)
    expect(said(`/tree${path}`, '/tree')).toBe(expected)
    expect(shown(path)).toBe(path.replace('/srv/case-7', ''))
  })

  it.each([
    [`${desktop24}/collected/var/log/messages`, `soca-24 messages syslog ${who24}`],
    [`${desktop24}/auth.log`, `soca-24 secure syslog ${who24}`],
    [`${desktop26}/err.tmp`, `edh-26 win-userdata win-soca ${who26}`],
    [`${desktop25}/collected/var/log/messages`, `soca-25 messages syslog ${who24}`],
    [`${desktop26}/C/ProgramData/NICE/dcv/log/server.log`, `edh-26 dcv-server dcv ${who26}`],
    [
      `/backup/dcv_node/anna/desk/${uuid}/${boot}/ip-10-0-1-2/x/var/log/messages`,
      `edh-26 messages syslog ${who26.replace('cluster=edh-demo ', '')}`,
    ],
    ['/home/joe/desktop/projects/dcv/logs2/var/log/messages', 'host messages syslog'],
    ['/home/ann/desktop/case/ip-10-0-1-2/x/var/log/messages', 'host messages syslog'],
  ])('folders between, and folders of others: %s', (path, expected) => {
    expect(said(path)).toBe(expected)
  })

  it('does not overrule the host of the location', () => {
    expect(said(`/srv/ip-9-9-9-9${desktop2}/ComputeNode.sh.log`)).toBe(
      `soca-2 compute-node bash-xtrace ${who2}`,
    )
  })
})

describe('rotated names', () => {
  const marks = [
    '.1',
    '.12',
    '.2024-09-05',
    '-20240905',
    '-2024090512',
    '.2024-09-05-08-48',
    '.2024-09-05-08-48.1',
    // Python's TimedRotatingFileHandler, by the hour, minute and second.
    '.2024-09-05_08',
    '.2024-09-05_08-48',
    '.2024-09-05_08-48-29',
  ]
  it.each([...marks, '.20240905_084829', '.1790000000', '-2026112611.backup', '.old'])(
    '%s belongs to the plain name',
    (mark) => {
      for (const path of ['/var/log/dcv/server.log', '/var/log/messages', `${desktop26}/02_setup.log`]) {
        for (const end of [mark, `${mark}.gz`]) {
          const plain = layouts.place(path)
          expect(layouts.place(path + end)).toEqual({ ...plain, path: path + end, rotated: true })
        }
      }
    },
  )

  it('tells plain, compressed and rotated apart', () => {
    expect(layouts.place('/var/log/messages')).toMatchObject({ rotated: false, base: '/var/log/messages' })
    expect(layouts.place('/var/log/messages.gz')).toMatchObject({ rotated: true, base: '/var/log/messages' })
    expect(layouts.place('/srv/a.1/x/messages.3')).toMatchObject({ base: '/srv/a.1/x/messages' })
    for (const end of ['.x', '.1x', '.bz2', '-2024', '~', '.1.2.3', '.gz.gz']) {
      expect(said(`/var/log/messages${end}`)).toBe('unknown')
    }
  })
})

describe('names that users chose', () => {
  const names = [
    '100%',
    'ünï côdé',
    '日本',
    'a b',
    '$(reboot)',
    '{owner}',
    '*',
    '[x]',
    'a\nb',
    '-rf',
    '.hidden',
  ]
  it.each([...names, '__proto__', 'constructor', 'DOM\\anna', 'logs', 'var', 'x.log', '%2e%2e', '👩‍💻'])(
    '%s',
    (name) => {
      const tail = `${name}/${name}/${uuid}/${boot}/${name}/02_setup.log`
      const path = `/apps/edh/${name}/shared/logs/bootstrap/dcv_node/${tail}`
      for (const place of [layouts.place(path), layouts.place(`/srv/${name}${path}`, `/srv/${name}`)]) {
        const identity = { cluster: name, owner: name, session: name, sessionUuid: uuid, host: name }
        expect(place).toMatchObject({ placement: { profile: 'edh-26', identity }, path })
      }
      expect(said(`/home/${name}/.xsession-errors`)).toBe(`host xsession-errors plain owner=${name}`)
    },
  )
})
