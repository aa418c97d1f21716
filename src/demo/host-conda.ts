import type { Desktop } from './desktop.ts'
import { firstBoot, secondBoot } from './host-boot.ts'
import type { Random } from './random.ts'
import { rename, type Step, say } from './step.ts'

const DCV = 'var/log/dcv'

/**
 * The logs of the machine whose /var/log the tree holds. Its desktop comes up; then its owner, who has put conda
 * in front of PATH, starts the session anew: the desktop dies, and the portal's link leads to an unknown session.
 */
export function condaHost(desktop: Desktop, values: Random): Step[] {
  return [
    ...firstBoot(desktop),
    ...secondBoot(desktop),
    ...firstSession(desktop, values),
    ...restart(desktop),
    ...condaSession(desktop),
    ...unknownSession(desktop, values),
  ]
}

function server(level: string, category: string, text: string): string {
  return `{{us}} [  3517:3517  ] ${level.padEnd(5)} ${category} - ${text}`
}

function started({ owner, sessionUuid }: Desktop): string[] {
  return [
    server('INFO', 'main', 'DCV server version 2025.0 (r20103) started'),
    server('INFO', 'license-manager', 'Running on EC2, license checked'),
    server('INFO', 'session-manager', `Session '${sessionUuid}' (owner: ${owner}, type: virtual) created`),
  ]
}

function firstSession(desktop: Desktop, values: Random): Step[] {
  const { host, owner, sessionUuid } = desktop
  const client = `10.64.0.38:${values.int(2_000, 60_000)}`
  return [
    say(26_000, 'var/log/messages', [
      `{{syslog}} ${host} systemd[1]: Starting SOCA DCV Setup Service...`,
      `{{syslog}} ${host} dcvserver[3517]: Failed to load module: /usr/lib64/dcv/modules/libdcvnvenc.so: libcuda.so.1: cannot open shared object file`,
      `{{syslog}} ${host} systemd[1]: Finished SOCA DCV Setup Service.`,
    ]),
    say(400, `${DCV}/server.log`, started(desktop)),
    say(300, `${DCV}/sessionlauncher.log`, [
      `{{us}} [  3602:3602  ] INFO  session-starter - Starting session '${sessionUuid}' for user '${owner}'`,
    ]),
    say(300, `${DCV}/Xdcv.${owner}.${sessionUuid}.log`, xdcv()),
    say(700, `${DCV}/dcv-xsession.${owner}.${sessionUuid}.log`, [
      `Starting session for user ${owner}`,
      'which python3: /usr/bin/python3',
      'gnome-session-binary[3711]: Entering running state',
    ]),
    say(500, `${DCV}/agent.${owner}.${sessionUuid}.log`, [
      `{{us}} [  3650:3650  ] INFO  agent - Session '${sessionUuid}' constructed`,
    ]),
    say(21_000, `${DCV}/server.log`, [
      server(
        'INFO',
        'frontend-handler',
        `New connection request from client '${client} (forwarded for 203.0.113.24)'`,
      ),
      server('INFO', 'authenticator', 'Received authentication request from client'),
      server('INFO', 'connection', `Client '${client}' authenticated as '${owner}'`),
    ]),
    say(18_000, `${DCV}/agent.${owner}.${sessionUuid}.log`, [
      '{{us}} [  3650:3650  ] INFO  agent - Failed to receive message from client: Connection closed by the peer',
      "{{us}} [  3650:3650  ] INFO  agent - Last client connection '1' has been closed",
    ]),
    say(100, `${DCV}/server.log`, [
      server('INFO', 'session', `There are 0 active connections on session ${sessionUuid}`),
    ]),
  ]
}

function xdcv(): string[] {
  return [
    '_XSERVTransSocketINETCreateListener: ...SocketCreateListener() done',
    'Initializing built-in extension Generic Event Extension',
    'Initializing extension GLX',
    'IGLX: Loaded and initialized swrast',
  ]
}

/** dcvserver renames its log when it starts again; the last words of the old process still go to the old file. */
function restart({ host, sessionUuid }: Desktop): Step[] {
  const file = `${DCV}/server.log`
  return [
    say(6_000, 'var/log/messages', [
      `{{syslog}} ${host} systemd[1]: Stopping SOCA DCV Setup Service...`,
      `{{syslog}} ${host} systemd[1]: Stopped SOCA DCV Setup Service.`,
      `{{syslog}} ${host} systemd[1]: Starting SOCA DCV Setup Service...`,
    ]),
    say(200, file, [
      server('INFO', 'session-manager', `Session '${sessionUuid}' closed`),
      server('INFO', 'main', 'Shutting down'),
    ]),
    rename(300, file, `${file}.1`),
    say(0, `${file}.1`, [server('INFO', 'main', 'DCV server stopped')]),
  ]
}

function condaSession(desktop: Desktop): Step[] {
  const { host, owner, sessionUuid } = desktop
  const xsession = `${DCV}/dcv-xsession.${owner}.${sessionUuid}.log`
  const conda = `/data/home/${owner}/miniconda3`
  return [
    say(700, `${DCV}/server.log`, started(desktop)),
    say(400, `${DCV}/Xdcv.${owner}.${sessionUuid}.log`, xdcv()),
    say(600, xsession, [
      `Starting session for user ${owner}`,
      '\u001b[1;32m(base)\u001b[0m \u001b[33mconda environment is active\u001b[0m',
      `which python3: ${conda}/bin/python3`,
      `which dbus-daemon: ${conda}/bin/dbus-daemon`,
    ]),
    say(1_200, xsession, [
      '',
      '(imsettings-check:4411): IMSettings-WARNING **: Could not connect: Connection refused',
      '',
      "(imsettings-check:4411): GLib-GIO-CRITICAL **: g_dbus_proxy_call_sync_internal: assertion 'G_IS_DBUS_PROXY (proxy)' failed",
      'Traceback (most recent call last):',
      '  File "/usr/libexec/gnome-session-helper", line 9, in <module>',
      '    import gi',
      "ModuleNotFoundError: No module named 'gi'",
    ]),
    say(2_500, xsession, [
      'gnome-session-binary[4430]: Unrecoverable failure in required component org.gnome.Shell.desktop',
    ]),
    say(500, 'var/log/messages', [
      `{{syslog}} ${host} gnome-session-binary[4430]: Unrecoverable failure in required component org.gnome.Shell.desktop`,
    ]),
    say(800, `${DCV}/server.log`, [server('INFO', 'session-manager', `Session '${sessionUuid}' closed`)]),
  ]
}

function unknownSession({ sessionUuid }: Desktop, values: Random): Step[] {
  return Array.from({ length: 4 }, (_, at) => {
    const client = `10.64.0.38:${values.int(2_000, 60_000)} (forwarded for 203.0.113.24)`
    return say(at === 0 ? 9_000 : 18_000, `${DCV}/server.log`, [
      server(
        'WARN',
        'frontend-handler',
        `Invalid connection request from client '${client}': unknown session '${sessionUuid}'`,
      ),
    ])
  })
}
