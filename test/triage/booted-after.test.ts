import { describe, expect, test } from 'vitest'
import { short } from './told-desktop.ts'
import { log, type Said, type ToldLog } from './told-story.ts'

const asked = (user: string, name: string, os = 'Windows'): Said => ({
  rule: 'milestone-launch-requested',
  message: `Received parameter for new ${os} DCV session: {'session_name': '${name}', 'user': '${user}'}`,
  captures: { os },
})
const portal = (said: readonly Said[], minutes: readonly number[]) =>
  log('web-ui', said, { cluster: 'soca-lab', profile: 'soca-25', minutes })
const windows = (host: string, minute: number) =>
  log('win-bootstrap', ['milestone-win-user-data-begin', 'win-domain-join-failed'], {
    ...{ profile: 'soca-25', host, minutes: [minute, minute + 1] },
  })
const FAILED = 'failed identity win-domain-join-failed'
const [ONE, TWO] = ['i-0c4f5a6b7d8e9f001', 'i-0c4f5a6b7d8e9f002']
const found = (...logs: ToldLog[]) => short(logs).filter((line) => line.includes(FAILED))

describe('a machine whose logs name nobody', () => {
  test('is of the desktop right after whose request it booted, though there are others', () => {
    const requests = portal([asked('ann', 'cad'), asked('bob', 'cfd')], [10, 300])
    expect(found(requests, windows(ONE, 14), windows(TWO, 304))).toEqual([
      `ann/cad ${FAILED}`,
      `bob/cfd ${FAILED}`,
    ])
    expect(found(requests, windows(TWO, 304), windows('i-0c4f5a6b7d8e9f003', 100))).toEqual([
      `bob/cfd ${FAILED}`,
      `i-0c4f5a6b7d8e9f003 ${FAILED}`,
    ])
  })

  test('is of none of two that were asked for right before it', () => {
    const requests = portal([asked('ann', 'cad'), asked('bob', 'cfd')], [10, 11])
    expect(found(requests, windows(ONE, 14))).toEqual([`${ONE} ${FAILED}`])
  })

  test('is not of one for which two machines booted, or of one of another system', () => {
    const two = [windows(ONE, 14), windows(TWO, 15)]
    expect(found(portal([asked('ann', 'cad')], [10]), ...two)).toHaveLength(2)
    expect(found(portal([asked('ann', 'cad')], [10]), ...two)[0]).not.toContain('ann')
    expect(found(portal([asked('ann', 'cad', 'Linux')], [10]), windows(ONE, 14))).toEqual([
      `${ONE} ${FAILED}`,
    ])
  })
})

describe('what a host wrote before its mount, and names only the instance', () => {
  const early = (instance: string, minute: number) => {
    const { facts, events } = log('filesystems-mount', ['milestone-mount-begin', 'efs-no-mount-target'], {
      ...{ profile: 'edh-26', minutes: [minute, minute + 1] },
    })
    const file = `/root/edh_bootstrap_${instance}/logs/filesystems_mount.log`
    return { facts: { ...facts, file }, events: events.map((event) => ({ ...event, file })) }
  }
  const begun = log('user-data', ['milestone-user-data-started'], { profile: 'edh-26', minutes: [1] })
  const started = (instance: string) => {
    const file = `/root/edh_bootstrap_${instance}/logs/01_user_data.sh.log`
    return { facts: { ...begun.facts, file }, events: begun.events.map((event) => ({ ...event, file })) }
  }
  const setup = (session: string, minute: number) =>
    log('setup', ['milestone-setup-begin', 'ad-account-missing'], {
      ...{
        profile: 'edh-26',
        owner: 'gus',
        session,
        host: `ip-10-0-0-${minute}`,
        minutes: [minute, minute + 15],
      },
    })

  test('is of the desktop whose other logs begin right after', () => {
    expect(short([early(ONE, 3), started(ONE), setup('Chip', 6)])).toEqual([
      'gus/Chip failed mount efs-no-mount-target',
    ])
  })

  test('is of the desktop that it names, and of no other', () => {
    const named = (desktop: string): ToldLog => {
      const { facts, events } = log(
        'user-data',
        [
          'milestone-user-data-started',
          {
            rule: 'host-desktop-named',
            message: `s3://lab/dcv_node/gus/${desktop}/`,
            captures: { owner: 'gus', desktop },
          },
        ],
        { profile: 'edh-26', minutes: [1, 1] },
      )
      const file = `/root/edh_bootstrap_${ONE}/logs/01_user_data.sh.log`
      return { facts: { ...facts, file }, events: events.map((event) => ({ ...event, file })) }
    }
    expect(short([early(ONE, 3), named('Chip'), setup('Chip', 6)])).toEqual([
      'gus/Chip failed mount efs-no-mount-target',
    ])
    expect(short([early(ONE, 3), named('Chop'), setup('Chip', 6)])).toEqual([
      'gus/Chip failed identity ad-account-missing',
      'gus/Chop failed mount efs-no-mount-target',
    ])
  })

  test('is of none, if they begin much later or if two do', () => {
    const alone = `${ONE} failed mount efs-no-mount-target`
    expect(short([early(ONE, 3), started(ONE), setup('Chip', 90)])).toContain(alone)
    expect(short([early(ONE, 3), started(ONE), setup('Chip', 6), setup('Chop', 7)])).toContain(alone)
  })
})

test('the answer of AWS is the cause of a refused stack, though the portal tidies up before it writes it', () => {
  const said: Said[] = [
    asked('ann', 'cad'),
    {
      rule: 'portal-stack-refused',
      message: 'Stack could not be created, deleting /apps/x/dcv_node/ann/cad',
    },
    { rule: 'api-stack-quota', message: 'Unable to create stack soca-lab-cad-ann due to LimitExceeded' },
  ]
  expect(short([portal(said, [1, 1, 1.01])])).toEqual(['ann/cad failed launch api-stack-quota'])
  expect(short([portal(said, [1, 1, 2])])).toEqual(['ann/cad failed launch portal-stack-refused'])
})
