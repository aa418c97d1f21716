import { expect, it } from 'vitest'
import { heldUp } from '../../src/cli/held-up.ts'
import type { FileLag } from '../../src/collect/file-lag.ts'

const NOW_MS = Date.parse('2026-05-04T12:00:00Z')
const behind = (seconds: number): FileLag => ({ path: '/a.log', bytes: 1, sinceMs: NOW_MS - seconds * 1000 })

const told = ({
  unfinished = [],
  lags = [],
  waitedS,
}: {
  unfinished?: string[]
  lags?: FileLag[]
  waitedS?: number
} = {}) => {
  const open = { hot: 0, backlog: 0, lagBytes: 0, behind: lags }
  const waitingSinceMs = waitedS === undefined ? undefined : NOW_MS - waitedS * 1000
  return heldUp({ followers: { open, unfinished }, inserter: { waitingSinceMs } }, NOW_MS)
}

it('rules about several events are held up by what is not read or not stored, each with its reason', () => {
  expect(told({ unfinished: ['/apps'], lags: [behind(90), behind(10)], waitedS: 3600 })).toEqual([
    'not everything that was in /apps is read yet',
    '/a.log has not been read to its end for 1m 30s',
    'the store has not taken a batch for 1h',
  ])
})

it('rules about several events are not held up by what has just been written', () => {
  expect(told()).toEqual([])
  expect(told({ lags: [behind(59)], waitedS: 59 })).toEqual([])
  expect(told({ lags: [behind(-3600)], waitedS: -3600 })).toEqual([])
})
