import { describe, expect, test } from 'vitest'
import type { DiagnosisJson } from '../../src/triage/diagnosis/diagnosis-json.ts'
import { fleetCauses } from '../../src/triage/fleet-causes.ts'
import { usualTimes } from '../../src/triage/usual-times.ts'
import { desktop } from './told-desktop.ts'
import { diagnosed, log } from './told-story.ts'

const [PATTERN] = diagnosed(desktop({ owner: 'ann', session: 'cad', host: 'ip-10-0-0-1' }))

/** A ready desktop, or one that fails for this cause; its setup took so many seconds. */
function one(
  name: string,
  traits: DiagnosisJson['traits'],
  { cause, seconds = 100 }: { readonly cause?: string; readonly seconds?: number } = {},
): DiagnosisJson {
  if (PATTERN === undefined) throw new Error('no desktop')
  const verdict = {
    ...{ phase: 'identity', rule_id: cause ?? '', title: cause ?? '', severity: 'error', layer: '' },
    ...{ confidence: 'likely' as const, explain: '', remedy: [] },
  }
  return {
    ...PATTERN,
    ...{ session: `ann/${name}`, host: name, traits, status: cause === undefined ? 'ready' : 'failed' },
    ...(cause === undefined ? {} : { verdict }),
    phases: [{ phase: 'setup', state: 'done', usual_s: 900, duration_s: seconds }],
  }
}

describe('root causes', () => {
  const on = (controller: string, type = 'm6i.large') => ({
    domain_controller: controller,
    instance_type: type,
  })

  test('are counted, each with what only its desktops share', () => {
    const causes = fleetCauses([
      ...['a', 'b', 'c'].map((name) => one(name, on('dc2'), { cause: 'join-refused' })),
      one('d', on('dc1', 'g5.xlarge'), { cause: 'driver' }),
      one('e', on('dc1', 'g5.xlarge'), { cause: 'driver' }),
      ...['f', 'g', 'h', 'i'].map((name) => one(name, on('dc1'))),
    ])
    expect(causes.map(({ rule_id, desktops }) => [rule_id, desktops])).toEqual([
      ['join-refused', 3],
      ['driver', 2],
    ])
    expect(
      causes.map(({ common }) => common.map(({ key, value, failed, of }) => [key, value, failed, of])),
    ).toEqual([[['domain_controller', 'dc2', 3, 3]], [['instance_type', 'g5.xlarge', 2, 2]]])
  })

  test('share nothing that the ready ones have as often, or that only a few have', () => {
    const failing = ['a', 'b', 'c', 'd', 'e'].map((name, index) =>
      one(name, on('dc1', index < 2 ? 'g5.xlarge' : 'm6i.large'), { cause: 'x' }),
    )
    const ready = ['f', 'g', 'h', 'i'].map((name) => one(name, on('dc1')))
    expect(fleetCauses([...failing, ...ready])[0]?.common).toEqual([])
    expect(fleetCauses(failing)[0]?.common).toEqual([])
  })
})

describe('the usual time of a phase', () => {
  const small = [90, 100, 110].map((seconds, index) =>
    one(`s${index}`, { instance_type: 'm6i.large' }, { seconds }),
  )
  const large = [390, 400, 500].map((seconds, index) =>
    one(`l${index}`, { instance_type: 'g5.xlarge' }, { seconds }),
  )
  const usual = (type: string, others: readonly DiagnosisJson[]) =>
    usualTimes(one('slow', { instance_type: type }, { seconds: 900 }), others)('setup')

  test('is that of ready desktops of its instance type', () => {
    expect(usual('m6i.large', [...small, ...large])).toEqual({ usual_s: 100, usual_of: 3 })
    expect(usual('g5.xlarge', [...small, ...large])).toEqual({ usual_s: 400, usual_of: 3 })
  })

  test('is that of its product generation if they are too few, and that of the product if these are', () => {
    expect(usual('g5.xlarge', small)).toEqual({ usual_s: 100, usual_of: 3 })
    expect(usual('m6i.large', small.slice(1))).toEqual({ usual_s: 900, usual_of: 0 })
  })

  test('counts neither the desktop itself nor those that failed, nor those of another generation', () => {
    const failed = small.map((desk) => ({ ...desk, status: 'failed' as const }))
    const other = small.map((desk) => ({ ...desk, profile: 'edh-26' }))
    expect(usual('m6i.large', [...failed, ...other]).usual_of).toBe(0)
  })
})

test('a phase that failed took the time from its begin to its failure', () => {
  const said = ['milestone-setup-begin', 'milestone-identity-begin', 'realm-join-gave-up']
  const setup = log('setup', said, {
    owner: 'ann',
    session: 'cad',
    host: 'ip-10-0-0-1',
    profile: 'edh-26',
    minutes: [0, 1, 10],
  })
  const [found] = diagnosed([setup])
  expect(found?.phases.find(({ phase }) => phase === 'identity')).toMatchObject({
    state: 'failed',
    duration_s: 540,
  })
})
