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

test.each(DEMO_DESKTOPS.filter(({ os }) => os === 'linux'))(
  'the demo desktop $owner/$session is judged as it was played',
  ({ owner, session, outcome, phase }) => {
    const [one] = found.filter((each) => each.session === `${owner}/${session}`)
    expect({ status: one?.status, phase: one?.verdict?.phase }).toEqual({ status: outcome, phase })
  },
)

test('Windows desktops of the demo, known by their instance only, are ready', () => {
  const windows = found.filter(({ os }) => os === 'windows')
  const played = DEMO_DESKTOPS.filter(({ os }) => os === 'windows')
  expect(windows.map(({ status }) => status)).toEqual(played.map(({ outcome }) => outcome))
})

test('the desktops of the demo that come up raise no alarm but the one that was played', () => {
  const ready = found.filter(({ status }) => status === 'ready')
  const places = ready.map(({ os, session, instance }) => `/${os === 'windows' ? instance : session}/`)
  const alarms = events.filter(
    ({ file, severity = 'info' }) => severity !== 'info' && places.some((place) => file.includes(place)),
  )
  expect(alarms.map(({ message }) => message)).toEqual(
    Array(3).fill(expect.stringContaining('unexpected answer 418')),
  )
})
