import type { Desktop } from './desktop.ts'
import type { Random } from './random.ts'
import { type Step, say } from './step.ts'

/**
 * The logs of the host whose session service fails, collected below a folder with its name: the directory is
 * out of reach when the service starts, so that the owner of the session is nobody.
 */
export function sssdHost(desktop: Desktop, values: Random): Step[] {
  const { cluster, host, sessionUuid } = desktop
  const logs = `collected/${host}/var/log`
  const sssd = `${logs}/sssd/sssd_${cluster.domain}.log`
  const backend = (text: string): string => `({{sec}}): [be[${cluster.domain}]] ${text}`
  const syslog = (text: string): string => `{{syslog}} ${host} ${text}`
  return [
    say(86_000, sssd, [
      backend(
        '[be_ptask_done] (0x0040): Task [Subdomains Refresh]: failed with [1432158212]: SSSD is offline',
      ),
      backend(
        '[sdap_id_op_connect_done] (0x0020): Failed to connect, going offline (5 [Input/output error])',
      ),
    ]),
    say(200, `${logs}/messages`, [
      syslog(`sssd_be[902]: Backend is offline`),
      syslog('systemd[1]: Starting SOCA DCV Setup Service...'),
      syslog('systemd[1]: Started Amazon DCV server.'),
    ]),
    say(4_000, `${logs}/dcv/server.log`, [
      '{{us}} [  2984:2984  ] INFO  main - DCV server version 2025.0 (r20103) started',
    ]),
    say(12_000, `${logs}/messages`, [
      syslog(
        'dcv[3120]: Could not create session. Could not get the system bus: Exhausted all available authentication mechanisms',
      ),
      syslog('systemd[1]: socadcv.service: Control process exited, code=exited, status=1/FAILURE'),
      syslog("systemd[1]: socadcv.service: Failed with result 'exit-code'."),
      syslog('systemd[1]: Failed to start SOCA DCV Setup Service.'),
    ]),
    ...Array.from({ length: 3 }, () => {
      const client = `10.64.0.38:${values.int(2_000, 60_000)} (forwarded for 203.0.113.67)`
      return say(15_000, `${logs}/dcv/server.log`, [
        `{{us}} [  2984:2984  ] WARN  frontend-handler - Invalid connection request from client '${client}': unknown session '${sessionUuid}'`,
      ])
    }),
    say(2_000, sssd, [
      backend(
        '[be_ptask_done] (0x0040): Task [SUDO Smart Refresh]: failed with [1432158212]: SSSD is offline',
      ),
    ]),
  ]
}
