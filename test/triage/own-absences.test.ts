import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RULES_FOLDER } from '../../src/config.ts'
import { loadRules } from '../../src/interpret/load-rules.ts'
import {
  clusterEvents,
  clusterFindings,
  clusterRules,
} from '../../src/triage/diagnosis/findings/cluster-findings.ts'
import { unassignedOf, understood } from '../../src/triage/diagnosis/findings/findings.ts'
import type { Attempt } from '../../src/triage/diagnosis/story.ts'
import { tempDir } from '../support/temp-dir.ts'
import { log, type ToldLog } from './told-story.ts'

const ANN = {
  ...{ owner: 'ann', session: 'cad', host: 'ip-10-0-0-1', profile: 'edh-26', cluster: 'edh-lab' },
  session_uuid: '0c5e7f11-0000-4000-8000-000000000001',
}
const CLUSTER = { profile: 'edh-26', cluster: 'edh-lab' }
const storiesOf = (rule: string) => ({
  match: [{ events: [{ rule, at: '0s' }], until: '1h' }],
  no_match: [{ events: [{ rule, at: '0s' }], until: '1m' }],
})

/** The shipped rules and an absence of the operator's. */
function rulesWith(part: { readonly after?: string[] } & object) {
  const dir = tempDir()
  mkdirSync(join(dir, 'signatures'))
  const rule = {
    ...{
      id: 'own-wait',
      version: 1,
      status: 'stable',
      type: 'absence',
      title: 'Too slow',
      severity: 'warning',
    },
    ...{ layer: 'user', phase: 'setup', explain: 'Why.', within: '5m', per: 'host' },
    ...{ after: ['milestone-setup-begin'], expects: ['milestone-setup-done'], ...part },
    samples: storiesOf(part.after?.[0] ?? 'milestone-setup-begin'),
  }
  writeFileSync(join(dir, 'signatures', 'own.yaml'), JSON.stringify(rule))
  return loadRules([RULES_FOLDER, dir])
}

const attemptOf = (logs: readonly ToldLog[]): Attempt => ({
  ...{ cluster: ANN.cluster, owner: ANN.owner, name: ANN.session, uuid: ANN.session_uuid, host: ANN.host },
  ...{ instance: '', address: '', isReplaced: false, profile: ANN.profile, os: 'linux' },
  ...{ files: logs.map(({ facts }) => facts) },
  events: logs.flatMap(({ events }) => events),
})

/** What is told of one that began its setup and went on to write until some minutes later. */
const toldOf = (part: object, end: number, more: readonly ToldLog[] = []) => {
  const setup = log('setup', ['milestone-setup-begin'], { ...ANN, minutes: [0], end })
  const unassigned = unassignedOf(more.flatMap(({ events }) => events))
  return understood(attemptOf([setup]), rulesWith(part), unassigned)
}

test('what an operator waits for in vain is a finding of the desktop, once its logs go on for long enough', () => {
  expect(toldOf({}, 6).findings).toEqual([
    {
      ...{ rule_id: 'own-wait', title: 'Too slow', severity: 'warning', phase: 'setup', type: 'absence' },
      ...{ per: 'host', count: 1, evidence: [expect.stringMatching(/setup\.log, byte 0$/)] },
      first_seen: '2026-05-04T10:00:00.000Z',
      last_seen: '2026-05-04T10:00:00.000Z',
    },
  ])
  expect(toldOf({}, 4).findings).toEqual([])
})

test('it is none where it came, though from a machine that names no desktop', () => {
  const done = log('setup', ['milestone-setup-begin', 'milestone-setup-done'], {
    ...{ ...ANN, minutes: [0, 3], end: 60 },
  })
  expect(understood(attemptOf([done]), rulesWith({}), new Map()).findings).toEqual([])
  const run = log('alb-manager', ['milestone-alb-run-done'], { ...CLUSTER, minutes: [3] })
  expect(toldOf({ expects: ['milestone-alb-run-done'] }, 60, [run]).findings).toEqual([])
})

test('it is not judged, and that is said, where nobody read the log in which it would stand, or times are missing', () => {
  const unread = toldOf({ expects: ['milestone-alb-run-done'] }, 60)
  expect(unread.findings).toEqual([])
  expect(unread.not_checked).toEqual([
    { source: 'alb-manager', reason: 'no such log of it was read, so "Too slow" is not judged' },
  ])
  const untimed = log('setup', ['milestone-setup-begin'], { ...ANN, end: 0 })
  const later = log('messages', [], { ...ANN, end: 60 })
  const one = understood(attemptOf([untimed, later]), rulesWith({}), new Map())
  expect(one.findings).toEqual([])
  expect(one.not_checked.map(({ reason }) => reason)).toContain(
    'its lines have no times of their own, so "Too slow" is not judged',
  )
})

test('what ships is told of desktops that stall, not of those that are well', () => {
  const setup = log('setup', ['milestone-setup-begin'], { ...ANN, minutes: [0], end: 600 })
  expect(understood(attemptOf([setup]), loadRules([RULES_FOLDER]), new Map()).findings).toEqual([])
})

test('per cluster it is a finding of the cluster', () => {
  const wait = { per: 'cluster', after: ['milestone-alb-run-begin'], expects: ['milestone-alb-run-done'] }
  const rules = rulesWith(wait)
  const run = log('alb-manager', ['milestone-alb-run-begin'], { ...CLUSTER, minutes: [0], end: 0 })
  const setup = log('setup', ['milestone-setup-begin'], { ...ANN, minutes: [30] })
  const own = (...args: Parameters<typeof clusterFindings>) =>
    clusterFindings(...args)
      .get('edh-lab')
      ?.map(({ rule_id, per }) => `${rule_id} per ${per}`)
  expect(own([...run.events, ...setup.events], rules)).toEqual(['own-wait per cluster'])
  expect(own(run.events, rules)).toEqual([])
  expect(own(run.events, rules, [{ ...run.facts, last_ts: setup.facts.last_ts }])).toEqual([
    'own-wait per cluster',
  ])
  expect(clusterRules(rules)).toEqual(expect.arrayContaining([...wait.after, ...wait.expects]))
})

test('and an event of the cluster, like a run of which the begin was read', () => {
  const rules = rulesWith({
    ...{ per: 'cluster', after: ['milestone-alb-run-begin'], expects: ['milestone-alb-run-done'] },
  })
  const run = log('alb-manager', ['milestone-alb-run-begin'], { ...CLUSTER, minutes: [0] })
  const minutes = [60, 63, 66]
  const crashes = log(
    'alb-manager',
    minutes.map(() => 'alb-run-crashed'),
    { ...CLUSTER, minutes, host: 'controller' },
  )
  const madeSince = (minute: number) => {
    const sinceMs = Date.parse('2026-05-04T10:00:00Z') + minute * 60_000
    return clusterEvents([...run.events, ...crashes.events], rules, { files: [], sinceMs })
  }
  expect(madeSince(-60)).toMatchObject([
    { rule_id: 'repeat-alb-crashes', cluster: 'edh-lab', host: undefined, offset: 200, length: 0 },
    { rule_id: 'own-wait', cluster: 'edh-lab', ts: '2026-05-04T10:05:00.000000Z' },
  ])
  expect(madeSince(40).map(({ event_id }) => event_id)).toEqual(
    madeSince(-60).map(({ event_id }) => event_id),
  )
  expect(madeSince(50).map(({ rule_id }) => rule_id)).toEqual(['own-wait'])
})
