import { expect, it } from 'vitest'
import { pulseOf } from '../../../src/web/ui/pulse.ts'

const nowMs = Date.parse('2026-03-10T12:00:00Z')
const storing = { store: 'storing', last_batch_at: '2026-03-10T11:59:50Z' }
const asked = { isDown: false, silentMs: 0, status: storing, nowMs }

it.each([
  ['is watching while lines come', {}, 'good', 'watching'],
  ['has no connection', { isDown: true }, 'bad', 'no connection'],
  ['hangs', { silentMs: 13_000 }, 'bad', 'no answer for 13 s'],
  ['hangs from the first question on', { silentMs: 13_000, status: undefined }, 'bad', 'no answer for 13 s'],
  ['cannot store', { status: { ...storing, store: 'retrying' } }, 'bad', 'store retrying'],
  [
    'gets no more lines',
    { status: { ...storing, last_batch_at: '2026-03-10T11:48:00Z' } },
    'warn',
    'no new line for 12 min',
  ],
])('a service that %s is told', (_, part, tone, text) => {
  expect(pulseOf({ ...asked, ...part })).toMatchObject({ tone, text })
})

it('nothing is said before anything is known', () => {
  expect(pulseOf({ ...asked, status: undefined })).toBeUndefined()
})
