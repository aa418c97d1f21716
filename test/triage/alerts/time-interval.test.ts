import { expect, it } from 'vitest'
import { isWithin, TimeInterval } from '../../../src/triage/alerts/time-interval.ts'

const at = (interval: unknown, time: string) => isWithin(TimeInterval.parse(interval), Date.parse(time))

it.each([
  [{ times: [{ start_time: '22:00', end_time: '24:00' }] }, '2026-03-04T22:00:00Z', true],
  [{ times: [{ start_time: '22:00', end_time: '24:00' }] }, '2026-03-04T21:59:59Z', false],
  [
    { times: [{ start_time: '08:00', end_time: '09:00' }], location: 'Europe/Berlin' },
    '2026-07-04T06:30:00Z',
    true,
  ],
  [
    { times: [{ start_time: '08:00', end_time: '09:00' }], location: 'Europe/Berlin' },
    '2026-01-04T06:30:00Z',
    false,
  ],
  [{ weekdays: ['monday:friday'] }, '2026-03-07T12:00:00Z', false],
  [{ weekdays: ['saturday', 'sunday'] }, '2026-03-07T12:00:00Z', true],
  [{ days_of_month: ['-1'] }, '2026-02-28T12:00:00Z', true],
  [{ days_of_month: ['-3:-1'] }, '2026-02-25T12:00:00Z', false],
  [{ days_of_month: ['1:5'], months: ['march:may'] }, '2026-03-05T12:00:00Z', true],
  [{ months: ['3'], years: ['2027'] }, '2026-03-05T12:00:00Z', false],
  [{}, '2026-03-05T12:00:00Z', true],
])('%j at %s: %s', (interval, time, isSo) => {
  expect(at(interval, time)).toBe(isSo)
})

it.each([
  [{ times: [{ start_time: '9:00', end_time: '10:00' }] }],
  [{ times: [{ start_time: '10:00', end_time: '09:00' }] }],
  [{ weekdays: ['mondag'] }],
  [{ weekdays: ['friday:monday'] }],
  [{ days_of_month: ['0'] }],
  [{ days_of_month: ['5:1'] }],
  [{ months: ['13'] }],
  [{ location: 'Mars/Olympus' }],
])('%j is no interval', (interval) => {
  expect(TimeInterval.safeParse(interval).success).toBe(false)
})
