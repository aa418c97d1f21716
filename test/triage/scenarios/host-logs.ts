import { albLogger, runsFor } from './alb-logger.ts'
import { bootstrapped } from './bootstrap-desktop.ts'
import {
  errorWatch,
  errorWatcherLog,
  requested,
  seenRunning,
  watcherLog,
  webLog,
} from './bootstrap-portal.ts'
import { type Desktop, desktop } from './desktops.ts'
import { EDH_26 } from './generations.ts'
import { seconds, syslog } from './moments.ts'
import { failed, type Log, type Scenario } from './scenario.ts'

const GINA = desktop('gina/Model', '10.50.3.6', 30)
const HUGO = desktop('hugo/Model', '10.50.3.7', 40)

/** Both desktops were well when they were made, and the portal found Gina's broken later. */
const BROKE_LATER: readonly Log[] = [
  ...bootstrapped(EDH_26, GINA),
  ...bootstrapped(EDH_26, HUGO),
  albLogger(EDH_26, runsFor(GINA, HUGO)),
  webLog(EDH_26, requested(EDH_26, GINA), requested(EDH_26, HUGO)),
  watcherLog(EDH_26, seenRunning(GINA), seenRunning(HUGO)),
  errorWatcherLog(EDH_26, [
    errorWatch(
      320,
      `INFO DCV Session not running properly on ${GINA.instance} for DCV Session ${GINA.uuid}. Changing state to error`,
    ),
  ]),
]

/** A log of DCV as it was collected from a host. */
function dcvLog({ host }: Desktop, name: string, end: number, lines: readonly string[]): Log {
  return { path: `/collected/${host}/var/log/dcv/${name}.log`, lines, end }
}

/** One line of the server of DCV. */
function server(minute: number, words: string): string {
  return `${seconds(minute)},161016 [  1517:1517  ] ${words}`
}

const IRIS = desktop('iris/Model', '10.50.3.9', 30)
const JACK = { ...desktop('jack/Other', '10.50.3.9', 40), instance: IRIS.instance }

