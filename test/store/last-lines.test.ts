import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type OpenStore, openEmbedded } from '../../src/store/client.ts'
import { selectLastLines } from '../../src/store/context-query.ts'
import { migrate } from '../../src/store/migrate.ts'

const folder = join(tmpdir(), `dcvlens-last-lines-${process.pid}`)
const SINCE = '2026-02-02T00:00:00.000000Z'

type Row = { readonly length: number; readonly said: string; readonly generation?: number }
const row = (said: string, length = 100, generation = 0): Row => ({ said, length, generation })
const blank = (count: number, generation = 0) =>
  Array.from({ length: count }, () => row('---', 100, generation))

/** Logs, and which of their lines is the last with text. */
const LOGS: Readonly<Record<string, { readonly rows: readonly Row[]; readonly last: string | undefined }>> = {
  plain: { rows: [row('first'), row('last')], last: 'last' },
  long: { rows: [...blank(2000), row('first'), ...blank(3), row('last'), ...blank(3)], last: 'last' },
  'rules to the end': { rows: [row('first'), row('last'), ...blank(2000)], last: 'last' },
  'one record at the end': { rows: [row('first'), row('last', 200_000)], last: 'last' },
  'a newer one, text long ago': {
    rows: [row('old'), row('last', 100, 1), ...blank(2000, 1)],
    last: 'last',
  },
  'no text': { rows: blank(10), last: undefined },
}
let store: OpenStore

beforeAll(async () => {
  store = await openEmbedded(join(folder, 'store'))
  await migrate(store)
  const values = Object.entries(LOGS).flatMap(([name, { rows }]) => {
    const ends = new Map<number, number>()
    return rows.map(({ said, length, generation = 0 }) => {
      const offset = ends.get(generation) ?? 0
      ends.set(generation, offset + length)
      return `('B', '2026-02-03 00:00:00', now(), '${name}', ${generation}, ${offset}, ${length}, '${said}')`
    })
  })
  await store.command(
    `INSERT INTO dcvlens.lines (batch, ts, ingested_at, file_id, generation, offset, length, message) VALUES ${values.join(', ')}`,
  )
})

afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

it.each(Object.keys(LOGS))('the last line with text of a log: %s', async (name) => {
  const [last] = await selectLastLines(store, [{ file_id: name, ts: SINCE }])
  expect(last?.['message']).toBe(LOGS[name]?.last)
})

it('the last lines of several logs are found together, and none from before the time', async () => {
  const names = Object.keys(LOGS)
  const found = await selectLastLines(
    store,
    names.map((name) => ({ file_id: name, ts: SINCE })),
  )
  expect(new Set(found.map((line) => line['file_id']))).toEqual(
    new Set(names.filter((name) => LOGS[name]?.last !== undefined)),
  )
  expect(new Set(found.map((line) => line['message']))).toEqual(new Set(['last']))
  expect(await selectLastLines(store, [{ file_id: 'plain', ts: '2026-02-04T00:00:00.000000Z' }])).toEqual([])
})
