import { expect, test } from 'vitest'
import { differences } from '../../src/triage/diagnosis/shown/compare.ts'
import { diagnosed, log, type Said } from './told-story.ts'

const NEW = { profile: 'edh-26', cluster: 'edh-lab', host: 'ip-10-0-0-1' }
const SETUP: Said[] = [
  'milestone-setup-begin',
  'milestone-identity-begin',
  'milestone-identity-done',
  'milestone-setup-done',
]

/** The only attempt of a desktop whose setup took so many minutes, and ended with this. */
function attempt(owner: string, minutes: number, end: Said) {
  const setup = log('setup', SETUP, { ...NEW, owner, session: 'cad', minutes: [0, 1, 2, minutes] })
  const last = log('setup-post-reboot', ['milestone-reboot-done', end], {
    ...NEW,
    owner,
    session: 'cad',
    minutes: [minutes + 1, minutes + 5],
  })
  const [one] = diagnosed([setup, last])
  if (one === undefined) throw new Error('no attempt')
  return one
}

test('two desktops of one kind do not differ', () => {
  expect(
    differences(attempt('ann', 9, 'milestone-node-ready'), attempt('bob', 9, 'milestone-node-ready')),
  ).toEqual([])
})

test('a failure, a slow phase and what follows from them are told', () => {
  const found = differences(
    attempt('ann', 30, 'session-socadcv-failed'),
    attempt('bob', 9, 'milestone-node-ready'),
  )
  expect(found).toEqual([
    { what: 'status', of: 'status', a: 'failed', b: 'ready' },
    { what: 'time', of: 'setup', a: '1800 s', b: '540 s' },
    { what: 'phase', of: 'dcv-install', a: 'missing', b: 'done' },
    { what: 'phase', of: 'session', a: 'failed', b: 'done' },
    { what: 'rule', of: 'session-socadcv-failed', a: '1', b: '0' },
  ])
})

test('versions that both name, and lines that no rule knows and only one has, are told', () => {
  const made = (owner: string, version: string, ...lines: Said[]) => {
    const fetched = {
      rule: 'milestone-dcv-version',
      message: `DCV_URL: https://x/nice-dcv-${version}-el9.tgz`,
    }
    const said = ['milestone-reboot-done', fetched, ...lines, 'milestone-node-ready']
    const [one] = diagnosed([
      log('setup-post-reboot', said, {
        ...{ ...NEW, owner, session: 'cad', minutes: said.map((_, i) => i) },
      }),
    ])
    if (one === undefined) throw new Error('no attempt')
    return one
  }
  const both = (number: number): Said => `unknown: error: queue ${number} of the printer is blocked`
  const a = made('ann', '2025.0-20103', both(7), 'unknown: failed to warm the glyph cache', both(8))
  const b = made('bob', '2024.0-19030', both(12))
  expect(differences(a, b)).toEqual([
    { what: 'version', of: 'dcv_version', a: '2025.0.20103', b: '2024.0.19030' },
    { what: 'line', of: 'failed to warm the glyph cache', a: '1', b: '0' },
  ])
  expect(differences(b, a)).toContainEqual({
    ...{ what: 'line', of: 'failed to warm the glyph cache', a: '0', b: '1' },
  })
})
