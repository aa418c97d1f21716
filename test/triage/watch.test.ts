import { expect, it } from 'vitest'
import { createLog } from '../../src/log.ts'
import type { Store } from '../../src/store/client.ts'
import { watchEvents } from '../../src/triage/watch.ts'
import { libraryOf } from '../../src/web/service.ts'
import { serviceOn } from '../support/api.ts'
import { HandClock } from '../support/hand-clock.ts'

const MINUTE_MS = 60_000

/** Watches with a clock that is turned by hand; notes when it stores, and when it asks for signatures (s since the start). */
function watching(storeCorrelated: () => Promise<void> = async () => {}) {
  const clock = new HandClock(Date.parse('2026-05-04T12:00:00Z'))
  const startMs = clock.nowMs()
  const seconds = () => (clock.nowMs() - startMs) / 1000
  const stop = new AbortController()
  const stored: number[] = []
  const asked = new Set<number>()
  const said: string[] = []
  const state = { isRead: false, isStoreAway: false }
  const store = {
    query: async () => {
      asked.add(seconds())
      if (state.isStoreAway) throw new Error('the store is away')
      return []
    },
  } as Pick<Store, 'query'> as Store
  const log = createLog('silent')
  log.warn = (...[facts, text]: unknown[]) => {
    said.push(`${text}: ${(facts as { reason: string }).reason}`)
  }
  const ended = watchEvents({
    library: () => ({ ...libraryOf(serviceOn(store)), nowMs: clock.nowMs() }),
    async storeCorrelated() {
      stored.push(seconds())
      await storeCorrelated()
    },
    isRead: () => state.isRead,
    ...{ clock, signal: stop.signal, log },
  })
  return { clock, state, stored, asked, said, stop, ended }
}

it('what several events say together is stored as soon as all is read, and then every five minutes', async () => {
  const { clock, state, stored } = watching()
  await clock.goOn(3500)
  expect(stored).toEqual([])
  state.isRead = true
  await clock.goOn(12 * MINUTE_MS)
  expect(stored).toEqual([4, 304, 604])
})

it('what several events say together is tried after five minutes, whatever is still to be read', async () => {
  const { clock, stored } = watching()
  await clock.goOn(11 * MINUTE_MS)
  expect(stored).toEqual([300, 600])
})

it('signatures are looked at every five minutes, however long the desktops take', async () => {
  const { clock, state, asked } = watching(() => new Promise(() => {}))
  state.isRead = true
  await clock.goOn(11 * MINUTE_MS)
  expect([...asked]).toEqual([300, 600])
})

it('what cannot be done is said and tried again', async () => {
  let isFirst = true
  const { clock, state, stored, said } = watching(async () => {
    if (isFirst) {
      isFirst = false
      throw new Error('the journal is full')
    }
  })
  state.isRead = true
  state.isStoreAway = true
  await clock.goOn(6 * MINUTE_MS)
  expect(stored).toEqual([1, 301])
  expect(said).toEqual([
    'what several events say together could not be stored: the journal is full',
    'new signatures could not be looked for: the store is away',
  ])
})

it('nothing is begun any more once it is stopped', async () => {
  const { clock, stored, asked, stop, ended } = watching()
  await clock.goOn(2000)
  stop.abort()
  await ended
  expect([stored, [...asked]]).toEqual([[], []])
})
