import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EventJson } from '../../src/event-json.ts'
import { loadRules } from '../../src/interpret/load-rules.ts'
import { hitsOf } from '../../src/triage/diagnosis/findings/correlated.ts'
import { eventOfHit, eventOfWait, type Subject } from '../../src/triage/diagnosis/findings/event-of-rule.ts'
import { log } from './told-story.ts'

const { correlations } = loadRules([join(import.meta.dirname, '../../rules')])
const ruleOf = (id: string) => correlations.find((rule) => rule.id === id) ?? expect.fail(`no rule ${id}`)
const repeated = correlations.filter(({ type }) => type !== 'absence')

const ANN = { owner: 'ann', session: 'cad', host: 'ip-10-0-0-1', session_uuid: 'u-1', profile: 'edh-26' }
const SUBJECT: Subject = { cluster: 'edh-lab', owner: 'ann', name: 'cad', uuid: 'u-1', host: 'ip-10-0-0-1' }

const idsOf = (events: readonly EventJson[], subject = SUBJECT) =>
  hitsOf(events, repeated).hits.map((hit) => eventOfHit(hit, subject).event_id)

/** What is written of restarts, and of a desktop that comes and goes, in order of time. */
const story = fc
  .array(
    fc.record({
      minute: fc.nat(240),
      rule: fc.constantFrom(
        'milestone-reboot-begin',
        'milestone-user-data-again',
        'milestone-state-running',
        'milestone-state-stopped',
      ),
    }),
    { maxLength: 40 },
  )
  .map((said) => {
    const inTime = said.toSorted((a, b) => a.minute - b.minute)
    const rules = inTime.map(({ rule }) => rule)
    return log('setup', rules, { ...ANN, minutes: inTime.map(({ minute }) => minute) }).events
  })

describe('the event that a rule makes of several events', () => {
  test('keeps its id when more is written', () => {
    fc.assert(
      fc.property(story, fc.nat(40), (events, count) => {
        const all = new Set(idsOf(events))
        expect(idsOf(events.slice(0, count)).filter((id) => !all.has(id))).toEqual([])
        expect(all.size).toBe(idsOf(events).length)
      }),
    )
  })

  test('has the same id in whatever order a log and its copies are read', () => {
    const copied = story.chain((events) => {
      const copies = events.map((event) => ({ ...event, file: '/copy.log', file_id: 'copy' }))
      const read = fc.subarray(copies).chain((some) => {
        const both = [...events, ...some]
        return fc.shuffledSubarray(both, { minLength: both.length })
      })
      return fc.tuple(fc.constant(events), read)
    })
    fc.assert(
      fc.property(copied, ([events, read]) => {
        expect(idsOf(read)).toEqual(idsOf(events))
      }),
    )
  })

  test('has the same id where a copy holds only some of what is told of one moment', () => {
    const rules = [
      'milestone-state-running',
      ...['milestone-state-stopped', 'milestone-state-stopped', 'milestone-state-running'],
      ...['milestone-reboot-begin', 'milestone-state-running', 'milestone-state-stopped'],
      'milestone-reboot-begin',
    ]
    const { events } = log('setup', rules, { ...ANN, minutes: [0, 112, 112, 112, 112, 112, 112, 113] })
    const copies = [events[2], events[3]].flatMap((event) =>
      event === undefined ? [] : [{ ...event, file: '/copy.log', file_id: 'copy' }],
    )
    expect(idsOf([...copies, ...events])).toEqual(idsOf(events))
  })

  test('keeps its id when more is learnt of the host that it is about, and is then of its desktop', () => {
    const minutes = [0, 5, 10, 15, 20]
    const { events } = log(
      'setup',
      minutes.map(() => 'milestone-reboot-begin'),
      { ...ANN, minutes },
    )
    const unknown = { ...SUBJECT, cluster: '', owner: '', name: '', uuid: '' }
    expect(idsOf(events, unknown)).toEqual(idsOf(events))
    expect(idsOf(events, { ...SUBJECT, host: 'ip-10-0-0-2' })).not.toEqual(idsOf(events))
    const [hit] = hitsOf(events, repeated).hits
    expect(hit && eventOfHit(hit, { ...SUBJECT, name: 'viz' })).toMatchObject({
      ...{ session: 'viz', session_uuid: 'u-1', offset: 400, length: 0, ts: events[4]?.ts },
      because: events.map(({ event_id }) => event_id),
    })
  })

  test('of a wait has the place at which it began, and the time at which it was over', () => {
    const { events } = log('setup', ['milestone-setup-begin'], { ...ANN, minutes: [0] })
    const [begin] = events
    expect(begin && eventOfWait(ruleOf('absence-setup-end'), begin, SUBJECT)).toMatchObject({
      ...{ ts: '2026-05-04T11:00:00.000000Z', offset: 0, length: 0, rule_id: 'absence-setup-end' },
      message: 'The setup of the host does not end: waited 60 min',
    })
  })
})
