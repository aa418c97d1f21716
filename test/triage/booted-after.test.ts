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
