import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createClassifier } from '../../src/interpret/classify.ts'
import { failureSign } from '../../src/interpret/failure-words.ts'
import { createInterpreter } from '../../src/interpret/interpret.ts'
import { loadFormats } from '../../src/interpret/load-formats.ts'
import { chunkOf } from './chunk-of.ts'

const interpret = createInterpreter({
  formats: loadFormats([join(import.meta.dirname, '../../rules')]),
  classifier: createClassifier([]),
})

/** Severity by row of what looks like a failure, read as a log of this source. */
function told(texts: readonly string[], source = 'generic', format = 'generic') {
  const chunk = chunkOf(texts, source)
  const { verdicts } = interpret({ ...chunk, file: { ...chunk.file, format } })
  return Object.fromEntries(verdicts.map(({ row, severity }) => [row, severity]))
}

const FAILURES = [
  'Worker 0 crashed',
  'job 0 was killed by the kernel',
  'previous error: the name could not be resolved',
  'The session of widget 7 terminated before its agent was there',
  'rsync: connection unexpectedly closed (0 bytes received so far)',
  'Error: GPG check FAILED',
  "cp: cannot stat '/apps/soca/x/config.cfg': No such file or directory",
  'mount.nfs4: Connection timed out',
  '/root/setup.sh: line 40: jq: command not found',
  'make: *** [Makefile:12: all] Error 2',
  'setup.sh exited with status 3',
  "ModuleNotFoundError: No module named 'boto3'",
  'botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the PutObject operation',
  'Main process exited, code=exited, status=1/FAILURE',
  '  + FullyQualifiedErrorId : CommandNotFoundException',
  'kernel: Out of memory: Killed process 4242 (matlab)',
  'gnome-shell[91]: segfault at 0 ip 00007f8a sp 00007ffd error 4 in libmutter.so',
  'E: Unable to correct problems, you have held broken packages.',
  'gzip: stdin: unexpected end of file, giving up',
  '  File "/sbin/mount.tool", line 88, in <module>',
  'VcpuLimitExceeded: You have requested more vCPU capacity than your limit allows',
  'The requested URL returned error: 503',
  'Command `aws s3 cp` failed on attempt 5/5',
  'mount: /data: mount point is not a directory',
  'ls: reading directory /apps: Stale file handle',
  '/opt/tool: cannot run, Exec format error',
  'widget-tool: returncode=-9',
  'The step was not successful.',
  'setup.sh: line 12: BASE_OS: unbound variable',
  'widgetd: bind: errno=98',
  'Installer finished: 0x80070643',
  'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\nKeyError: 3',
]

const POSSIBLE = [
  '    LAMP SERVICE NOT DETECTED',
  'Package kernel-headers-9.9 not found',
  'The license of this product has expired',
  'Task failed, retrying in 20 seconds',
  'Command `aws s3 cp` failed on attempt 2/5',
  'start.sh: 14: Bad substitution',
  'widgetd: the queue is full',
  'widgetd: the queue lamps does not exist',
]

const NOTED = [
  'WARNING: the widget on port 7 could not be found',
  'WARNING: cannot determine the folder of the plugins',
  'broker - WARNING - zone of the host not found',
  'models.py:41: RelationWarning: column conflicts with another',
  'Failed to open the theme: the default one will be used',
  'ls: cannot access /srv/widgets: No such file or directory',
  'widgetd: cannot open a new channel, the bus is shutting down',
  'Could not read /etc/motd, ignoring',
  'Unable to mount /tools, skipping it',
  'widgetd[41]: there is no widget with id 7',
  'The widget does not fit',
  'audit: type=1131 audit(1700000000.100:7): pid=1 uid=0 unit=widgetd res=failed',
  'Widget pool: the worker is starving',
]

const HARMLESS = [
  'Widgets Not Detected, Installing Widgets ...',
  "widget-init[1122]: + echo 'ERROR: not really'",
  '>> File: /opt/widgets/error.py, Line: 118, Function: GENERIC_ERROR, Frame ID 139940872094208]',
  "Log level set to 'info', error backtrace disabled",
  'kernel: ERST: Error Record Serialization Table (ERST) support is initialized.',
  'display driver loaded, error code 0x00000000',
  "Channel 'display' connected for client 7, 0 pending, 0 rejected",
  'User is logged in, last failed login: never',
  "License renewed, previous error 'Unable to connect to S3' is resolved",
  'Error opening /dev/usb (expected when no device is attached)',
  'checking for strerror... no',
  'Installing : perl-Error-0.17020-2.el7.noarch                          12/80',
  'libgpg-error-1.12-3.el7.x86_64',
  '+ echo "Unable to mount /apps, failed"',
  'Finished: 0 errors, 0 warnings, no failures',
  'Removed 0 failed sessions, 0 timed out servers',
  'ok=12 changed=3 unreachable=0 failed=0',
  'Failed units: 0',
  '# if the mount fails, cannot go on',
  'gcc -Werror -c src/error.c -o error.o -DFATAL',
  'if ! mount /apps; then echo "failed"; fi',
  'Loaded plugins: failovermethod, fastestmirror',
  'fail2ban-server started',
  'The process exited with code 0',
  'timeout = 30, retries = 5',
  'mount.widget: timeout set for Sun Mar  1 10:02:00 2026',
  'If there are three guesses more, the login will be denied',
  'The channel was closed with error: <nil>',
  'GET /error/index.html served',
  'Response: status=200, request="GET /widgets"',
  'level=info msg="left out" error="no such widget"',
  'The tools are not available yet.',
  'Closing the channel, reason: NO_ERROR (error code 0)',
  'Folder /srv/storage does not exist, creating it',
  "g_object_unref: assertion 'G_IS_OBJECT (object)' failed",
  '(nautilus:1201): Gtk-WARNING **: cannot open display theme',
  'Registered handlers: 404, 500, CSRFError',
  'It will exit with FATAL if the widget store is not reachable. Checking now',
  '        Reset Failure Occurred                : No',
  '    Bus Errors',
  "The file '/tmp/.X0-lock' does not exist, continuing.",
  'The folder of the widget does not exist, proceeding anyway.',
  'Time source 7 is not supported here and has stopped. This behavior is expected for guests.',
  "widget.c:422:12: note: arguments 2 and 3 of 'alloc' would describe the error case",
  'widgetd: unscheduling the DNS timeout watcher',
  'Took a licence for product widget; failures so far: 0',
  'Disabling lamp error messages',
]

