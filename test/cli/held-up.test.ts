import { expect, it } from 'vitest'
import { heldUp } from '../../src/cli/held-up.ts'

const NOW_MS = Date.parse('2026-05-04T12:00:00Z')
const ago = (seconds: number) => NOW_MS - seconds * 1000
const behind = (seconds: number) => [{ path: '/a.log', bytes: 1, sinceMs: ago(seconds) }]

it('rules about several events are held up by what is not read or not stored, each with its reason', () => {
  expect(heldUp({ unfinished: ['/apps'], behind: behind(90) }, ago(3600), NOW_MS)).toEqual([
    'not everything that was in /apps is read yet',
    '/a.log has not been read to its end for 1m 30s',
    'the store has not taken a batch for 1h',
  ])
})

it('rules about several events are not held up by what has just been written', () => {
  expect(heldUp({ unfinished: [], behind: [] }, undefined, NOW_MS)).toEqual([])
  expect(heldUp({ unfinished: [], behind: behind(59) }, ago(59), NOW_MS)).toEqual([])
  expect(heldUp({ unfinished: [], behind: behind(-3600) }, ago(-3600), NOW_MS)).toEqual([])
})
