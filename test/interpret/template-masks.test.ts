import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isProtected } from '../../src/interpret/template/protected-words.ts'
import { createTokenizer } from '../../src/interpret/template/tokens.ts'

const tokenize = createTokenizer()

/** The line with its values masked. */
function mask(line: string): string {
  const { words, seps } = tokenize(line)
  return words.map((word, i) => seps[i] + word).join('') + seps[words.length]
}

const EXAMPLES: readonly (readonly [string, string])[] = [
  ['took 160 ms', 'took <num>'],
  ['temperature (41C) at -12.5%', 'temperature (<num>) at -<num>'],
  ['from 10.0.0.8:2098 to ::ffff:10.1.2.3', 'from <ip> to <ip>'],
  ['at fe80::1ff:fe23:4567:890a now', 'at <ip> now'],
  ['mac 00:11:43:e3:ba:c3 gone', 'mac <mac> gone'],
  ['GET https://a.example.com/x?y=1 now', 'GET <url> now'],
  ['GET /v2/servers?all=True HTTP', 'GET <path> HTTP'],
  ['role arn:aws:iam::123456789012:role/x-y denied', 'role <arn> denied'],
  ['instance 96abccce-8d1f-4e07-b6d1-4b2ab87e23b4 up', 'instance <uuid> up'],
  ['mount /apps/soca/x on C:\\ProgramData\\NICE', 'mount <path> on <path>'],
  ['host ip-10-0-1-2.ec2.internal gone', 'host <host> gone'],
  ['mail to a.b@example.com bounced', 'mail to <mail> bounced'],
  ['code 0x80004005, ready true', 'code <hex>, ready <bool>'],
  ['at Fri Jun 17 07:07:00 2005 again', 'at <time> again'],
  ['at 2025-03-04T05:06:07,161016Z again', 'at <time> again'],
  ['session opened for user alice by (uid=0)', 'session opened for user <user> by (uid=<num>)'],
  ["unknown session 's-41' of owner bob", "unknown session '<*>' of owner <user>"],
  ["unknown session 'main' of owner bob", "unknown session '<*>' of owner <user>"],
  ['tag="View Lock", name=com.android', 'tag="<*>", name=<*>'],
  ['sent 1190 bytes (1.16 KB) today', 'sent <num> bytes today'],
  ['a, b: 1, 2 3 done', 'a, b: <num> done'],
  [
    'illegal instruction......0 then instruction...1',
    'illegal instruction......<num> then instruction...<num>',
  ],
  ["Port up. Details: {'a': 1, 'b': [{'c': None}]} now", 'Port up. Details: <*> now'],
  ['Details: {}, later [] but None', 'Details: <*>, later <*> but <*>'],
  ['Deleting Segment(base=0, size=12),Segment(base=9, size=4) now', 'Deleting <*> now'],
  ["answer {'Code': 'Failed'} came", "answer {'<*>': 'Failed'} came"],
  ['state: prepare -> config, failed -> up', 'state: <*>, failed -> up'],
  ['jk2_init() found child 6725', 'jk2_init() found child <num>'],
  ['login; logname= uid=0 rhost= user=root', 'login; logname=<*> uid=<num> rhost=<*> user=<user>'],
  ['[sdb] Attached, sdk is none', '[<*>] Attached, sdk is none'],
  ['replicas [a-b] isr=[one, two] and ids=[1] now', 'replicas [<*>] isr=<*> and ids=<*> now'],
  ['[system] servlet [a] takes [Page 1 of 2] now', '[system] servlet [<*>] takes [<*>] now'],
  [
    'stopped [the licence has run out] x=(out of all memory) y=<out of it now>',
    'stopped [the licence has run out] x=(out of all memory) y=<out of it now>',
  ],
  ['servlet [a] threw [java.io.EofException]', 'servlet [a] threw [java.io.EofException]'],
  ['helo=<My desk>, from=<root>, to=<a@example.com>', 'helo=<<*>>, from=<<*>>, to=<<mail>>'],
  ['name=My Driver - Main, app=[unknown] (id)=(7, bob) x', 'name=<*>, app=<*> (id)=(<*>) x'],
  ['status=sent (250 queued as A1B2 (now) today)', 'status=<*>)'],
  ['status=deferred (host a timed out)', 'status=deferred (host a timed out)'],
  ['status=out (the disk has no more room)', 'status=<*> (the disk has no more room)'],
  ['The Windows Update service and the Big Old (X) one run', 'The <*> service and the <*> one run'],
  ['The Windows Update service failed', 'The Windows Update service failed'],
  ['for Set() and HashMap(a -> List(b), c -> Some(1)) now', 'for <*> and <*> now'],
  ['for Map(a -> failed) now', 'for Map(<*> -> failed) now'],
  ['topic id Some(abc) or None, plan<unnamed>', 'topic id <*> or <*>, plan<*>'],
  ['Added (id: 1, end: 2) (id: 3, end: 4) (id: 5, end: 6).', 'Added (id: <num>, end: <num>).'],
  ['opened "My Documents" for x', 'opened "<*>" for x'],
  ['"GET /x HTTP/1.1" is 200', '"GET <path>" is <num>'],
  ['cannot open it, request: "GET / HTTP/1.1" of b', 'cannot open it, request: "GET <path>" of b'],
  ['connect from unknown[10.0.0.8] to mx-1.example.com[::1]:25', 'connect from <host> to <host>'],
  ['at localhost, not sshd[12]', 'at <host>, not sshd[<num>]'],
  ['id=<1b4e28ba-2fa1-11d2-883f-0016d3cca427@example.com>, from=<>', 'id=<<mail>>, from=<<*>>'],
  ['failed, client: 10.0.0.8, server: , host: x', 'failed, client: <ip>, server: <*>, host: x'],
  ["SSID 'My home 5g' isn't hidden, SSID '' is", "SSID '<*>' isn't hidden, SSID '<*>' is"],
  ['css.cdn.tl:443 to localhost:8080 in app.py:80', '<host> to <host> in app.py:<num>'],
  [
    'Removing Window{41ad6f0 u0 StatusBar} for Token{2a1b3c4 Record{99 u0 x}}',
    'Removing Window<*> for Token<*>',
  ],
  ['ws=WorkSource{10113 com.example.mm, 1000 android}, uid=1', 'ws=<*>, uid=<num>'],
  ['element [HRESULT = 0x800f080d - CBS_E_MANIFEST_INVALID_ITEM] now', 'element [HRESULT = <hex>] now'],
  [
    'domains:node-D[1 2] and node-[40-63], not sshd-session[63] now',
    'domains:<*> and <*>, not sshd-session[<num>] now',
  ],
  [
    'Nodes cn[001-004,7] and gpu[1,2] not responding to sshd[12]',
    'Nodes <*> and <*> not responding to sshd[<num>]',
  ],
  ['state = Idle, next', 'state = <*>, next'],
  ['ugi=root,wheel,adm perm=root:users:x mode=a,uid=5', 'ugi=<*> perm=<*> mode=<*>,uid=<num>'],
  ['key=0|com.example|1|null|10 and 1|INFO|start', 'key=<*> and <num>|INFO|start'],
  ['copied /Users/x/Application Support/QQ/a to Y', 'copied <path> to Y'],
  ['Reboot required: yes [x], Error: no such file', 'Reboot required: <bool> [x], Error: no such file'],
  [
    'Plan: current: Absent, pending: Default, limit: Staged',
    'Plan: current: Absent, pending: <*>, limit: <*>',
  ],
  ['Error, code: Absent, message: gone', 'Error, code: Absent, message: gone'],
  ['killed com.example.mm, com.example.IoError stays', 'killed <*>, com.example.IoError stays'],
  ['com.example.heartbeat: runs (com.example.x)', 'com.example.heartbeat: runs (<*>)'],
  ['IO80211Manager::setMode() of IPV6 over SOCKS5', 'IO80211Manager::setMode() of IPV6 over SOCKS5'],
  ['r00=0x000ad6e3 r01=0x00000000', 'r00=<hex> r01=<hex>'],
  ['answer { } and (null) came', 'answer <*> and <*> came'],
  ['an open "quote stays', 'an open "quote stays'],
]