describe('a record that looks like a failure', () => {
  test.each(FAILURES)('is told of as an error: %s', (line) => {
    expect(told(['fine', line, 'fine'])).toEqual({ 1: 'error' })
  })

  test.each(POSSIBLE)('may be one: %s', (line) => {
    expect(told(['fine', line, 'fine'])).toEqual({ 1: 'warning' })
  })

  test.each(NOTED)('is worth a note: %s', (line) => {
    expect(told(['fine', line, 'fine'])).toEqual({ 1: 'info' })
  })

  test.each(HARMLESS)('is none: %s', (line) => {
    expect(told(['fine', line, 'fine'])).toEqual({})
  })

  test('is known by its level, by its words, or by both', () => {
    const at = '2026-03-01 10:00:00,000'
    expect(
      told([
        `[${at}] [ERROR] all is well`,
        `[${at}] [INFO] The mount failed`,
        `[${at}] [INFO] Package x not found`,
        `[${at}] [WARNING] Package x not found`,
        `[${at}] [WARNING] all is well`,
        `[${at}] [DEBUG] The mount failed`,
      ]),
    ).toEqual({ 0: 'error', 1: 'warning', 3: 'warning' })
  })

  test('is only noted where a bystander writes it to the log of all programs', () => {
    const at = 'Mar  1 10:00:00 ip-10-0-0-1'
    const texts = [
      `${at} widgetd[7]: The mount failed`,
      `${at} mount.nfs4: The mount failed`,
      `${at} /usr/bin/widgetd[7]: The mount failed`,
      'widgetd[7]: The mount failed',
      'The mount failed',
      `${at} widgetd[7]: FATAL: cannot open the widget, terminating`,
      `${at} widgetd[7]: a fatal widget was not found`,
      `${at} gnome-session[7]: gnome-session-binary[7]: ERROR: Failed to connect to the bus`,
      `${at} gnome-session-binary[7]: ERROR: Failed to connect to the bus`,
      `${at} widgetd[7]: ERROR: Failed to connect to the bus`,
      `${at} widgetd[7]: port 7 is in use, exiting with status 1`,
      `${at} widgetd[7]: lamp 7 failed: exited with status 1`,
      `${at} gdm-x-session[7]: the message bus failed to start`,
    ]
    expect(told(texts, 'messages', 'syslog')).toEqual({
      0: 'info',
      1: 'error',
      2: 'info',
      3: 'info',
      4: 'error',
      5: 'warning',
      6: 'info',
      7: 'warning',
      8: 'warning',
      9: 'info',
      10: 'warning',
      11: 'info',
      12: 'warning',
    })
    expect(told(texts.slice(0, 1), 'generic', 'syslog')).toEqual({ 0: 'error' })
  })

  test('of the kernel is only noted unless it calls it one and a cloud machine has the part', () => {
    const texts = [
      '[    1.5] nvme nvme1: cannot start the controller',
      '[    1.5] nvme nvme1: feature not supported',
      '[    1.5] widget 1-4: cannot read its table',
      '[    1.5] widget 1-4: its queue hung, reset failed',
    ]
    expect(told(texts, 'messages', 'syslog')).toEqual({ 0: 'error', 1: 'info', 2: 'info', 3: 'warning' })
  })

  test('of sssd must say so in words, of the X server by its level', () => {
    const sssd = (text: string) => `(2026-03-01 10:00:00): [be[corp]] [main] (0x0020): ${text}`
    expect(told([sssd('Starting up'), sssd('Could not start')], 'sssd', 'sssd')).toEqual({ 1: 'error' })
    const xorg = ['[ 1.5] (EE) blank', '[ 1.5] (WW) Failed to load', '[ 1.5] (EE) ']
    expect(told(xorg, 'xorg', 'xorg')).toEqual({ 0: 'error' })
  })

  test('is not told of twice, where a file holds copies', () => {
    expect(told(['[2026-03-01 10:00:00,000] [FATAL] no way'], 'bootstrap-level')).toEqual({})
  })

  test('is the same however the records are cut into chunks', () => {
    const line = fc.constantFrom(...FAILURES, ...POSSIBLE, ...HARMLESS, '[[Error', 'Error', 'x=Error', '')
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), fc.nat(11), (lines, cut) => {
        const whole = told(lines)
        const first = lines.slice(0, cut)
        const rest = lines.slice(cut)
        const parts = { ...(first.length > 0 ? told(first) : {}) }
        for (const [row, severity] of Object.entries(rest.length > 0 ? told(rest) : {})) {
          parts[Number(row) + first.length] = severity
        }
        expect(parts).toEqual(whole)
      }),
    )
  })

  test('is searched for in the beginning of a text only', () => {
    expect(failureSign(`${'x '.repeat(500)}the mount failed`)).toBe('certain')
    expect(failureSign(`${'x '.repeat(2000)}the mount failed`)).toBeUndefined()
  })
})
