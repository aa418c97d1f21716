import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isRefusal, type OpenStore, openEmbedded, openServer } from '../../src/store/client.ts'
import { askedStore } from '../../src/web/asked-store.ts'
import { type Front, startFront } from '../support/clickhouse-front.ts'

const folder = join(tmpdir(), `dcvlens-refusal-${process.pid}`)
let embedded: OpenStore
let front: Front
let server: OpenStore

beforeAll(async () => {
  embedded = await openEmbedded(join(folder, 'store'))
  front = await startFront({ dataDir: join(folder, 'server') })
  server = openServer(front.url)
})
afterAll(async () => {
  await embedded.close()
  await server.close()
  await front.stop()
  rmSync(folder, { recursive: true, force: true })
})

const both = () => [embedded, server]

it('a question that asks for too much, or for too long, is told so by each kind of store', async () => {
  for (const store of both()) {
    const rows = 'SELECT number FROM numbers(5000) SETTINGS max_result_rows = 1000'
    await expect(askedStore(store).query(rows)).rejects.toMatchObject({ code: 'E_TOO_MUCH' })
    const slow =
      'SELECT sleepEachRow(0.01) FROM numbers(200) SETTINGS max_execution_time = 1, max_block_size = 1'
    await expect(askedStore(store).query(slow)).rejects.toMatchObject({ code: 'E_TOO_SLOW' })
  }
})

it('only what the store says itself is a refusal', async () => {
  for (const store of both()) {
    const refused: unknown = await store.query('SELECT nonsense').catch((error: unknown) => error)
    expect([store.kind, isRefusal(refused)]).toEqual([store.kind, true])
  }
  const nobody = openServer('http://127.0.0.1:1')
  const silence: unknown = await nobody.query('SELECT 1').catch((error: unknown) => error)
  await nobody.close()
  expect(isRefusal(silence)).toBe(false)
})
