import { expect, it } from 'vitest'
import type { EventJson } from '../../src/event-json.ts'
import { foldCopies } from '../../src/triage/fold-copies.ts'

const COMMON = {
  ...{ ts: '2026-03-04T10:00:00.000000Z', ts_quality: 'parsed', file_id: 'f', generation: 0, length: 9 },
  ...{ message: 'broken', rule_id: 'broken' },
  kind: 'signature',
} as const

const event = (id: string, source: string, more: Partial<EventJson> = {}): EventJson => ({
  ...{ ...COMMON, event_id: id, source, file: `/${source}.log`, offset: 0 },
  ...more,
})
const ids = (events: readonly EventJson[]) => events.map(({ event_id }) => event_id)

it('of an event and its copies the one in a whole log stays, wherever it comes, with the places of the others', () => {
  const extract = event('first', 'bootstrap-level')
  const whole = event('second', 'setup', { duplicate_of: 'first' })
  const later = event('third', 'messages', { duplicate_of: 'first' })
  const [kept, ...rest] = foldCopies([extract, whole, later])
  expect(rest).toEqual([])
  expect(kept).toEqual({
    ...whole,
    copies: [
      { file: '/bootstrap-level.log', offset: 0, length: 9 },
      { file: '/messages.log', offset: 0, length: 9 },
    ],
  })
})

it('a copy whose original was not read stays, and so does what a rule says of the copy only', () => {
  const lone = event('a', 'setup', { duplicate_of: 'elsewhere' })
  const original = event('b', 'messages')
  const other = event('c', 'setup', { duplicate_of: 'b', rule_id: 'only-in-setup' })
  expect(ids(foldCopies([lone, original, other]))).toEqual(['a', 'b', 'c'])
})

it('of what rules say of a line in a whole log and in an extract, that of the whole log stays if it names the phase', () => {
  const whole = event('a', 'setup-post-reboot', { rule_id: 'stopped-after-reboot', phase: 'dcv-install' })
  const extract = event('b', 'bootstrap-level', { duplicate_of: 'a', rule_id: 'stopped', phase: 'setup' })
  expect(foldCopies([whole, extract])).toEqual([
    { ...whole, copies: [{ file: '/bootstrap-level.log', offset: 0, length: 9 }] },
  ])
  const vague = event('a', 'setup-post-reboot', { rule_id: 'something-failed' })
  expect(ids(foldCopies([vague, extract]))).toEqual(['a', 'b'])
})

it('what only an extract tells of a failure stays, whatever else the whole log tells of that line', () => {
  const step = event('a', 'setup', { kind: 'milestone', rule_id: 'began', phase: 'setup', severity: 'info' })
  const failure = event('b', 'bootstrap-level', {
    ...{ duplicate_of: 'a', rule_id: 'stopped', phase: 'identity', severity: 'critical' },
  })
  expect(ids(foldCopies([step, failure]))).toEqual(['a', 'b'])
})
