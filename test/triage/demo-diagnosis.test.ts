import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadKnowledge } from '../../src/cli/knowledge.ts'
import { readStory } from '../../src/cli/read-story.ts'
import { systemClock } from '../../src/clock.ts'
import { FilesTally } from '../../src/collect/files-tally.ts'
import { loadConfig } from '../../src/config.ts'
import { DEMO_DESKTOPS, runDemo } from '../../src/demo/demo.ts'
import type { EventJson } from '../../src/event-json.ts'
import { type DiagnosisJson, diagnose } from '../../src/triage/diagnosis/diagnose.ts'
import { programIo } from '../support/program-io.ts'

const HOUR_MS = 3_600_000
const root = mkdtempSync(join(tmpdir(), 'dcvlens-diagnosis-'))
let found: DiagnosisJson[]
let events: readonly EventJson[]

beforeAll(async () => {
  let nowMs = Date.now() - 2 * HOUR_MS
  const clock = {
    nowMs: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms
    },
  }
  await runDemo({ root, clock, signal: new AbortController().signal })
  const config = loadConfig(undefined, { root })
  const knowledge = loadKnowledge(config)
  const story = await readStory(
    [root],
    config,
    { knowledge, tally: new FilesTally() },
    programIo(systemClock),
  )
  events = story.events
  const { rules, phases, layouts } = knowledge
  found = diagnose(story, {
    rules,
    phases: phases(),
    generations: layouts.generations,
    nowMs: Date.now() + 12 * HOUR_MS,
  })
})

afterAll(() => rmSync(root, { recursive: true, force: true }))

test.each(DEMO_DESKTOPS)(
  'the demo desktop $owner/$session is judged as it was played',
  ({ owner, session, host, outcome, phase }) => {
    const one = found.find((each) => each.session === `${owner}/${session}` && each.host === host)
    expect({ status: one?.status, phase: one?.verdict?.phase }).toEqual({ status: outcome, phase })
  },
)

test('every desktop of the demo is in the list once, one of them with an attempt that failed before', () => {
  const names = DEMO_DESKTOPS.map(({ owner, session }) => `${owner}/${session}`)
  expect([...new Set(found.map(({ session }) => session))].sort()).toEqual(names.sort())
  const again = found.filter(({ session }) => session === 'ekowalski/design1')
  expect(again.map(({ status }) => status).sort()).toEqual(['failed', 'ready'])
})

test('the desktops of the demo that come up raise no alarm but the one that was played', () => {
  const ready = found.filter(({ status }) => status === 'ready')
  const places = ready.map(({ host }) => `/${host}/`)
  const alarms = events.filter(
    ({ file, severity = 'info' }) => severity !== 'info' && places.some((place) => file.includes(place)),
  )
  expect(alarms.map(({ message }) => message)).toEqual(
    Array(3).fill(expect.stringContaining('unexpected answer 418')),
  )
})
