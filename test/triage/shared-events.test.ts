import { rmSync } from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import type { EventJson } from '../../src/event-json.ts'
import type { Store } from '../../src/store/client.ts'
import { diagnose } from '../../src/triage/diagnosis/diagnose.ts'
import { sharedEventsOf } from '../../src/triage/diagnosis/shared-logs/shared-events.ts'
import { storyOf } from '../../src/triage/diagnosis/stored-story.ts'
import { serviceOn } from '../support/api.ts'
import { type Happened, openHistory } from '../support/event-history.ts'
import { tempDir } from '../support/temp-dir.ts'

const BEGIN_MS = Date.parse('2026-03-01T08:00:00Z')
const HOUR_MS = 3_600_000
const ME = { owner: 'ann', session: 'cad', host: 'ip-10-0-0-7' }
const INSTANCE = 'i-0123456789abcdef0'
const UUID = '2c1b6a90-4f3e-4d5a-8a7b-1f0e9d8c7b6a'

const own = (hours: number, rule: string): Happened => ({
  ...{ ...ME, atMs: BEGIN_MS + hours * HOUR_MS, rule, severity: 'info', kind: 'milestone' },
})
const said = (hours: number, source: string, message: string, rule = `${source}-said`): Happened => ({
  ...{ atMs: BEGIN_MS + hours * HOUR_MS, rule, severity: 'warning', source, message },
})

async function storyFrom(session: string, history: readonly Happened[]) {
  const folder = tempDir()
  const { store, add } = await openHistory(folder)
  onTestFinished(async () => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })
  await add(history)
  const { rules, phases, generations } = serviceOn(store).knowledge()
  const story = await storyOf({ session }, store, rules)
  return { story, context: { rules, phases: phases(), generations, nowMs: BEGIN_MS + 24 * HOUR_MS } }
}

async function toldOf(session: string, history: readonly Happened[]): Promise<string[]> {
  const { events } = (await storyFrom(session, history)).story
  return events.filter(({ source }) => source !== 'compute-node').map(({ message }) => message)
}

it('of a desktop that lives for weeks, shared logs count where it begins, where it is spoken of, and at their end', async () => {
  const noise = (day: number) => said(day * 24 + 5, 'alb-manager', `run ${day} went by`)
  const told = await toldOf('ann/cad', [
    ...[own(0, 'milestone-user-data-begin'), own(1, 'milestone-setup-done'), own(30 * 24, 'nfs-timeout')],
    ...Array.from({ length: 29 }, (_, day) => noise(day + 1)),
    said(-12, 'web-ui', 'asked for at the portal'),
    said(0.5, 'alb-manager', 'a run while it comes up'),
    said(240, 'alb-manager', 'ip-10-0-0-7 is not in the load balancer'),
    said(240.1, 'alb-manager', 'and the next line names nobody'),
    said(360, 'web-ui', `ann wants cad, which is ${INSTANCE}`),
    said(480, 'state-watcher', `_session.id=61 of ${INSTANCE} was looked at`),
    said(540, 'state-watcher', '_session.id=61 was stopped'),
    said(544, 'state-watcher', 'stopped: [<VirtualDesktopSessions id=61>, <VirtualDesktopSessions id=63>]'),
    said(546, 'state-watcher', '_session.id=63 was stopped'),
    said(548, 'state-watcher', '_session.id=62 was stopped'),
    said(600, 'scheduled-tasks', 'the last of its kind, long ago', 'schedule-read'),
  ])
  expect(told).toEqual([
    'asked for at the portal',
    'a run while it comes up',
    'ip-10-0-0-7 is not in the load balancer',
    'and the next line names nobody',
    `ann wants cad, which is ${INSTANCE}`,
    `_session.id=61 of ${INSTANCE} was looked at`,
    '_session.id=61 was stopped',
    'stopped: [<VirtualDesktopSessions id=61>, <VirtualDesktopSessions id=63>]',
    '_session.id=62 was stopped',
    'the last of its kind, long ago',
    'run 29 went by',
  ])
})

it('of the desktops that shared logs tell of, only the one that is asked for is diagnosed', async () => {
  const asked = (name: string) => [
    said(-1, 'web-ui', `launch of session_name=${name} for user=ann`),
    said(-1, 'web-ui', `launch of session_name=${name} for user=bob`),
  ]
  const { story, context } = await storyFrom('ann/cad', [
    own(0, 'milestone-user-data-begin'),
    ...asked('cad'),
    ...asked('sim'),
  ])
  expect(story.events.filter(({ source }) => source === 'web-ui')).toHaveLength(4)
  expect(diagnose(story, context).map(({ session }) => session)).toEqual(['ann/cad'])
})

