import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { answerOf, type ProbeAnswer, shownAddress } from '../../src/triage/probe/answer.ts'
import { probeFinding } from '../../src/triage/probe/probe.ts'
import { askedAddress, readHeaders } from '../../src/triage/probe/read-headers.ts'

const CASES: readonly (readonly [answer: ProbeAnswer, ok: boolean, phase: string, title: RegExp])[] = [
  [{ status: 200, server: 'dcv' }, true, 'connect', /answer$/],
  [{ status: 200, server: 'DCV' }, true, 'connect', /answer$/],
  [{ status: 404, server: 'dcv' }, false, 'connect', /not under this path/],
  [{ status: 403, server: 'dcv' }, false, 'connect', /refuses the request/],
  [{ status: 502, server: 'awselb/2.0' }, false, 'session', /cannot talk to the desktop/],
  [{ status: 503, server: 'awselb/2.0' }, false, 'load-balancer', /target group .* empty/],
  [{ status: 504, server: 'awselb/2.0' }, false, 'load-balancer', /does not answer the load balancer/],
  [{ status: 404, server: 'awselb/2.0' }, false, 'load-balancer', /itself refuses/],
  [{ status: 403, server: 'awselb/2.0' }, false, 'load-balancer', /itself refuses/],
  [{ status: 400, server: 'awselb/2.0' }, false, 'connect', /does not understand/],
  [{ status: 302, location: '/' }, false, 'load-balancer', /no rule/],
  [{ status: 200 }, false, 'load-balancer', /no rule/],
  [{ status: 200, server: 'uwsgi' }, false, 'load-balancer', /no rule/],
  [{ status: 200, server: 'nginx' }, false, 'load-balancer', /^An answer that is not DCV's: server nginx$/],
  [{ status: 200, server: 'awselb/2.0' }, false, 'load-balancer', /answers itself/],
  [{ status: 418, server: 'teapot' }, false, 'load-balancer', /not DCV's: server teapot$/],
  [{ status: 418 }, false, 'connect', /not known/],
  [{ status: 302, server: 'dcv' }, false, 'connect', /not with a page/],
  [{ error: 'HPE_INVALID_CONSTANT' }, false, 'connect', /does not speak HTTP/],
  [{ error: 'EWHATEVER' }, false, 'connect', /no answer, for a reason that is not known/],
  [{ error: '' }, false, 'connect', /no answer, for a reason that is not known/],
  [{ error: 'curl: (6) Could not resolve host: x' }, false, 'connect', /name .* not known/],
  [{ error: 'ENOTFOUND' }, false, 'connect', /name .* not known/],
  [
    { error: 'curl: (28) Connection timed out after 5001 milliseconds' },
    false,
    'load-balancer',
    /cannot be reached/,
  ],
  [
    { error: 'curl: (28) Operation timed out after 30001 milliseconds with 0 bytes received' },
    false,
    'load-balancer',
    /nothing comes back/,
  ],
  [
    { error: 'curl: (56) Received HTTP code 403 from proxy after CONNECT' },
    false,
    'connect',
    /A proxy on the way refuses/,
  ],
  [{ error: 'ECONNREFUSED' }, false, 'load-balancer', /Nothing listens/],
  [{ error: 'read ECONNRESET' }, false, 'connect', /cut before an answer/],
  [{ status: 460, server: 'awselb/2.0' }, false, 'connect', /hung up/],
  [{ status: 464, server: 'awselb/2.0' }, false, 'load-balancer', /of this form/],
  [{ status: 561, server: 'awselb/2.0' }, false, 'load-balancer', /identity provider/],
  [{ status: 405, server: 'dcv' }, false, 'connect', /not with a page/],
  [
    { error: 'curl: (35) OpenSSL SSL_connect: Connection reset by peer' },
    false,
    'connect',
    /secure connection/,
  ],
]

test.each(CASES)('%j is told as what it is', (answer, ok, phase, title) => {
  expect(probeFinding(answer)).toMatchObject({ ok, phase, title: expect.stringMatching(title) })
  expect(probeFinding(answer).remedy.length).toBeGreaterThan(0)
})

const LOGIN = 'https://login.microsoftonline.com/x'
const NO_RULE = /has no rule for this desktop/

test.each<readonly [server: string | undefined, status: number, location: string | undefined, title: RegExp]>(
  [
    [undefined, 302, '/', NO_RULE],
    ['uWSGI', 302, '/login', NO_RULE],
    [undefined, 301, 'https://viewer.example.com/', NO_RULE],
    [undefined, 302, '/ip-10-0-0-1/index.html', /not known/],
    [undefined, 302, undefined, /not known/],
    [undefined, 302, LOGIN, /not known/],
    [undefined, 302, 'https://login.example.com/', /not known/],
    ['uwsgi', 302, LOGIN, /not DCV's: server uwsgi$/],
    ['awselb/2.0', 302, LOGIN, /login stands in front/],
    ['awselb/2.0', 301, LOGIN, /redirects the request/],
    ['awselb/2.0', 302, '/', /redirects the request/],
    ['awselb/2.0', 301, 'https://viewer.example.com/', /redirects the request/],
    ['dcv', 302, '/', /DCV server answers, but not with a page/],
    ['nginx', 302, '/', /not DCV's: server nginx$/],
  ],
)('a redirect of %s with %i to %s is told as what it is', (server, status, location, title) => {
  const url = 'https://viewer.example.com/ip-10-0-0-1/'
  expect(probeFinding(answerOf({ status, server, location }), url).title).toMatch(title)
})

test('a redirect whose origin is not known leads to the portal only if it leads to a first page', () => {
  const title = (location: string, server?: string) =>
    probeFinding(answerOf({ status: 302, server, location })).title
  expect(title('https://viewer.example.com/')).toMatch(NO_RULE)
  expect(title('https://idp.example.com/login')).not.toMatch(NO_RULE)
  expect(title(LOGIN, 'awselb/2.0')).toMatch(/login stands in front/)
})

test('nothing but the portal is taken for the portal', () => {
  const server = fc.constantFrom(undefined, 'uwsgi', 'dcv', 'awselb/2.0', 'nginx', 'Apache/2.4.6 (CentOS)')
  const location = fc.constantFrom(undefined, '/', '/login', '/a/', LOGIN, 'https://viewer.example.com/')
  fc.assert(
    fc.property(fc.integer({ min: 100, max: 599 }), server, location, (status, name, target) => {
      const url = 'https://viewer.example.com/ip-10-0-0-1/'
      const { title, ok } = probeFinding(answerOf({ status, server: name, location: target }), url)
      const isSent = status >= 301 && status <= 308 && target !== undefined
      const isPortal = name === undefined || name === 'uwsgi'
      const isTold = NO_RULE.test(title)
      expect(isTold && !(isPortal && (status === 200 || isSent))).toBe(false)
      expect(isTold && isSent && (target === LOGIN || target === '/a/')).toBe(false)
      expect(ok).toBe(status === 200 && name === 'dcv')
    }),
  )
})

const SECRET = 'LEAKME123'
/** Ways to write a secret into an address, before and behind its path. */
const HIDDEN = fc.constantFrom(
  `?authToken=${SECRET}&code=abc`,
  `#${SECRET}`,
  `;jsessionid=${SECRET}`,
  `%3FauthToken%3D${SECRET}`,
  `%3fauthToken=${SECRET}#x`,
  `%23${SECRET}/x`,
  `authToken=${SECRET}/`,
  `${SECRET.repeat(6)}/`,
  `/../${'ab'.repeat(40)}${SECRET}/x`,
)
const LEADING = fc.constantFrom(
  `https://ann:${SECRET}@viewer.example.com/ip-10-0-0-1/`,
  `//${SECRET}@viewer.example.com/`,
  'https://viewer.example.com/',
  '/login/',
  '/',
  `data:text/plain,${SECRET}`,
  `https://[${SECRET}`,
)

test('no secret in an address or header gets into an answer', () => {
  const other = fc.constantFrom(
    `Set-Cookie: id=${SECRET}; Path=/`,
    `Authorization: Bearer ${SECRET}`,
    `> Authorization: Basic ${SECRET}`,
    `> GET /?authToken=${SECRET} HTTP/2`,
    `* Server auth using Basic with user '${SECRET}'`,
    `X-Amzn-Oidc-Data: ${SECRET}`,
    `Refresh: 0; url=/?authToken=${SECRET}`,
  )
  const server = fc.constantFrom(
    '',
    'Server: dcv',
    `Server: nginx (authToken=${SECRET})`,
    `Server: =${SECRET}`,
  )
  const mark = fc.constantFrom('', '< ')
  fc.assert(
    fc.property(LEADING, HIDDEN, fc.array(other), server, mark, (leading, hidden, others, named, sign) => {
      const address = `${leading}${hidden}`
      const lines = ['HTTP/1.1 302 Found', ...others, `Location: ${address}`, named].filter(Boolean)
      const answer = readHeaders(lines.map((line) => `${sign}${line}`).join('\r\n'))
      expect(answer).toMatchObject({ status: 302 })
      const told = JSON.stringify([answer, answer && probeFinding(answer), shownAddress(address)])
      expect(told).not.toContain(SECRET)
    }),
  )
})

test.each([
  [`curl: (6) Could not resolve host: ${SECRET}`, 'curl: (6) Could not resolve host'],
  [`curl: (3) URL rejected: bad ${SECRET}`, 'curl: (3) URL rejected'],
  [
    `curl: (7) Failed to connect to x?authToken=${SECRET} port 443`,
    'curl: (7) Failed to connect to port 443',
  ],
])('an error of curl is told without what was typed: %s', (line, error) => {
  expect(readHeaders(line)).toEqual({ error })
})

describe('pasted headers', () => {
  test('are read as `curl -v` prints them', () => {
    const verbose = [
      '* Host viewer.example.com:443 was resolved.',
      '*   Trying 10.0.0.1:443...',
      '* Server certificate:',
      '> HEAD /ip-10-0-0-1/ HTTP/2',
      '> Host: viewer.example.com',
      '> Server: not-this-one',
      '>',
      '* Request completely sent off',
      '< HTTP/2 200 ',
      '< date: Mon, 04 May 2026 10:00:00 GMT',
      '* Added cookie to the jar',
      '< server: dcv',
      '<',
      '* Connection #0 to host viewer.example.com left intact',
    ]
    expect(readHeaders(verbose.join('\n'))).toEqual({ status: 200, server: 'dcv' })
    expect(readHeaders(verbose.join('\r\n'))).toEqual({ status: 200, server: 'dcv' })
    const twice = verbose.flatMap((line) => (line.startsWith('<') ? [line, line.slice(2)] : [line]))
    expect(readHeaders(twice.join('\n'))).toEqual({ status: 200, server: 'dcv' })
  })

  test('say which address was asked, without what may be a token in it', () => {
    const sent = '> HEAD /ip-10-0-0-1/?authToken=SECRET HTTP/2\n> Host: viewer.example.com\n>\n< HTTP/2 302\n'
    expect(askedAddress(sent)).toBe('https://viewer.example.com/ip-10-0-0-1/')
    expect(askedAddress(sent.replaceAll('\n', '\r\n'))).toBe('https://viewer.example.com/ip-10-0-0-1/')
    expect(askedAddress('HTTP/2 302\nlocation: /\n')).toBeUndefined()
  })

  test('may be only remarks about why there is no answer', () => {
    expect(
      readHeaders('*   Trying 10.0.0.1:443...\n* connect to 10.0.0.1 port 443 failed: Connection refused\n'),
    ).toEqual({ error: 'Connection refused' })
    expect(readHeaders('* Could not resolve host: viewer\n* Closing connection')).toEqual({
      error: 'Could not resolve host',
    })
  })

  test('do not begin with the answer of a proxy on the way', () => {
    const proxy = 'HTTP/1.1 200 Connection established\r\n\r\n'
    expect(readHeaders(`${proxy}HTTP/2 502\r\nserver: awselb/2.0\r\n`)).toEqual({
      status: 502,
      server: 'awselb/2.0',
    })
    expect(readHeaders(`${proxy}curl: (35) TLS connect error: x`)).toEqual({
      error: 'curl: (35) TLS connect error',
    })
  })

  test('count from the last answer on', () => {
    const text =
      'HTTP/1.1 302 Found\r\nServer: a\r\n\r\nHTTP/2 503 \r\nserver: awselb/2.0\r\ndate: x\r\n\r\nserver: late\n'
    expect(readHeaders(text)).toEqual({ status: 503, server: 'awselb/2.0' })
  })

  test('may end without an empty line, and be an error of curl', () => {
    expect(readHeaders('HTTP/2 302\nLocation: /x')).toEqual({ status: 302, location: '/x' })
    expect(readHeaders('  % Total\ncurl: (7) Failed to connect')).toEqual({
      error: 'curl: (7) Failed to connect',
    })
    expect(readHeaders('nothing of the kind')).toBeUndefined()
  })

  test('are read whatever stands around them and however they are written', () => {
    const header = fc.constantFrom('server', 'Server', 'SERVER')
    const newline = fc.constantFrom('\n', '\r\n')
    const rest = fc.array(fc.stringMatching(/^x-[a-z]{1,8}: [ -~]{0,20}$/))
    fc.assert(
      fc.property(
        fc.string(),
        fc.integer({ min: 100, max: 599 }),
        header,
        newline,
        rest,
        (before, status, name, eol, others) => {
          const text = [
            before.replaceAll('HTTP/', ''),
            `HTTP/2 ${status} `,
            ...others,
            `${name}: dcv`,
            '',
          ].join(eol)
          expect(readHeaders(text)).toEqual({ status, server: 'dcv' })
        },
      ),
    )
  })
})
