import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import type { Clock } from '../../src/clock.ts'
import { type OpenStore, openEmbedded } from '../../src/store/client.ts'
import { migrate } from '../../src/store/migrate.ts'
import { liveText } from '../../src/web/live-text.ts'
import type { Service } from '../../src/web/service.ts'
import { SessionWatch } from '../../src/web/session-watch.ts'
import { serviceOn } from '../support/api.ts'

const folder = mkdtempSync(join(tmpdir(), 'dcvlens-live-'))
let store: OpenStore

beforeAll(async () => {
  store = await openEmbedded(join(folder, 'store'))
  await migrate(store)
})
afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

/** Stores a batch of lines of two files, whose times do not ascend with their places. */
async function stored({ feed }: Service, batch: string, lines: number): Promise<void> {
  await store.command(
    `INSERT INTO dcvlens.lines (batch, ts, ingested_at, owner, session, file_id, offset, length, message)
     SELECT '${batch}', toDateTime64('2026-02-10 08:00:00', 6, 'UTC') + intDiv(cityHash64(number), 18446744073709551616 / 100), now64(3),
       'mira', if(number % 2 = 0, 'Cad', 'Sim'), concat('000000000000000', toString(number % 2)), number, 1, concat('${batch} ', toString(number))
     FROM numbers(${lines})`,
  )
  feed.note({ batch, lines })
}

type Told = { readonly id: string; readonly event: string; readonly data: Record<string, unknown> }

/** A reader that takes one piece at a time, when it likes. */
function reader(service: Service, lastId?: string, session?: string) {
  const gone = new AbortController()
  onTestFinished(() => gone.abort())
  const watch = new SessionWatch(serviceOn(store), gone.signal)
  const filter = session === undefined ? {} : { owner: 'mira', session }
  const text = liveText({ filter, session: undefined, lastId }, { service, watch, signal: gone.signal })
  return {
    end: () => gone.abort(),
    next: async () => (await text.next()).value as string | undefined,
    async take(count: number): Promise<Told[]> {
      const told: Told[] = []
      while (told.length < count) {
        const [, id, event, data] =
          /^id: (.*)\nevent: (.*)\ndata: (.*)\n\n$/.exec((await text.next()).value) ?? []
        if (data !== undefined) told.push({ id: id ?? '', event: event ?? '', data: JSON.parse(data) })
      }
      return told
    },
  }
}

const messages = (told: readonly Told[]) => told.map(({ data }) => data['message'])

it('the lines of a file are told in the order of the file, whatever their times are', async () => {
  const service = serviceOn(store)
  const one = reader(service)
  await one.next()
  await stored(service, 'order-1', 500)
  const told = await one.take(500)
  for (const file of [0, 1]) {
    const offsets = told.flatMap(({ data }) =>
      data['file_id'] === `000000000000000${file}` ? [Number(data['offset'])] : [],
    )
    expect(offsets).toEqual(Array.from({ length: 250 }, (_, n) => 2 * n + file))
  }
})

it('who breaks off in a batch goes on behind the line that it had', async () => {
  const service = serviceOn(store)
  await stored(service, 'resume-1', 450)
  await stored(service, 'resume-2', 10)
  const whole = await reader(service, 'resume-1/0').take(460)
  for (const at of [1, 199, 200, 201, 449, 450, 455]) {
    const rest = await reader(service, whole[at - 1]?.id).take(460 - at)
    expect(rest).toEqual(whole.slice(at))
  }
})

it('more lines of a batch than can be followed are left out and counted', async () => {
  const service = serviceOn(store)
  const one = reader(service)
  const other = reader(service, undefined, 'Sim')
  await one.next()
  await other.next()
  await stored(service, 'large-1', 3000)
  await stored(service, 'large-2', 1)
  const told = await one.take(1002)
  expect(told.at(-2)).toEqual({ id: 'large-1/3000', event: 'gap', data: { skipped: 2000 } })
  expect(messages(told.slice(-1))).toEqual(['large-2 0'])
  const [gap] = (await other.take(1001)).slice(-1)
  expect(gap?.data).toEqual({ skipped: 500 })
})

it('a reader that is too slow goes on with the newest, and is told how much it missed', async () => {
  const service = serviceOn(store)
  const slow = reader(service)
  await slow.next()
  await stored(service, 'slow-00', 4)
  const had = await slow.take(1)
  for (let n = 1; n <= 30; n++) await stored(service, `slow-${String(n).padStart(2, '0')}`, 2)
  const told = [...had, ...(await slow.take(4))]
  expect(messages(told.slice(0, 4)).every((message) => `${message}`.startsWith('slow-00'))).toBe(true)
  expect(told.at(-1)).toMatchObject({ event: 'gap', data: { skipped: 60 } })
  await stored(service, 'slow-31', 2)
  expect(messages(await slow.take(2))).toEqual(['slow-31 0', 'slow-31 1'])
  const again = reader(service, told.at(-1)?.id)
  expect(messages(await again.take(2))).toEqual(['slow-31 0', 'slow-31 1'])
})

it('a reader that comes back after very long is told how much it missed', async () => {
  const service = serviceOn(store)
  await stored(service, 'zz-long-0', 3)
  await stored(service, 'zz-long-1', 3)
  for (let n = 0; n < 1000; n++) service.feed.note({ batch: `zz-long-2-${n}`, lines: 1 })
  const [gap] = await reader(service, 'zz-long-0/3').take(1)
  expect(gap?.data).toEqual({ skipped: 3 })
})

it('a connection on which nothing is told is kept alive, even while lines pass that are not asked for', async () => {
  let nowMs = 0
  const clock: Clock = {
    nowMs: () => nowMs,
    sleep: async (ms) => {
      await setImmediate()
      nowMs += ms
    },
  }
  const service = { ...serviceOn(store), clock }
  const quiet = reader(service, undefined, 'None')
  expect(await quiet.next()).toBe('retry: 2000\n\n')
  expect(await quiet.next()).toBe(': still here\n\n')
  expect(nowMs).toBe(15_000)
  nowMs += 14_000
  await stored(service, 'quiet-1', 1)
  expect(await quiet.next()).toBe(': still here\n\n')
  expect(nowMs).toBe(30_000)
})

it('a reader that leaves ends what is told', async () => {
  const leaving = reader(serviceOn(store))
  await leaving.next()
  const next = leaving.next()
  leaving.end()
  expect(await next).toBeUndefined()
})