/** Desktops whose own logs of DCV tell why they broke. */
export const HOST_LOGS: readonly Scenario[] = [
  {
    title: 'a socket of X was left behind by a restart, so X cannot start again',
    tree: [
      ...BROKE_LATER,
      dcvLog(GINA, `Xdcv.gina.${GINA.uuid}`, 300, [
        'X.Org X Server 1.20.11',
        '\tBefore reporting problems, check http://wiki.x.org',
        '\t(WW) warning, (EE) error, (NI) not implemented, (??) unknown.',
        '_XSERVTransSocketUNIXCreateListener: ...SocketCreateListener() failed',
        '_XSERVTransMakeAllCOTSServerListeners: server already running',
        '(EE) ',
        'Fatal server error:',
        "(EE) Cannot establish any listening sockets - Make sure an X server isn't already running(EE) ",
      ]),
      dcvLog(GINA, `dcv-xsession.gina.${GINA.uuid}`, 300.5, [
        'Starting session for user gina',
        'Cannot read display number from Xdcv',
      ]),
      dcvLog(GINA, 'server', 315, [
        server(300, 'INFO  main - DCV server version 2025.0 (r20103) started'),
        server(300.5, 'ERROR session - Failed while waiting for outputs'),
        server(
          315,
          `WARN  frontend-handler - Invalid connection request from client '10.50.0.38:2098': unknown session '${GINA.uuid}'`,
        ),
      ]),
    ],
    expect: {
      'gina/Model': failed('session', 'xdcv-stale-socket', '_XSERVTransSocketUNIXCreateListener', [
        'xsession-no-display',
        'session-outputs-timeout',
        'watch-session-error',
      ]),
      'hugo/Model': 'ready',
    },
  },
  {
    title: 'conda stands first in the path, and the desktop environment cannot live with it',
    tree: [
      ...BROKE_LATER,
      dcvLog(GINA, `dcv-xsession.gina.${GINA.uuid}`, 300, [
        'Starting session for user gina',
        'gnome-session-check-accelerated: Helper exited with code 256',
        'which python3: /apps/anaconda3/bin/python3',
        '(imsettings-check:28470): IMSettings-WARNING **: Could not connect: Connection refused',
        'Traceback (most recent call last):',
        '  File "/usr/bin/gnome-tweak-helper", line 3, in <module>',
        '    import gi',
        "ModuleNotFoundError: No module named 'gi'",
        'gnome-session-binary[3011]: Unrecoverable failure in required component org.gnome.Shell.desktop',
      ]),
      dcvLog(GINA, 'server', 315, [
        server(299.5, 'INFO  session-manager - Waiting for outputs'),
        server(299.9, 'ERROR session - Failed while waiting for outputs'),
      ]),
    ],
    expect: {
      'gina/Model': failed('session', 'conda-dbus-refused', '(imsettings-check:28470)', [
        'session-outputs-timeout',
        'gnome-component-failed',
        'watch-session-error',
      ]),
      'hugo/Model': 'ready',
    },
  },
  {
    title: 'a kernel came with the updates of the night, and the NVIDIA module was not built for it',
    tree: [
      ...BROKE_LATER,
      {
        path: `/collected/${GINA.host}/var/log/messages`,
        lines: [
          `${syslog(290)} ${GINA.host} dkms[23011]: Error! Bad return status for module build on kernel: 5.14.0-611.el9.x86_64 (x86_64)`,
          `${syslog(300)} ${GINA.host} kernel: Linux version 5.14.0-611.el9.x86_64 (mockbuild@lab) (gcc (GCC) 11.5.0)`,
          `${syslog(301)} ${GINA.host} systemd-modules-load[621]: Failed to find module 'nvidia'`,
          `${syslog(302)} ${GINA.host} gdm[1402]: Gdm: GdmLocalDisplayFactory: maximum number of X display failures reached: check X server log for errors`,
        ],
        end: 302,
      },
      {
        path: `/collected/${GINA.host}/var/log/Xorg.0.log`,
        lines: [
          '[    11.804] (EE) NVIDIA: Failed to initialize the NVIDIA kernel module. Please see the',
          '[    11.806] (EE) No devices detected.',
          '[    11.808] (EE) no screens found(EE) ',
        ],
        end: 302,
      },
    ],
    expect: {
      'gina/Model': failed('gpu', 'dkms-build-failed', 'Error! Bad return status', [
        'xorg-gpu-init-failed',
        'xorg-no-screens',
        'session-gdm-failed',
        'watch-session-error',
      ]),
      'hugo/Model': 'ready',
    },
  },
  {
    title: 'clients that leave and agents that lose them are no failure',
    tree: [
      ...bootstrapped(EDH_26, HUGO),
      albLogger(EDH_26, runsFor(HUGO)),
      watcherLog(EDH_26, seenRunning(HUGO)),
      dcvLog(HUGO, 'server', 200, [
        server(70, "INFO  connection - Client '10.50.0.38:2098' authenticated as 'hugo'"),
        server(200, 'INFO  connection - Client disconnected: DISCONNECT_BY_USER'),
      ]),
      dcvLog(HUGO, `agent.hugo.${HUGO.uuid}`, 200, [
        server(200, 'WARN  channel - Failed to receive message from client: Connection closed by the peer'),
      ]),
    ],
    expect: { 'hugo/Model': 'ready' },
  },
  {
    title:
      'logs of a host lie beside those of two desktops, and only what syslog writes tells whose they are',
    tree: [
      ...BROKE_LATER,
      {
        path: '/var/log/messages',
        lines: [
          `${syslog(299)} ip-10-50-3-6 systemd[1]: Reached target Multi-User System.`,
          `${syslog(300)} ip-10-50-3-6 ldap_child[2200]: Failed to initialize credentials using keytab [MEMORY:/etc/krb5.keytab]: Preauthentication failed. Unable to create GSSAPI-encrypted LDAP connection.`,
          `${syslog(301)} ip-10-50-3-6 systemd[1]: socadcv.service: Failed with result 'exit-code'.`,
        ],
        end: 301,
      },
      {
        path: '/var/log/dcv/server.log',
        lines: [server(299, 'INFO  main - DCV server version 2025.0 (r20103) started')],
        end: 299,
      },
    ],
    expect: {
      'gina/Model': failed('identity', 'sssd-keytab-refused', 'Failed to initialize credentials', [
        'session-socadcv-failed',
        'watch-session-error',
      ]),
      'hugo/Model': 'ready',
    },
  },
  {
    title: 'two owners have their desktops on one instance, and X of the one cannot start again',
    tree: [
      ...bootstrapped(EDH_26, IRIS),
      ...bootstrapped(EDH_26, JACK),
      errorWatcherLog(EDH_26, [
        errorWatch(
          320,
          `INFO DCV Session not running properly on ${IRIS.instance} for DCV Session ${IRIS.uuid}. Changing state to error`,
        ),
      ]),
      dcvLog(IRIS, `Xdcv.iris.${IRIS.uuid}`, 300, [
        '_XSERVTransSocketUNIXCreateListener: ...SocketCreateListener() failed',
        '_XSERVTransMakeAllCOTSServerListeners: server already running',
      ]),
      dcvLog(JACK, `Xdcv.jack.${JACK.uuid}`, 300, ['X.Org X Server 1.20.11']),
      dcvLog(JACK, 'server', 315, [
        server(90, "INFO  connection - Client '10.50.0.38:2098' authenticated as 'jack'"),
        server(
          315,
          `WARN  frontend-handler - Invalid connection request from client '10.50.0.38:2098': unknown session '${IRIS.uuid}'`,
        ),
      ]),
    ],
    expect: {
      'iris/Model': failed('session', 'xdcv-stale-socket', '_XSERVTransSocketUNIXCreateListener', [
        'watch-session-error',
      ]),
      'jack/Other': 'ready',
    },
  },
]
