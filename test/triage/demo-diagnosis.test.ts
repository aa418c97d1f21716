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
import { diagnose } from '../../src/triage/diagnosis/diagnose.ts'
import type { DiagnosisJson } from '../../src/triage/diagnosis/diagnosis-json.ts'
import { programIo } from '../support/program-io.ts'

const HOUR_MS = 3_600_000
/** So often somebody looks while the demo is played. */
const LOOK_MS = 5_000
const root = mkdtempSync(join(tmpdir(), 'dcvlens-diagnosis-'))
/** The desktops that were shown at any time. */
const shown = new Set<string>()
let found: readonly DiagnosisJson[]
let events: readonly EventJson[]

beforeAll(async () => {
  const config = loadConfig(undefined, { root })
  const knowledge = loadKnowledge(config)
  const { rules, phases, layouts } = knowledge
  const look = async (atMs: number): Promise<void> => {
    const read = { knowledge, tally: new FilesTally() }
    const story = await readStory([root], config, read, programIo(systemClock))
    const asked = { rules, phases: phases(), generations: layouts.generations, nowMs: atMs }
    events = story.events
    found = diagnose(story, asked)
    for (const { session } of found) shown.add(session)
  }
  let nowMs = Date.now() - 2 * HOUR_MS
  let lookMs = nowMs + LOOK_MS
  const clock = {
    nowMs: () => nowMs,
    sleep: async (ms: number) => {
      nowMs += ms
      if (nowMs < lookMs) return
      lookMs = nowMs + LOOK_MS
      await look(nowMs)
    },
  }
  await runDemo({ root, clock, signal: new AbortController().signal })
  await look(Date.now() + 12 * HOUR_MS)
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
  expect([...shown].filter((name) => name.includes('/')).sort()).toEqual(names)
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
