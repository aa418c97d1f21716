import { join } from 'node:path'
import { ClickHouseError } from '@clickhouse/client'
import { describe, expect, test } from 'vitest'
import { startFront } from './clickhouse-front.ts'
import { useFront } from './front-rig.ts'

const rig = useFront()
const { rows, count, native, insertRow, insertNative } = rig

describe('statements', () => {
  test('ping, with and without a query', async () => {
    expect(await rig.client.ping()).toEqual({ success: true })
    expect(await rig.client.ping({ select: true })).toEqual({ success: true })
  })

  test('an insert of JSON rows is told in the summary, with lines no parser may touch', async () => {
    const values = [{ a: 1 }, { a: '2', b: "-- { x } /* ';" }]
    const result = await rig.client.insert({ table: 't', values, format: 'JSONEachRow', query_id: 'mine' })
    expect(result.summary?.written_rows).toBe('2')
    expect(result.query_id).toBe('mine')
    expect(result.response_headers['x-clickhouse-query-id']).toBe('mine')
    expect(await rows('SELECT b FROM t ORDER BY a')).toEqual([{ b: 'b1' }, { b: "-- { x } /* ';" }])
  })

  test('Native bytes go in by column name, in one part, defaults for what is missing', async () => {
    await insertNative(
      await native(
        "SELECT 'x' AS b, toUInt32(number) AS a FROM numbers(300000) SETTINGS max_block_size = 50000",
      ),
    )
    await insertNative(await native('SELECT toUInt64(999999) AS a'))
    expect(await rows("SELECT rows FROM system.parts WHERE table = 't' AND active ORDER BY rows")).toEqual([
      { rows: 1 },
      { rows: 300_000 },
    ])
    expect(await rows('SELECT b FROM t WHERE a = 999999')).toEqual([{ b: 'b999999' }])
  })

  test('inserts in the other forms: all in the body, VALUES, SELECT, none at all', async () => {
    await rig.client.command({
      query: 'INSERT INTO default.t (a) SETTINGS max_threads = 1 FORMAT JSONEachRow {"a": 1}',
    })
    await rig.client.command({ query: "INSERT INTO `t` (a, b) VALUES (2, 'FORMAT; x'), (3, 'y')" })
    await rig.client.command({ query: 'INSERT INTO t (a) SELECT number + 4 FROM numbers(2)' })
    await insertNative(Buffer.alloc(0))
    expect(await count()).toBe(5)
  })

  test('parameters and settings belong to their query', async () => {
    const params = { text: "tab\t 'quote' back\\slash\n", list: ['a', "b'"], n: 5, none: null }
    const query =
      'SELECT {text:String} text, {list:Array(String)} list, {n:UInt8} n, {none:Nullable(String)} none'
    expect(await rows(query, params)).toEqual([params])
    await expect(rows(query)).rejects.toMatchObject({ code: '456' })

    const setting = "SELECT getSetting('max_threads') AS n"
    const result = await rig.client.query({
      query: setting,
      format: 'JSON',
      clickhouse_settings: { max_threads: 7 },
    })
    expect((await result.json<{ n: number }>()).data).toEqual([{ n: 7 }])
    expect(await rows(setting)).not.toEqual([{ n: 7 }])
  })

  test('readonly refuses a write and is gone with its query', async () => {
    await expect(insertRow(1, { readonly: '1' })).rejects.toMatchObject({ code: '164' })
    await insertRow(1)
    expect(await count()).toBe(1)
  })

  test('a deduplication token works once and does not stay', async () => {
    for (const a of [1, 2]) await insertRow(a, { insert_deduplication_token: 'x' })
    for (const a of [3, 4]) await insertRow(a)
    expect(await rows('SELECT a FROM t ORDER BY a')).toEqual([{ a: 1 }, { a: 3 }, { a: 4 }])
  })

  test('many requests at once keep their own parameters', async () => {
    const ask = async (n: number) => (await rows<{ n: number }>('SELECT {n:UInt32} AS n', { n }))[0]?.n
    const numbers = Array.from({ length: 60 }, (_, n) => n)
    expect(await Promise.all(numbers.map(ask))).toEqual(numbers)
  })

  test('another database, and one that is not there', async () => {
    await rig.client.command({ query: 'CREATE DATABASE IF NOT EXISTS other' })
    const other = rig.connect({ database: 'other' })
    expect(
      await (await other.query({ query: 'SELECT currentDatabase() d', format: 'JSONEachRow' })).json(),
    ).toEqual([{ d: 'other' }])
    await other.close()
    const nowhere = rig.connect({ database: 'nowhere' })
    await expect(nowhere.command({ query: 'SELECT 1' })).rejects.toMatchObject({ type: 'UNKNOWN_DATABASE' })
    await nowhere.close()
  })
})

