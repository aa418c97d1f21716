import { once } from 'node:events'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { ClickHouseError } from '@clickhouse/client'
import { describe, expect, test } from 'vitest'
import { useFront } from './front-rig.ts'

const rig = useFront()
const { rows, count, native, insertRow, insertNative } = rig

const running = (id: string) => async (): Promise<boolean> =>
  (await rows('SELECT query_id FROM system.processes WHERE query_id = {id:String}', { id })).length > 0

async function until(condition: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200 && !(await condition()); i++) await sleep(20)
}

describe('faults', () => {
  test('refuse: everything gets the status until healed', async () => {
    await rig.front.control.refuse()
    expect((await rig.client.ping()).success).toBe(false)
    await expect(insertRow(1)).rejects.toThrow('Refused')
    await rig.front.control.heal()
    await insertRow(1)
    expect(await count()).toBe(1)
  })

  test('errors: the next inserts fail as typed and are not executed', async () => {
    await rig.front.control.errors(2, 241, 500)
    for (const _ of [1, 2]) {
      await expect(insertRow(1)).rejects.toMatchObject({ code: '241', type: 'MEMORY_LIMIT_EXCEEDED' })
    }
    expect(await count()).toBe(0)
    await insertRow(1)
    expect(await count()).toBe(1)
  })

  test('cutBefore: nothing is inserted', async () => {
    await rig.front.control.cutBefore(1)
    const bytes = await native("SELECT number AS a, 'x' AS b FROM numbers(300000)")
    await expect(insertNative(bytes)).rejects.not.toBeInstanceOf(ClickHouseError)
    expect(await count()).toBe(0)
    await insertNative(bytes)
    expect(await count()).toBe(300_000)
  })

  test('a body its sender breaks off inserts nothing', async () => {
    const bytes = await native('SELECT number AS a FROM numbers(100000)')
    const broken = async function* (): AsyncGenerator<Buffer> {
      yield bytes
      await sleep(50)
      throw new Error('the sender broke off')
    }
    const values = Readable.from(broken(), { objectMode: false })
    await expect(rig.client.exec({ query: 'INSERT INTO t FORMAT Native', values })).rejects.toThrow()
    await sleep(100)
    expect(await count()).toBe(0)
  })

  test('cutAfter: the insert is there, its answer is not', async () => {
    const before = await rig.front.control.counters()
    await rig.front.control.cutAfter(1)
    await expect(insertRow(1)).rejects.not.toBeInstanceOf(ClickHouseError)
    expect(await count()).toBe(1)
    const after = await rig.front.control.counters()
    expect([after.inserts - before.inserts, after.faults - before.faults]).toEqual([1, 1])
  })

  test('hang: an insert waits, is listed, and comes late although its client has left', async () => {
    await rig.front.control.hang(1)
    const controller = new AbortController()
    const late = rig.client.insert({
      table: 't',
      values: [{ a: 1 }],
      format: 'JSONEachRow',
      query_id: 'late',
      abort_signal: controller.signal,
    })
    await until(running('late'))
    controller.abort()
    await expect(late).rejects.toThrow('aborted')
    expect(await running('late')()).toBe(true)
    await expect(insertNative(await native('SELECT toUInt64(1) AS a'), 'late')).rejects.toMatchObject({
      code: '216',
    })
    await rig.front.control.heal()
    await until(async () => (await count()) > 0)
    expect(await count()).toBe(1)
  })

  test('hang: an insert whose body still comes when all is healed does not wait', async () => {
    const { faults } = await rig.front.control.counters()
    const bytes = await native('SELECT toUInt64(1) AS a')
    await rig.front.control.hang(1)
    const healed = new AbortController()
    const slow = async function* (): AsyncGenerator<Buffer> {
      yield bytes.subarray(0, 5)
      await once(healed.signal, 'abort')
      yield bytes.subarray(5)
    }
    const values = Readable.from(slow(), { objectMode: false })
    const inserted = rig.client.exec({ query: 'INSERT INTO t FORMAT Native', values })
    await until(async () => (await rig.front.control.counters()).faults > faults)
    await rig.front.control.heal()
    healed.abort()
    await (await inserted).stream.resume().toArray()
    expect(await count()).toBe(1)
  })

  test('hang of everything holds pings too', async () => {
    await rig.front.control.hang(1, 'all')
    const held = rig.client.ping()
    const first = await Promise.race([held, sleep(100, 'held')])
    await rig.front.control.heal()
    expect([first, await held]).toEqual(['held', { success: true }])
  })

  test('KILL QUERY ends a hanging insert and one at work, and waits for the end', async () => {
    await rig.front.control.hang(1)
    const hanging = insertNative(await native('SELECT number AS a FROM numbers(10)'), 'one')
    const select = 'INSERT INTO t (a) SELECT number FROM numbers(100000000000) WHERE sipHash64(number) = 1'
    const working = rig.client.command({ query: select, query_id: 'two' })
    const ended = Promise.allSettled([hanging, working])
    await until(running('one'))
    await until(running('two'))
    for (const id of ['one', 'two', 'three']) {
      const query = 'KILL QUERY WHERE query_id = {id:String} SYNC'
      await rig.client.command({ query, query_params: { id } })
      expect(await running(id)()).toBe(false)
    }
    expect((await ended).map((end) => end.status === 'rejected' && end.reason.code)).toEqual(['394', '394'])
    expect(await count()).toBe(0)
  })

  test('slow: each statement waits', async () => {
    await rig.front.control.slow(150)
    const begin = performance.now()
    await insertRow(1)
    expect(performance.now() - begin).toBeGreaterThan(140)
  })
})

describe('restarts', () => {
  test('kill -9 in the middle keeps what was acknowledged', async () => {
    let acknowledged = 0
    const insertAll = async () => {
      for (let a = 0; ; a++) {
        await insertRow(a)
        acknowledged = a + 1
      }
    }
    const broken = expect(insertAll()).rejects.toThrow()
    await until(async () => acknowledged >= 10)
    await rig.front.kill()
    await broken
    expect((await rig.client.ping()).success).toBe(false)
    await rig.front.restart()
    expect(await count()).toBeGreaterThanOrEqual(acknowledged)
    expect(await count()).toBeLessThanOrEqual(acknowledged + 1)
  })

  test('a restart in good order keeps url and rows', async () => {
    await insertRow(1)
    await rig.front.restart()
    expect(await count()).toBe(1)
  })
})
