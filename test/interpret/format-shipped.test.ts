import { describe, expect, it } from 'vitest'
import { readHead, shippedFormat, shippedIds } from './format-head.ts'

type Expected = readonly [time: string, level: string, component: string, text: string]

/** Reads each record with a format, and expects what stands beside it. */
function reads(id: string, records: readonly (readonly [string, ...Expected])[]): void {
  const format = shippedFormat(id)
  for (const [record, time, level, component, text] of records) {
    const head = readHead(format, record)
    expect(head, `${id}: ${record}`).toEqual({ starts: true, parsed: true, time, level, component, text })
  }
}

/** Records that a format must leave alone, though they look nearly right. */
function leaves(id: string, records: readonly string[]): void {
  for (const record of records) {
    const expected = { starts: false, parsed: false, time: '', level: '', component: '', text: record }
    expect(readHead(shippedFormat(id), record), `${id}: ${record}`).toEqual(expected)
  }
}

function framing(id: string): string {
  const { strays, blocks } = shippedFormat(id).framing
  return `${strays} ${blocks.join(',')}`.trim()
}

describe('formats that ship', () => {
  it('are the ones that layouts may name', () => {
    expect(shippedIds().join(' ')).toBe(
      'alb-print audit bash-xtrace bootstrap cloud-init cloud-init-output dcv ec2launch-v1 ec2launch-v2 gateway generic mail pbs plain soca-logger ' +
        'sssd syslog uwsgi web-ui-2 win-edh win-soca xorg',
    )
  })

  it('join stray lines where every record has a head, and keep them apart where commands print between', () => {
    const joining = shippedIds().filter((id) => framing(id) === 'join')
    expect(joining.join(' ')).toBe('cloud-init dcv ec2launch-v2 gateway soca-logger sssd syslog web-ui-2')
    expect(framing('plain')).toBe('own traceback,pem')
    expect(framing('bash-xtrace')).toBe('own traceback,quote,pem')
    expect(framing('alb-print')).toBe('own traceback')
    expect(framing('bootstrap')).toBe('own traceback,json,pem')
    expect(framing('ec2launch-v1')).toBe('own traceback,powershell,pem')
    expect(framing('win-edh')).toBe('own traceback,powershell,pem')
  })

  it('plain, bash-xtrace, alb-print: no head at all', () => {
    const lines = [
      '+ echo hello',
      '2026-04-21 14:03:00 looks like a time',
      'Cleaning complete',
      '[x] [INFO] y',
    ]
    for (const id of ['plain', 'bash-xtrace', 'alb-print']) leaves(id, lines)
  })

  it('cloud-init-output: what the user data and cloud-init say themselves has a time', () => {
    reads('cloud-init-output', [
      [
        '[2026-04-21 14:03:00,118] [ERROR] Endpoint not reachable',
        '2026-04-21T14:03:00.118000Z',
        'error',
        '',
        'Endpoint not reachable',
      ],
      [
        '2026-04-21 14:03:01,402 - util.py[WARNING]: Failed running /x [1]',
        '2026-04-21T14:03:01.402000Z',
        'warn',
        'util.py',
        'Failed running /x [1]',
      ],
    ])
    leaves('cloud-init-output', ['+ echo hello', 'Complete!'])
  })

  it('bootstrap', () => {
    reads('bootstrap', [
      [
        '[2026-04-21 14:03:52,301] [INFO] Host joined',
        '2026-04-21T14:03:52.301000Z',
        'info',
        '',
        'Host joined',
      ],
      [
        '[2026-04-21 14:03:52,002] [FATAL] No domain',
        '2026-04-21T14:03:52.002000Z',
        'fatal',
        '',
        'No domain',
      ],
      ['[2026-04-21 14:03:52,002] [INVALID] Odd', '2026-04-21T14:03:52.002000Z', 'error', '', 'Odd'],
      ['[2026-04-21 14:03:52,002] [WARNING] ', '2026-04-21T14:03:52.002000Z', 'warn', '', ''],
      ['[2026-04-21 14:03:52,002] [DEBUG]', '2026-04-21T14:03:52.002000Z', 'debug', '', ''],
      ['[2026-04-21 14:03:52,002] [LOUD] Odd', '2026-04-21T14:03:52.002000Z', '', '', '[LOUD] Odd'],
      ['[2026-02-30 14:03:52,301] [INFO] No such day', '', 'info', '', 'No such day'],
      ['[2026-04-21 14:03:52] [INFO] No ms', '2026-04-21T14:03:52.000000Z', 'info', '', 'No ms'],
      [
        '[2026-04-21 14:03:52,301] [INFO] {\n  "a": 1\n}',
        '2026-04-21T14:03:52.301000Z',
        'info',
        '',
        '{\n  "a": 1\n}',
      ],
    ])
    leaves('bootstrap', [
      'Complete!',
      '2026-04-21 14:03:52,301 [INFO] no bracket',
      ' [2026-04-21 14:03:52,301] [INFO] indented',
    ])
  })

  it('a time alone starts a record, even if the rest of the head is cut off', () => {
    const head = readHead(shippedFormat('bootstrap'), '[2026-04-21 14:03:52,301')
    expect(head).toMatchObject({ starts: true, parsed: false, time: '', text: '[2026-04-21 14:03:52,301' })
  })

  it('soca-logger', () => {
    const time = '2026-04-21T14:06:07.537000Z'
    const at = '[2026-04-21 14:06:07,537]'
    const path = 'cluster_manager/utils/error.py'
    reads('soca-logger', [
      [`${at} [ERROR] [67] [${path}] [] [return_error] [No room]`, time, 'error', path, 'No room'],
      [`${at} [CRITICAL] [67] [${path}] [a.py:f > b.py:g] [<module>] [x]`, time, 'fatal', path, 'x'],
      [
        `${at} [INFO] [67] [${path}] [] [run] [Found [1] and ['b']]`,
        time,
        'info',
        path,
        "Found [1] and ['b']",
      ],
      [
        `${at} [INFO] [67] [${path}] [] [run] [a |\n>> File: b, Line: 2]`,
        time,
        'info',
        path,
        'a |\n>> File: b, Line: 2',
      ],
      [`${at} [INFO] [67] [${path}] [] [run] [cut off`, time, 'info', path, 'cut off'],
      [`${at} [WARNING] [12] [] [] [watch] [Not yet]`, time, 'warn', 'watch', 'Not yet'],
      [`${at} [INFO] [watch] [Old shape]`, time, 'info', 'watch', 'Old shape'],
      [`${at} [INFO] Nothing else`, time, 'info', '', 'Nothing else'],
    ])
    leaves('soca-logger', ['>> File: a.py, Line: 3', '[] [INFO]', '[31] [a] []'])
  })

  it('web-ui-2', () => {
    reads('web-ui-2', [
      [
        '[2021-08-13 20:04:11,210] [INFO] [authenticator] [Checked]',
        '2021-08-13T20:04:11.210000Z',
        'info',
        'authenticator',
        'Checked',
      ],
      [
        '[2021-08-13 20:04:11,210] [ERROR] [list_desktops] [due to ]',
        '2021-08-13T20:04:11.210000Z',
        'error',
        'list_desktops',
        'due to ',
      ],
    ])
    leaves('web-ui-2', ['Traceback (most recent call last):', '[2021-08-13T20:04:11] [INFO] [x] [y]'])
  })

  it('dcv, as DCV writes it', () => {
    reads('dcv', [
      [
        "2025-03-04 05:06:07,161016 [  3517:3517  ] WARN  frontend-handler - unknown session 's-41'",
        '2025-03-04T05:06:07.161016Z',
        'warn',
        'frontend-handler',
        "unknown session 's-41'",
      ],
      [
        '2025-03-04 05:06:07,000001 [3517:20012] ERROR session - a - b',
        '2025-03-04T05:06:07.000001Z',
        'error',
        'session',
        'a - b',
      ],
      [
        '2025-03-04 05:06:07,999999 [ 1:2 ] DEBUG quictransport   -  x',
        '2025-03-04T05:06:07.999999Z',
        'debug',
        'quictransport',
        'x',
      ],
      [
        '2025-03-04 05:06:07,161016 [ 1:2 ] INFO  main - one\n  two',
        '2025-03-04T05:06:07.161016Z',
        'info',
        'main',
        'one\n  two',
      ],
      ['2025-03-04 05:06:07,161016 [ 1:2 ] INFO  main -', '2025-03-04T05:06:07.161016Z', 'info', 'main', ''],
    ])
    leaves('dcv', ['Unable to get the path', '2025-3-04 05:06:07,161016 [1:1] INFO a - b', '2025-03-04', ''])
  })

  it('dcv, with the prefixes of other builds', () => {
    const micros = '2026-08-14T15:55:42.162397Z'
    const millis = '2026-08-14T10:50:31.500000Z'
    reads('dcv', [
      ['2026-08-14 15:55:42,162397 WARN agent - late', micros, 'warn', 'agent', 'late'],
      ['2026-08-14 10:50:31.500 [agent-controller] WARN late', millis, 'warn', 'agent-controller', 'late'],
      ['2026-08-14T10:50:31.500 [agent-controller] warn - late', millis, 'warn', 'agent-controller', 'late'],
      ['2026-08-14T10:50:31.500Z INFO late', millis, 'info', '', 'late'],
      ['2026-08-14T12:50:31.5+02:00 INFO late', millis, 'info', '', 'late'],
      ['2026-08-14 06:50:31,500-0400 [1:2] INFO channel - late', millis, 'info', 'channel', 'late'],
      ['2026-08-14 10:50:31,500000 [  1:2 ] INFO no dash here', millis, 'info', '', 'no dash here'],
      ['2026-08-14 10:50:31,500 [INFO] agent - late', millis, 'info', 'agent', 'late'],
      ['2026-08-14 10:50:31,500 late', millis, '', '', 'late'],
      ['2026-08-14 10:50:31 (late)', '2026-08-14T10:50:31.000000Z', '', '', '(late)'],
    ])
  })

  it('OpenPBS, with and without µs', () => {
    reads('pbs', [
      [
        '08/13/2026 19:54:58;0008;pbs_mom;Job;12.h;Started, pid = 77',
        '2026-08-13T19:54:58.000000Z',
        '',
        'pbs_mom',
        'Started, pid = 77',
      ],
      [
        '08/13/2026 19:54:58.123456;0001;pbs_mom;Svr;pbs_mom;Cannot bind',
        '2026-08-13T19:54:58.123456Z',
        '',
        'pbs_mom',
        'Cannot bind',
      ],
    ])
  })

  it('gateway', () => {
    const time = '2026-08-14T10:50:31.123456Z'
    reads('gateway', [
      ['[2026-08-14T10:50:31.123456Z] [info] [gw::proxy]: Listening', time, 'info', 'gw::proxy', 'Listening'],
      ['2026-08-14T10:50:31.123456789Z ERROR gw::proxy: Refused', time, 'error', 'gw::proxy', 'Refused'],
      ['2026-08-14 10:50:31,123456 [warn] gw: slow', time, 'warn', 'gw', 'slow'],
      ['2026-08-14 10:50:31,123456 trace nothing', time, 'debug', '', 'nothing'],
    ])
  })

  it('cloud-init', () => {
    reads('cloud-init', [
      [
        '2026-03-23 12:54:51,503 - util.py[WARNING]: Failed running x [1]',
        '2026-03-23T12:54:51.503000Z',
        'warn',
        'util.py',
        'Failed running x [1]',
      ],
      [
        '2026-03-23 12:54:51,503 - util.py[DEBUG]: a\nCommand: b',
        '2026-03-23T12:54:51.503000Z',
        'debug',
        'util.py',
        'a\nCommand: b',
      ],
      ['2026-03-23 12:54:51,503 - something else', '2026-03-23T12:54:51.503000Z', '', '', 'something else'],
    ])
    leaves('cloud-init', ['ProcessExecutionError: no', 'Exit code: 1'])
  })

  it('syslog', () => {
    const time = '2026-04-09T12:08:34.000000Z'
    reads('syslog', [
      ['Apr  9 12:08:34 ip-10-0-0-25 systemd: Started a job.', time, '', 'systemd', 'Started a job.'],
      ['Apr 09 12:08:34 ip-10-0-0-25 sshd(pam_unix)[19939]: denied', time, '', 'sshd(pam_unix)', 'denied'],
      ['apr 9 12:08:34 host kernel: [  467.19] x[1]: fault', time, '', 'kernel', '[  467.19] x[1]: fault'],
      [
        'Apr  9 12:08:34 cloud-init[12]: util.py[WARNING]: no',
        time,
        '',
        'cloud-init',
        'util.py[WARNING]: no',
      ],
      [
        'Apr  9 12:08:34 host last message repeated 3 times',
        time,
        '',
        '',
        'host last message repeated 3 times',
      ],
      ['2026-04-09T14:08:34.250000+02:00 host app[7]: up', '2026-04-09T12:08:34.250000Z', '', 'app', 'up'],
      ['2026-04-09T12:08:34Z host app: up', time, '', 'app', 'up'],
      [
        '<34>1 2026-04-09T12:08:34.003Z host app 77 ID47 - up',
        '2026-04-09T12:08:34.003000Z',
        '',
        'app',
        'up',
      ],
      ['<34>1 2026-04-09T12:08:34Z host app - - [a@1 b="c"] up', time, '', 'app', '[a@1 b="c"] up'],
      ['<13>Apr  9 12:08:34 user-data: Installed:', time, '', 'user-data', 'Installed:'],
      ['<13>Apr  9 12:08:34 host user-data[9]: x', time, '', 'user-data', 'x'],
    ])
    leaves('syslog', ['Apx  9 12:08:34 host a: b', '14:03:00 a: b'])
  })

  it.each(['syslog', 'generic'])('%s names the machine by its first line, if that is a host of EC2', (id) => {
    const hostIn = (line: string) => shippedFormat(id).hostOf?.(Buffer.from(line))
    for (const head of ['Apr  9 12:08:34', '<13>Apr 29 12:08:34.123', '2026-04-09T14:08:34.250000+02:00']) {
      expect(hostIn(`${head} ip-10-0-0-25 systemd[1]: up`)).toBe('ip-10-0-0-25')
      expect(hostIn(`${head} ip-10-0-0-25.eu-central-1.compute.internal sshd: up`)).toBe('ip-10-0-0-25')
      expect(hostIn(`${head} ip-10-0-0-25: up`)).toBe('')
      expect(hostIn(`${head} dhclient: bound to ip-10-0-0-25 `)).toBe('')
    }
    expect(hostIn('')).toBe('')
  })

  it('EC2Launch', () => {
    reads('ec2launch-v1', [
      ['2026/08/13 19:54:58Z: Script begins', '2026-08-13T19:54:58.000000Z', '', '', 'Script begins'],
      [
        '2026/08/13 19:54:58Z: Message: x: \r\n\r\n  y',
        '2026-08-13T19:54:58.000000Z',
        '',
        '',
        'Message: x: \r\n\r\n  y',
      ],
    ])
    leaves('ec2launch-v1', ['2026-08-13 19:54:58Z: x', 'DefaultPassword : x'])
    reads('ec2launch-v2', [
      [
        '2026-02-24 08:08:58 Info: Service starts',
        '2026-02-24T08:08:58.000000Z',
        'info',
        '',
        'Service starts',
      ],
      ['2026-02-24 08:08:58 Error: No', '2026-02-24T08:08:58.000000Z', 'error', '', 'No'],
      ['2026-02-24 08:08:58 Console: x', '2026-02-24T08:08:58.000000Z', '', '', 'Console: x'],
    ])
  })

  it('Windows bootstrap', () => {
    reads('win-soca', [
      ['2026-08-13 19:55:01 INFO: Edit', '2026-08-13T19:55:01.000000Z', 'info', '', 'Edit'],
      ['2026-08-13 19:55:01 WARNING: Edit', '2026-08-13T19:55:01.000000Z', 'warn', '', 'Edit'],
      ['WARNING: Restart this machine', '', 'warn', '', 'Restart this machine'],
    ])
    reads('win-edh', [
      ['2026-08-13 19:55:01 [FATAL] No domain', '2026-08-13T19:55:01.000000Z', 'fatal', '', 'No domain'],
      ['2026-08-13 19:55:01 Restart', '2026-08-13T19:55:01.000000Z', '', '', 'Restart'],
    ])
    leaves('win-edh', ['    + CategoryInfo : x', 'At line:1 char:1', 'Warnings: 3', 'INFO'])
  })

  it('sssd, both generations and with µs', () => {
    const time = '2026-08-13T19:54:58.000000Z'
    reads('sssd', [
      [
        '(2026-08-13 19:54:58): [be[corp.local]] [fo_resolve] (0x0020): No servers',
        time,
        'error',
        'be[corp.local]',
        'No servers',
      ],
      ['(2026-08-13 19:54:58): [nss] [watch] (0x0010): gone', time, 'fatal', 'nss', 'gone'],
      ['(2026-08-13  9:54:58): [nss] [x] (0x0400): y', time.replace('T19', 'T09'), 'debug', 'nss', 'y'],
      ['(2026-08-13 19:54:58): [sssd] [server_setup] (0x3f7c0): Starting', time, 'info', 'sssd', 'Starting'],
      [
        '(Thu Aug 13 19:54:58 2026) [sssd[be[default]]] [go_online] (0x0040): [a] b',
        time,
        'error',
        'sssd[be[default]]',
        '[a] b',
      ],
      [
        '(Thu Aug  6 19:54:58 2026) [sssd[nss]] [x] (0x0400): y',
        '2026-08-06T19:54:58.000000Z',
        'debug',
        'sssd[nss]',
        'y',
      ],
      [
        '(2026-08-13 19:54:58:123456): [pam] [x] (0x0080): y',
        '2026-08-13T19:54:58.123456Z',
        'warn',
        'pam',
        'y',
      ],
      [
        '(Thu Aug 13 19:54:58:123456 2026) [sssd[pam]] [x] (0x0100): y',
        '2026-08-13T19:54:58.123456Z',
        'info',
        'sssd[pam]',
        'y',
      ],
    ])
    leaves('sssd', ['   *  (2026-08-13 19:54:58): [nss] [x] (0x0400): backtrace', '(2026-08-13 19:54): x'])
  })

  it('audit: seconds since the epoch', () => {
    const time = '2026-11-29T07:34:03.118000Z'
    reads('audit', [
      [
        'type=AVC msg=audit(1795937643.118:330): avc:  denied  { execute } for  pid=6120',
        time,
        '',
        'AVC',
        'avc:  denied  { execute } for  pid=6120',
      ],
      [
        'node=ip-10-0-0-4 type=SERVICE_START msg=audit(1795937643.118:331): pid=1 res=failed',
        time,
        '',
        'SERVICE_START',
        'pid=1 res=failed',
      ],
    ])
    leaves('audit', ['type=AVC msg=avc: denied', 'Flags: audit'])
  })

  it('xorg: an uptime is no point in time', () => {
    reads('xorg', [
      ['[   159.042] (EE) No screens', '', 'error', '', 'No screens'],
      ['[  1696.568](WW) kbd', '', 'warn', '', 'kbd'],
      ['[   159.042] (--) PCI: x', '', 'info', '', 'PCI: x'],
      ['[   159.042] (**) Option "x"', '', 'info', '', 'Option "x"'],
      ['[   159.042] \tBefore reporting problems', '', '', '', 'Before reporting problems'],
      ['[   159.042] ', '', '', '', ''],
      ['(EE) ', '', 'error', '', ''],
    ])
    leaves('xorg', [
      'X.Org X Server 1.20.4',
      '\t(WW) warning, (EE) error, (NI) not implemented',
      '(?) x',
      '[drm] (EE) x',
    ])
  })

  it('mail: a message has the time of its head', () => {
    reads('mail', [
      [
        'From root@ip-10-7-0-9.eu-west-2.compute.internal  Fri May  8 09:06:00 2026',
        '2026-05-08T09:06:00.000000Z',
        '',
        '',
        'From root@ip-10-7-0-9.eu-west-2.compute.internal  Fri May  8 09:06:00 2026',
      ],
      [
        'Date: Fri, 8 May 2026 11:06:00 +0200',
        '2026-05-08T09:06:00.000000Z',
        '',
        '',
        'Date: Fri, 8 May 2026 11:06:00 +0200',
      ],
    ])
    leaves('mail', ['Subject: Cron <root@ip-10-7-0-9> manager.py', 'From here on all is well'])
  })

  it('uwsgi', () => {
    const request =
      '[pid: 41|app: 0|req: 6/13] 10.0.0.1 () {44 vars in 824 bytes} [Thu Aug 13 19:54:58 2026] GET /api => 12 bytes'
    reads('uwsgi', [
      [request, '2026-08-13T19:54:58.000000Z', '', '', request],
      [
        '*** Starting uWSGI 2.0 (64bit) on [Thu Aug 13 19:54:58 2026] ***',
        '2026-08-13T19:54:58.000000Z',
        '',
        '',
        '*** Starting uWSGI 2.0 (64bit) on [Thu Aug 13 19:54:58 2026] ***',
      ],
      ['Thu Aug 13 19:54:58 2026 - SIGPIPE', '2026-08-13T19:54:58.000000Z', '', '', 'SIGPIPE'],
      [
        '[2026-08-13 19:54:58,120] ERROR in app: Exception on /api [GET]',
        '2026-08-13T19:54:58.120000Z',
        'error',
        '',
        '[2026-08-13 19:54:58,120] ERROR in app: Exception on /api [GET]',
      ],
    ])
    leaves('uwsgi', ['--- Logging error ---', '[pid: 41] no time'])
  })

  it('generic', () => {
    const time = '2026-06-22T14:26:59.803000Z'
    reads('generic', [
      ['2026-06-22 14:26:59,803 [backoff][INFO ][4908]: Wait', time, 'info', 'backoff', '[4908]: Wait'],
      ['2026-06-22 14:26:59,803 - app.main - ERROR - no', time, 'error', 'app.main', 'no'],
      ['2026-06-22 14:26:59,803 - util.py[WARNING]: no', time, 'warn', 'util.py', 'no'],
      ['[2026-06-22T14:26:59.803Z] error: no', time, 'error', '', 'no'],
      ['2026-06-22 14:26:59,803 INFO app: up', time, 'info', 'app', 'up'],
      ['2026/06/22 14:26:59 [error] 7#7: up', '2026-06-22T14:26:59.000000Z', 'error', '', '7#7: up'],
      ['1782138419.803 up', time, '', '', 'up'],
      ['[1782138419] up', '2026-06-22T14:26:59.000000Z', '', '', 'up'],
      ['[   12.803000] usb 1-1: up', '', '', '', 'usb 1-1: up'],
      ['Mon Jun 22 14:26:59 2025 up', '2025-06-22T14:26:59.000000Z', '', '', 'up'],
    ])
    leaves('generic', ['up 14:26:59', '12345678 up', '1234567890123 up', 'Monday 3', '[12] up'])
  })
})