/** In lines of programs that many hosts run, what only its place reveals. */
const HABITS: readonly (readonly [string, string])[] = [
  ['Started cron.service - Regular background jobs.', 'Started <*>.'],
  ['Starting man-db.service - Daily man-db regeneration...', 'Starting <*>...'],
  ['(root) CMD (cd / && run-parts --report /etc/cron.hourly)', '(<user>) CMD (<*>)'],
  [
    'pam_unix(sshd:session): session closed for user bob',
    'pam_unix(<*>:session): session closed for user <user>',
  ],
  [
    'bob : TTY=pts/0 ; PWD=/tools ; USER=root ; COMMAND=/usr/bin/ls -l',
    '<user> : TTY=<*> ; PWD=<path> ; USER=<user> ; COMMAND=<*>',
  ],
  ['duration: 5 ms statement: SELECT a FROM b WHERE c = 1', 'duration: <num> statement: <*>'],
  ['ran "DROP TABLE x" at once', 'ran "<*>" at once'],
  ['duration: 5 ms statement: select count(*) from b', 'duration: <num> statement: <*>'],
  ['statement: select one of these', 'statement: select one of these'],
  ['10.0.0.8 - - [02/Nov/2026:06:00:00 +0000] "GET /error HTTP/1.1" 200 7 "-" "curl/7.1"', '<*>] "GET <*>'],
  ['10.0.0.8 - bob [02/Nov/2026:06:00:00 +0000] "GET / HTTP/1.1" 404 -', '<*>] "GET <*>'],
]

