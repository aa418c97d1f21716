import { describe, expect, test } from 'vitest'
import { ANN, BOB, desktop, HOST, short } from './told-desktop.ts'
import { log, type Said } from './told-story.ts'

const AT = 300
const SESSION = '0c5e7f11-0000-4000-8000-0000000000aa'
const server = (who: typeof ANN, minute: number, rule = 'dcv-auth-failed') =>
  log('dcv-server', [rule], { ...HOST, host: who.host, minutes: [minute] })
const portal = (said: readonly Said[], ...minutes: number[]) =>
  log('web-ui', said, { cluster: 'soca-lab', minutes })

describe('a login that the portal refuses without saying whose', () => {
  const key = portal(['api-auth-key-mismatch'], AT)
  const all = [...desktop(ANN), ...desktop(BOB)]

  test('is of the desktop whose server was refused in that moment', () => {
    expect(short([...all, server(BOB, AT + 0.02), key])).toEqual([
      'ann/cad ready',
      'bob/cfd failed connect api-auth-key-mismatch',
    ])
  })

  test('is of that desktop, too, where its server tells only that the client may not connect', () => {
    expect(short([...all, server(BOB, AT + 0.02, 'dcv-client-refused'), key])).toContain(
      'bob/cfd failed connect api-auth-key-mismatch',
    )
  })

  test('is of none if two were refused then, or none', () => {
    const well = ['ann/cad ready', 'bob/cfd ready']
    expect(short([...all, server(BOB, AT), server(ANN, AT + 0.01), key])).toEqual(well)
    expect(short([...all, server(BOB, AT + 1), key])).toEqual(well)
  })
})

describe('a desktop of SOCA 2.x', () => {
  const installed: Said[] = [
    {
      rule: 'milestone-session-begin',
      message: `dcv create-session ${SESSION}`,
      captures: { session: SESSION },
    },
    'milestone-session-created',
  ]
  const asked: Said = {
    rule: 'milestone-login-asked',
    message: `Detected {'sessionId': '${SESSION}'} and remote_addr 10.0.0.99`,
    captures: { session: SESSION },
  }

  test('is known to the portal by the session that its log creates, and failed if nobody gets into that', () => {
    const logs = [...desktop(ANN, { installed }), ...desktop(BOB)]
    const refused = portal([asked, 'api-auth-denied'], AT, AT)
    expect(short([...logs, refused])).toEqual(['ann/cad failed connect api-auth-denied', 'bob/cfd ready'])
    const then = portal([asked, 'api-auth-denied', asked, 'milestone-login-done'], AT, AT, AT + 2, AT + 2)
    expect(short([...logs, then])).toEqual(['ann/cad ready', 'bob/cfd ready'])
  })
})

test('a login that failed for all is not made good by others that see the desktop answer', () => {
  const broken = log('dcv-server', ['dcv-verifier-tls'], { ...HOST, host: ANN.host, minutes: [AT] })
  const later = (rule: string) => portal([{ rule, message: `${ANN.host} of ann` }], AT + 10)
  const failed = ['ann/cad failed connect dcv-verifier-tls']
  expect(short([...desktop(ANN), broken])).toEqual(failed)
  expect(short([...desktop(ANN), broken, later('milestone-session-running')])).toEqual(failed)
  expect(short([...desktop(ANN), broken, later('milestone-login-done')])).toEqual(['ann/cad ready'])
})

test('the reason right before a refused launch is of the desktop that the refusal names', () => {
  const refusal = {
    rule: 'api-desktop-action-failed',
    message: 'Unable to Launch Desktop cad for user ann | Status Code: 500',
  }
  const after = (minutes: number) => short([portal(['api-vcpu-limit', refusal], 1, 1 + minutes)])
  expect(after(0.01)).toEqual(['ann/cad failed launch api-vcpu-limit'])
  expect(after(1)).toEqual(['ann/cad failed launch api-desktop-action-failed'])
})
