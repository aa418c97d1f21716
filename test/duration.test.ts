import { expect, it } from 'vitest'
import { durationText, roughDurationText } from '../src/duration.ts'

it('a span of time is shown in the largest unit that leaves no rest, or roughly in two', () => {
  expect([90_000, 7_200_000, 0].map(durationText)).toEqual(['90s', '2h', '0s'])
  const spans = [1_576_139_000, 7_200_000, 3_900_000, 59_000, 86_400_000, 90_061_000, 0]
  expect(spans.map(roughDurationText)).toEqual(['18d 5h', '2h', '1h 5m', '59s', '1d', '1d 1h', '0s'])
})
