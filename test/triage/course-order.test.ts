import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadLayouts } from '../../src/collect/load-layouts.ts'
import type { EventJson } from '../../src/event-json.ts'
import { loadRules } from '../../src/interpret/load-rules.ts'
import { courseOf } from '../../src/triage/diagnosis/course/course.ts'
import { loadPhases } from '../../src/triage/diagnosis/course/phase-model.ts'
import type { Attempt } from '../../src/triage/diagnosis/story.ts'

const RULES = [join(import.meta.dirname, '../../rules')]
const { rules } = loadRules(RULES, loadLayouts(RULES).generations)
const [model] = loadPhases(RULES, new Set(rules.map(({ id }) => id)))
const DONE = 'milestone-client-connected'
const JITTER_MS = 2000

/** When each line of each of some logs says that it was written: in the order of time, but for a little. */
const times = fc.array(
  fc
    .array(fc.tuple(fc.nat(200), fc.nat(JITTER_MS)), { maxLength: 40 })
    .map((lines) =>
      lines
        .toSorted(([a], [b]) => a - b)
        .map(([seconds, jitter]) => 1_800_000_000_000 + seconds * 1000 + jitter),
    ),
  { minLength: 1, maxLength: 4 },
)

test('events are in one order: of a log as they stand there, of several by time, a little disorder within a log or not', () => {
  fc.assert(
    fc.property(times, (logs) => {
      const events = logs.flatMap((lines, log) =>
        lines.map(
          (ms, line) =>
            ({
              ...{ kind: 'milestone', rule_id: DONE, file: `/log/${log}`, generation: 0, offset: line },
              ...{ ts: new Date(ms).toISOString(), ts_quality: 'parsed', source: 'dcv-server' },
            }) as unknown as EventJson,
        ),
      )
      const course = courseOf({ events } as unknown as Attempt, model ?? expect.fail('no phases'))
      const ordered = course.flatMap(({ dones }) => dones).toSorted((a, b) => a.at - b.at)
      expect(ordered).toHaveLength(events.length)
      let latestMs = 0
      const places = new Map<string, number>()
      for (const { event } of ordered) {
        const ms = Date.parse(event.ts)
        expect(ms).toBeGreaterThanOrEqual(latestMs - JITTER_MS)
        latestMs = Math.max(latestMs, ms)
        expect(event.offset).toBeGreaterThan(places.get(event.file) ?? -1)
        places.set(event.file, event.offset)
      }
    }),
  )
})
