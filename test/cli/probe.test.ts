import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runProgram } from '../support/program.ts'

/** Of nobody: made for these tests, good for a hundred years. */
const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQggwQ2k4NazXvtk92c
8BnV272+ezl6IgF+OEOPZn4aazGhRANCAATDjaxHCUSstUOubczmezqyXGGGxnU1
ybFyA7OYHDB5IJVcR/DG+amp2T8+8byBFprzl1UEPZNb1pTMPUV1O3Co
-----END PRIVATE KEY-----
`
const CERT = `-----BEGIN CERTIFICATE-----
MIIBeDCCAR+gAwIBAgIUcsV1gMstr8C4P09Vt257VA5Eq0YwCgYIKoZIzj0EAwIw
ETEPMA0GA1UEAwwGdmlld2VyMCAXDTI2MTEyNjA0MTc0MFoYDzIxMjYxMTAyMDQx
NzQwWjARMQ8wDQYDVQQDDAZ2aWV3ZXIwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNC
AATDjaxHCUSstUOubczmezqyXGGGxnU1ybFyA7OYHDB5IJVcR/DG+amp2T8+8byB
Fprzl1UEPZNb1pTMPUV1O3Coo1MwUTAdBgNVHQ4EFgQUvp3F6vXMk3B9XhwLTBc0
G52rbjcwHwYDVR0jBBgwFoAUvp3F6vXMk3B9XhwLTBc0G52rbjcwDwYDVR0TAQH/
BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiAxa/Ng4uGbxOETeoRjtFKJ1jASFgiT
8sSnIYhlZterCAIgMnjqGd4R12jUdVxAFq7qOGWzpJEmYb0Qafxua/JXaK8=
-----END CERTIFICATE-----
`

/** A load balancer that answers every request like this; gives its address. */
async function answering(
  status: number,
  headers: Record<string, string>,
): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = []
  const server = createServer({ key: KEY, cert: CERT }, (request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.writeHead(status, headers).end()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return { url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

describe('probe', () => {
  it('asks for the headers once and never shows the token', async () => {
    const { url, asked } = await answering(302, { location: '/login?authToken=hush#x', server: 'uwsgi' })
    const { code, stdout, stderr } = await runProgram(['probe', `${url}/ip-10-0-0-1/?authToken=hush`])
    expect([code, asked]).toEqual([1, ['HEAD /ip-10-0-0-1/?authToken=hush']])
    expect(stdout).toContain(
      `${url}/ip-10-0-0-1/\n302, uwsgi\nThe load balancer has no rule for this desktop`,
    )
    expect(stdout + stderr).not.toContain('hush')
    const json = await runProgram(['probe', '--json', `${url}/ip-10-0-0-1/?authToken=hush`])
    expect(JSON.parse(json.stdout)).toMatchObject({
      status: 302,
      location: '/login',
      ok: false,
      phase: 'load-balancer',
    })
    expect(json.stdout).not.toContain('hush')
  })

  it('ends well where the DCV server answers', async () => {
    const { url } = await answering(200, { server: 'dcv' })
    expect(await runProgram(['probe', `${url}/h/`])).toMatchObject({ code: 0, stderr: '' })
  })

  it('reads what curl printed', async () => {
    const { code, stdout } = await runProgram(['probe', '-'], {
      input: 'HTTP/2 504\r\nserver: awselb/2.0\r\n\r\n',
    })
    expect([code, stdout.split('\n')[1]]).toEqual([1, 'The desktop does not answer the load balancer (504)'])
  })

  it('says what is wrong with the question', async () => {
    const answers = await Promise.all([
      runProgram(['probe', 'http://x/?authToken=hush']),
      runProgram(['probe', 'nonsense']),
      runProgram(['probe', '-'], { input: 'hello' }),
    ])
    expect(answers.map(({ code, stderr }) => [code, stderr.split('\n', 1)[0]])).toEqual([
      [2, 'dcvlens: the address is no https URL'],
      [2, 'dcvlens: the address is no https URL'],
      [2, 'dcvlens: there is no answer in what was given'],
    ])
    expect(answers.map(({ stderr }) => stderr).join('')).not.toContain('hush')
  })
})
