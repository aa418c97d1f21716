import { expect, test } from 'vitest'
import { commonFactors } from '../../src/triage/common-factors.ts'
import { byUrgency } from '../../src/triage/overview.ts'
import type { SessionJson } from '../../src/triage/sessions/session-json.ts'
import { diagnosed, log, type ToldLog } from './told-story.ts'

const NOW_MS = Date.parse('2026-05-04T12:00:00Z')

function standing(name: string, status: SessionJson['status'], last: string, failures = 1): SessionJson {
  return {
    ...{ session: `ann/${name}`, cluster: 'edh-lab', owner: 'ann', name, attempts: 1, host: name },
    ...{ profile: 'edh-26', os: 'linux', status, phase: 'setup', first_seen: last, last_seen: last },
    ...{ failures, last_rule_id: '' },
  }
}

test('desktops that can still be saved come first, then those that failed, then those given up', () => {
  const all = [
    standing('lost', 'stalled', '2026-05-02T11:40:00.000000Z', 9),
    standing('broken', 'failed', '2026-05-04T11:50:00.000000Z'),
    standing('worse', 'failed', '2026-05-04T11:50:00.000000Z', 5),
    standing('waiting', 'stalled', '2026-05-04T11:30:00.000000Z', 0),
  ]
  expect(byUrgency(all, NOW_MS).map(({ name }) => name)).toEqual(['waiting', 'worse', 'broken', 'lost'])
})

test('what the failed have in common may be a kind of machine, a version or a controller that their logs name', () => {
  const place = { profile: 'edh-26', cluster: 'edh-lab' }
  const desktop = (owner: string, type: string, version: string, end: string): ToldLog[] => {
    const own = { ...place, owner, session: 'cad', host: `ip-10-0-0-${owner.charCodeAt(0)}` }
    const asked = `session_name=cad instance_type=${type} owner=${owner}`
    const fetched = `DCV_URL: https://x/nice-dcv-${version}-el9.tgz`
    return [
      log('web-ui', [{ rule: 'milestone-launch-requested', message: asked }], {
        ...{ ...place, cluster: `edh-lab`, minutes: [0] },
        session_uuid: owner,
      }),
      log(
        'setup-post-reboot',
        ['milestone-reboot-done', { rule: 'milestone-dcv-version', message: fetched }, end],
        { ...own, minutes: [2, 3, 9] },
      ),
    ]
  }
  const bad = 'session-socadcv-failed'
  const well = 'milestone-node-ready'
  const all = diagnosed([
    ...desktop('ann', 'g4dn.xlarge', '2025.0-20103', bad),
    ...desktop('bob', 'g4dn.xlarge', '2025.0-20103', bad),
    ...desktop('cleo', 'm6i.large', '2024.0-19030', well),
    ...desktop('dan', 'm6i.large', '2024.0-19030', well),
    ...desktop('eve', 'm6i.large', '2024.0-19030', well),
  ])
  const common = commonFactors(all).map(({ key, value, failed, of, lift }) => [
    `${key} ${value}`,
    `${failed} of ${of}`,
    lift,
  ])
  expect(common).toEqual([
    ['dcv_version 2025.0.20103', '2 of 2', 2.5],
    ['instance_type g4dn.xlarge', '2 of 2', 2.5],
  ])
})
