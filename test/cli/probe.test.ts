import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { answering } from '../support/load-balancer.ts'
import { runProgram } from '../support/program.ts'

describe('probe', () => {
  it('asks for the headers once and never shows the token', async () => {
    const { url, asked } = await answering(302, { location: '/login?authToken=hush#x', server: 'uwsgi' })
    const { code, stdout, stderr } = await runProgram(['probe', `${url}/ip-10-0-0-1/?authToken=hush`])
    expect([code, asked]).toEqual([1, ['HEAD /ip-10-0-0-1/?authToken=hush']])
    expect(stdout).toContain(
      `${url}/ip-10-0-0-1/\n302, uwsgi, to /login\nThe load balancer has no rule for this desktop`,
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

  it('shows nothing of a token, however it is hidden in an address or in pasted headers', async () => {
    const secret = 'LEAKME123'
    const pasted = [
      'HTTP/1.1 302 Found',
      `Set-Cookie: session=${secret}`,
      `Authorization: Bearer ${secret}`,
      `Location: https://ann:${secret}@x/?authToken=${secret}&code=abc#${secret}`,
    ].join('\r\n')
    const { url } = await answering(200, { server: 'dcv', 'set-cookie': `x=${secret}` })
    const asked = `${url.replace('//', `//ann:${secret}@`)}/ip-10-0-0-1/%3FauthToken%3D${secret}?a=${secret}#${secret}`
    for (const options of [[], ['--json']]) {
      const shown = [
        await runProgram(['probe', ...options, '-'], { input: pasted }),
        await runProgram(['probe', ...options, asked]),
        await runProgram(['probe', ...options, asked.replace('https', 'http')]),
      ]
      for (const { stdout, stderr } of shown) expect(stdout + stderr).not.toMatch(/LEAKME123|code=abc/)
      expect(shown[1]?.stdout).toContain(`${url}/ip-10-0-0-1`)
    }
  })

  it('reads what `curl -v` printed', async () => {
    const input =
      '* Trying 10.0.0.1:443...\n> HEAD /x/ HTTP/2\n>\n< HTTP/2 200\n< server: dcv\n<\n* left intact\n'
    expect(await runProgram(['probe', '-'], { input })).toMatchObject({ code: 0, stderr: '' })
  })

  it('ends well where the DCV server answers', async () => {
    const { url } = await answering(200, { server: 'dcv' })
    expect(await runProgram(['probe', `${url}/h/`])).toMatchObject({ code: 0, stderr: '' })
  })

  it('names the address that was asked where a command must be run', async () => {
    const server = createServer((socket) => socket.end('this is no TLS\n')).listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const url = `https://127.0.0.1:${port}/ip-10-0-1-19/`
    const step = `\`openssl s_client -connect 127.0.0.1:${port}\` shows how far it comes.`
    expect((await runProgram(['probe', url])).stdout).toContain(`   - ${step}\n`)
    expect(JSON.parse((await runProgram(['probe', url, '--json'])).stdout)).toMatchObject({ remedy: [step] })
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
      [2, 'dcvlens: the address is not an https URL'],
      [2, 'dcvlens: the address is not an https URL'],
      [2, 'dcvlens: what was given contains no answer'],
    ])
    expect(answers.map(({ stderr }) => stderr).join('')).not.toContain('hush')
  })
})