describe('answers', () => {
  test('a large result comes as a stream', async () => {
    const result = await rig.client.query({
      query: 'SELECT number FROM numbers(500000)',
      format: 'JSONEachRow',
    })
    let seen = 0
    for await (const batch of result.stream()) seen += batch.length
    expect(seen).toBe(500_000)
  })

  test('an error late in a stream reaches the reader', async () => {
    const query = 'SELECT throwIf(number = 900000) AS x FROM numbers(1000000)'
    const result = await rig.client.query({ query, format: 'JSONEachRow' })
    const read = async () => {
      for await (const _ of result.stream());
    }
    await expect(read()).rejects.toMatchObject({ code: '395' })
  })

  test('errors are typed, with the status a server gives', async () => {
    const failed = rig.client.command({ query: 'SELECT * FROM nowhere' })
    await expect(failed).rejects.toBeInstanceOf(ClickHouseError)
    await expect(failed).rejects.toMatchObject({ code: '60', type: 'UNKNOWN_TABLE' })
    const response = await fetch(rig.front.url, { method: 'POST', body: 'SELEC 1' })
    expect(response.status).toBe(400)
    expect(response.headers.get('x-clickhouse-exception-code')).toBe('62')
    await expect(rig.client.command({ query: 'SELECT 1; SELECT 2' })).rejects.toMatchObject({ code: '62' })
    await expect(insertNative(Buffer.from('not native'))).rejects.toBeInstanceOf(ClickHouseError)
  })

  test('gzip both ways', async () => {
    const packed = rig.connect({ compression: { request: true, response: true } })
    const values = Array.from({ length: 2000 }, (_, a) => ({ a, b: 'same' }))
    await packed.insert({ table: 't', values, format: 'JSONEachRow' })
    const result = await packed.query({ query: 'SELECT * FROM t', format: 'JSONEachRow' })
    expect(result.response_headers['content-encoding']).toBe('gzip')
    expect(await result.json()).toHaveLength(2000)
    await expect(packed.query({ query: 'SELECT nothing' })).rejects.toMatchObject({ code: '47' })
    await packed.close()
  })

  test('parameters in a multipart body', async () => {
    const query_params = { list: Array.from({ length: 3000 }, (_, n) => n) }
    const query = 'SELECT length({list:Array(UInt32)}) AS n'
    const options = { query, query_params, use_multipart_params: true, format: 'JSONEachRow' } as const
    expect(await (await rig.client.query(options)).json()).toEqual([{ n: 3000 }])
  })

  test('a password is asked for where one was set', async () => {
    const locked = await startFront({
      dataDir: join(rig.dataDir, 'locked'),
      user: 'writer',
      password: 'secret',
    })
    const login = (password: string) => rig.connect({ url: locked.url, username: 'writer', password })
    expect(await login('secret').ping({ select: true })).toEqual({ success: true })
    await expect(login('wrong').command({ query: 'SELECT 1' })).rejects.toMatchObject({ code: '516' })
    const headers = { 'X-ClickHouse-User': 'writer', 'X-ClickHouse-Key': 'secret' }
    expect(await (await fetch(`${locked.url}/?query=SELECT+1`, { headers })).text()).toBe('1\n')
    await locked.stop()
  })
})