/** Lists of keys and values, where a value is as many words as it has. */
const DETAILS: readonly (readonly [string, string])[] = [
  [
    'It was logged off. Subject: Security ID: NULL SID Account Name: bob Account Domain: NT AUTHORITY Logon ID: 0x3e7',
    'It was logged off. Subject: <*>',
  ],
  ['It was logged off. Subject: Security ID: - Account Domain: Logon ID:', 'It was logged off. Subject: <*>'],
  [
    'It began. Process Name: C:\\a b.exe Creator ID: 0xBAD Process Command Line: cmd /c dir Type: 1',
    'It began. Process Name: <*>',
  ],
  [
    'It is not so. Subject: ID: 7 Failure Reason: User is locked out. Status: 0xC1 Sub Status: 0x0',
    'It is not so. Subject: <*> Failure Reason: User is locked out. Status: <*>',
  ],
  ['It fell. Cause: no room Note: 7 What: ask them', 'It fell. Cause: no room Note: <*> What: ask them'],
  ['Plugin: Loader: Module: the licence ran out', 'Plugin: Loader: Module: the licence ran out'],
]

describe('masks', () => {
  it.each(EXAMPLES)('%s', (line, expected) => {
    expect(mask(line)).toBe(expected)
  })

  it.each(HABITS)('by place: %s', (line, expected) => {
    expect(mask(line)).toBe(expected)
  })

  it.each(DETAILS)('in a list: %s', (line, expected) => {
    expect(mask(line)).toBe(expected)
  })

  it('do not hide what failed', () => {
    const lines = [
      'Failed to start cron.service - Regular background jobs.',
      'pam_unix(sshd:auth): authentication failure; user=bob',
      'cannot run "the other program" here',
      'error: SELECT a FROM b WHERE c',
      "Process 'restore all' has failed",
    ]
    expect(lines.map(mask)).toEqual([
      lines[0],
      'pam_unix(sshd:auth): authentication failure; user=<user>',
      lines[2],
      lines[3],
      lines[4],
    ])
  })

  it('are the same when they are masked again', () => {
    for (const [line] of [...EXAMPLES, ...HABITS, ...DETAILS]) expect(mask(mask(line))).toBe(mask(line))
    const word = fc.oneof(
      fc.constantFrom(
        'user',
        'for',
        'bytes',
        'failed',
        'Jun',
        'KB',
        'x+',
        'A',
        'on',
        'session',
        '<',
        '="',
        "'",
      ),
      fc.stringMatching(/^[ -~]{0,12}$/),
      fc.ipV4(),
      fc.uuid(),
      fc.integer().map(String),
      fc.webUrl(),
    )
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), fc.constantFrom(' ', '=', ', '), (words, by) => {
        const form = (line: string) => tokenize(line).words.join(' ')
        const once = mask(words.join(by))
        const twice = mask(once)
        expect(form(mask(twice))).toBe(form(twice))
      }),
    )
  })

  it('never hide a word that tells of failure', () => {
    const failure = fc.constantFrom('failed', 'Error', 'DENIED', 'timeout', 'refused', 'invalid', 'unknown')
    const before = fc.constantFrom(
      ...[
        'user ',
        'for ',
        'x=',
        "'",
        '12 ',
        'state="',
        'session=',
        '',
        'a [',
        'x=<',
        'x=(',
        'x=Y ',
        'of Set(',
      ],
      ...[
        'The Big Old ',
        'x=y (250 ',
        'It ran. Subject: Name: x Account ',
        'It ran. Subject: Name: x Account: ',
      ],
    )
    const after = fc.constantFrom(
      '',
      ' 12',
      "'",
      '"',
      ' user',
      ' KB',
      '] b',
      '>',
      ')',
      ' one',
      ' Domain: y Type: z',
    )
    fc.assert(
      fc.property(before, failure, after, (head, word, tail) => {
        const line = head + word + tail
        // That is how programs write that there is no value.
        const told = line.includes('<unknown>') ? [] : [word]
        expect(tokenize(line).words.filter(isProtected)).toEqual(told)
      }),
    )
  })
})
