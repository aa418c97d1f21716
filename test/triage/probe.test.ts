import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type ProbeAnswer, probeFinding } from '../../src/triage/probe/probe.ts'
import { readHeaders } from '../../src/triage/probe/read-headers.ts'

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
  [{ status: 200, server: 'nginx' }, false, 'load-balancer', /no rule/],
  [{ status: 418, server: 'teapot' }, false, 'connect', /nothing known/],
  [{ error: 'curl: (6) Could not resolve host: x' }, false, 'connect', /name .* not known/],
  [{ error: 'ENOTFOUND' }, false, 'connect', /name .* not known/],
  [{ error: 'curl: (28) Connection timed out after 5001 milliseconds' }, false, 'load-balancer', /in time/],
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

describe('pasted headers', () => {
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