it('a desktop without logs is told of by its names only, and by what those lead to', async () => {
  const other = { owner: 'bob', session: 'sim', host: 'ip-10-0-0-9' }
  const told = await toldOf('ann/cad', [
    { ...own(0, 'milestone-user-data-begin'), ...other },
    said(1, 'web-ui', "launch for user='ann', session_name='cad'"),
    said(48, 'web-ui', `uuid of cad, owned by ann: ${UUID}, ${INSTANCE}`),
    said(96, 'alb-manager', `${INSTANCE} is not registered`),
    said(144, 'alb-manager', 'i-0fedcba9876543210 is not registered'),
    said(192, 'alb-manager', 'i-0fedcba9876543210 is not registered'),
    said(240, 'web-ui', 'bob wants sim'),
  ])
  expect(told).toEqual([
    "launch for user='ann', session_name='cad'",
    `uuid of cad, owned by ann: ${UUID}, ${INSTANCE}`,
    `${INSTANCE} is not registered`,
    'i-0fedcba9876543210 is not registered',
    'bob wants sim',
  ])
})

it('what was written before the beginning of it all is not read', async () => {
  const told = await toldOf('ann/cad', [
    own(0, 'milestone-user-data-begin'),
    said(-48, 'alb-manager', 'ip-10-0-0-7 was of another desktop'),
  ])
  expect(told).toEqual([])
})

it('what ends a condition is read from each hour, what befalls the cluster whole, and the last of each severity', async () => {
  const unexplained = (hours: number, severity: 'error' | 'warning'): Happened => ({
    ...{ ...said(hours, 'alb-manager', `an unexplained ${severity}`, ''), severity, kind: 'unknown' },
  })
  const crash = (hours: number) => said(hours, 'alb-manager', `crash at ${hours}`, 'alb-run-crashed')
  const done = (hours: number) => said(hours, 'alb-manager', `done at ${hours}`, 'milestone-alb-run-done')
  const told = await toldOf('ann/cad', [
    ...[own(0, 'milestone-user-data-begin'), own(1, 'milestone-setup-done')],
    ...[crash(240), crash(240.1), done(243), done(243.5), done(600)],
    ...[unexplained(300, 'error'), unexplained(310, 'warning')],
    said(
      400,
      'web-ui',
      'Unable to Restart Desktop cad because of a spot interruption',
      'api-desktop-action-failed',
    ),
    said(
      500,
      'web-ui',
      'Unable to Restart Desktop sim because of a spot interruption',
      'api-desktop-action-failed',
    ),
  ])
  expect(told).toEqual([
    ...['crash at 240', 'crash at 240.1', 'done at 243', 'an unexplained error', 'an unexplained warning'],
    'Unable to Restart Desktop cad because of a spot interruption',
    'Unable to Restart Desktop sim because of a spot interruption',
    'done at 600',
  ])
})

it('a file of 1970 stops nothing', async () => {
  const told = await toldOf('ann/cad', [
    { ...own(0, 'milestone-user-data-begin'), atMs: 0 },
    { ...said(0, 'alb-manager', 'a run of that time'), atMs: 3_600_000 },
  ])
  expect(told).toEqual(['a run of that time'])
})

it('asks by what names a desktop, not by the thousands of clients and sessions that its events tell of', async () => {
  const asked: unknown[] = []
  const store = {
    query: async (_sql: string, params: Readonly<Record<string, unknown>>) => {
      asked.push(...Object.values(params).flat())
      return []
    },
  } as unknown as Store
  const at = {
    ts: '2026-03-01T08:00:00Z',
    ts_quality: 'parsed',
    file: '/f',
    file_id: 'f',
    generation: 0,
    length: 1,
  }
  const events = Array.from({ length: 3000 }, (_, offset): EventJson => {
    const captures = { client: `10.1.${offset >> 8}.${offset & 255}`, instance: INSTANCE }
    return {
      ...at,
      event_id: `${offset}`,
      offset,
      message: 'connected',
      kind: 'milestone',
      rule_id: 'r',
      captures,
    }
  })
  const { rules } = serviceOn(store).knowledge()
  await sharedEventsOf({ desktops: [ME], files: [], events }, { store, rules })
  expect(asked).toContain(INSTANCE)
  expect(asked.filter((one) => /^(?:ip-|10[.])/.test(String(one)))).toEqual([])
})
