import { expect, test } from 'vitest'
import type { EventJson } from '../../src/event-json.ts'
import { madeOf } from '../../src/triage/sessions/made-of.ts'

const event = (id: string): EventJson => ({
  ...{ event_id: id, ts: '2026-05-04T10:00:00.000000Z', ts_quality: 'parsed', file: '/a.log', file_id: 'a' },
  ...{ generation: 0, offset: 0, length: 0, message: 'Restarts', kind: 'signature' },
})
const attempt = (session: string, id: string) => ({ diagnosis: { session }, made: [event(id)] })

test('of a host that is of a desktop only the name of the desktop is told, to be asked for', () => {
  const known = new Map([
    ['ip-10-0-0-1', [attempt('ann/cad', 'of a part')]],
    ['ip-10-0-0-2', [attempt('ip-10-0-0-2', 'of a host')]],
    ['ann/cad', [attempt('ann/cad', 'first'), attempt('ann/cad', 'second')]],
  ])
  const made = (...names: string[]) => madeOf(names, (name) => known.get(name) ?? [])
  expect(made('ip-10-0-0-1', 'ip-10-0-0-2', 'nobody')).toEqual({
    events: [event('of a host')],
    others: ['ann/cad'],
  })
  expect(made('ann/cad')).toEqual({ events: [event('first'), event('second')], others: [] })
})
