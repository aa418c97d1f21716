import { describe, expect, test } from 'vitest'
import { ANN, NEW, short } from './told-desktop.ts'
import { diagnosed, log, type Said, type ToldLog } from './told-story.ts'

/** A log in which one thing is said each minute. */
const told = (
  source: string,
  said: readonly Said[],
  place: Parameters<typeof log>[2] = {},
  from = 1,
): ToldLog => log(source, said, { ...place, minutes: said.map((_, index) => from + index) })

describe('the phase of a desktop whose log stops', () => {
  const windows = (...said: Said[]) => [
    told('win-bootstrap', said, { profile: NEW.profile, host: 'i-0a0000001' }),
  ]
  const begun: Said[] = [
    'milestone-win-user-data-begin',
    'milestone-win-user-data-done',
    'milestone-win-setup-begin',
  ]

  test('is the one after the last step that ended', () => {
    const joined: Said[] = [...begun, 'milestone-win-identity-begin', 'milestone-win-identity-done']
    expect(short(windows(...begun))[0]).toMatch(/ stalled setup /)
    expect(short(windows(...joined.slice(0, -1)))[0]).toMatch(/ stalled identity /)
    expect(short(windows(...joined))[0]).toMatch(/ stalled setup /)
    expect(short(windows(...joined, 'milestone-gpu-none'))[0]).toMatch(/ stalled dcv-install /)
  })

  test('is that of the bootstrap, though the server of its image has a session and refuses what the portal asks for', () => {
    const host = { host: 'ip-10-0-0-1', profile: 'host', cluster: '' }
    const image = log('dcv-server', ['milestone-dcv-server-started', 'milestone-dcv-session-made'], {
      ...{ ...host, minutes: [1, 2] },
    })
    const refused = { rule: 'api-check-path-unknown', message: 'Checking https://lab/ip-10-0-0-1/ for it' }
    const portal = log('web-ui', [refused, refused, refused], { cluster: 'soca-lab', minutes: [10, 40, 90] })
    const script = told('win-userdata', ['milestone-win-user-data-begin'], host, 3)
    expect(short([image, script, portal])[0]).toMatch(/ stalled user-data absence-win-user-data-end/)
    const through = told(
      'win-userdata',
      ['milestone-win-user-data-begin', 'milestone-win-user-data-done'],
      host,
      0,
    )
    expect(short([image, through, portal])[0]).toMatch(/ failed \S+ api-check-path-unknown/)
  })

  test('is the one that the setup has begun last, however long ago that was', () => {
    const said: Said[] = ['milestone-setup-begin', 'milestone-identity-begin']
    const found = (asOf: number) =>
      diagnosed([told('setup', said, { ...ANN, ...NEW })], asOf).map(({ status, verdict }) => [
        status,
        verdict?.phase,
      ])
    expect([found(40), found(600)]).toEqual([[['stalled', 'identity']], [['stalled', 'identity']]])
  })

  test('is not told as done, though one of its scripts ended', () => {
    const found = diagnosed([
      told('setup', ['milestone-setup-begin'], { ...ANN, ...NEW }),
      told('install-packages', ['milestone-packages-begin', 'milestone-packages-done'], { ...ANN, ...NEW }),
    ])
    const seen = found.map(({ status, verdict, phases }) => {
      const named = phases.find(({ phase }) => phase === verdict?.phase)
      return [status, named?.phase, named?.state, named?.end]
    })
    expect(seen).toEqual([['stalled', 'setup', 'missing', undefined]])
  })

  test('is the session, not the end, while Windows was not restarted and did not say that it is ready', () => {
    const configured: Said[] = [
      ...begun,
      'milestone-win-dcv-begin',
      'milestone-win-dcv-done',
      'milestone-win-session-begin',
    ]
    expect(short(windows(...configured))[0]).toMatch(/^i-0a0000001 stalled session/)
    expect(short(windows(...configured, 'milestone-reboot-skipped', 'milestone-win-session-done'))).toEqual([
      'i-0a0000001 ready',
    ])
  })

  test('is what the script after the reboot was at', () => {
    const place = { ...ANN, profile: NEW.profile }
    const setup = told(
      'setup',
      ['milestone-setup-begin', 'milestone-setup-done', 'milestone-identity-done', 'milestone-reboot-begin'],
      place,
    )
    const back = (...said: Said[]) =>
      short([setup, told('setup-post-reboot', ['milestone-reboot-done', ...said], place, 8)])
    expect(back('milestone-gpu-none')).toEqual(['ann/cad stalled dcv-install absence-post-reboot-end'])
    expect(back('milestone-gpu-begin')[0]).toMatch(/^ann\/cad stalled gpu /)
    const installed: Said[] = [
      'milestone-dcv-install-begin',
      'milestone-dcv-install-done',
      'milestone-session-announced',
    ]
    expect(back(...installed)).toEqual(['ann/cad stalled session absence-post-reboot-end'])
  })
})
