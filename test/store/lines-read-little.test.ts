import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openEmbedded } from '../../src/store/client.ts'
import { type EventRowJson, type LineCursor, selectLines } from '../../src/store/line-query.ts'
import { migrate } from '../../src/store/migrate.ts'
import { type Measured, measuredStore } from '../bench/queries/measured-store.ts'

const folder = join(tmpdir(), `dcvlens-lines-${process.pid}`)
const BEGIN_S = Date.UTC(2026, 1, 2) / 1000
const LINES = 1_000_000
const HOSTS = 20
/** Of each host's lines so many have the same time. */
const TOGETHER = 3
const LOGS = [7, 8].map((host) => ({
  ...{ owner: '', session: '', host: `ip-10-0-0-${host}`, file: `/${host}/server.log` },
  ...{ first_ts: textOf(0), last_ts: textOf(LINES) },
}))
const DESKTOP = { owner: 'ann', session: 'cad', logs: LOGS }
let store: Measured

function textOf(seconds: number): string {
  return new Date((BEGIN_S + seconds) * 1000).toISOString()
}

beforeAll(async () => {
  const writing = await openEmbedded(join(folder, 'store'))
  await migrate(writing)
  // What hosts wrote lies between each other; of a desktop's own folder there is one line in a thousand.
  await writing.command(
    `INSERT INTO dcvlens.lines (batch, ts, ingested_at, owner, session, host, source, file, file_id, offset, length, message)
     SELECT 'B', toDateTime64(${BEGIN_S} + intDiv(number, ${HOSTS * TOGETHER}) * ${TOGETHER}, 6, 'UTC'), now(),
       if(own, 'ann', ''), if(own, 'cad', ''), concat('ip-10-0-0-', toString(number % ${HOSTS})), 'dcv-server',
       concat(if(own, '/own', ''), '/', toString(number % ${HOSTS}), '/server.log') AS path, lower(hex(cityHash64(path))), number, 1,
       concat('line ', toString(number))
     FROM (SELECT number, number % 1000 = 5 AS own FROM numbers(${LINES}))
     SETTINGS max_insert_threads = 1, max_threads = 1, min_insert_block_size_rows = 2000000, max_block_size = 2000000`,
  )
  await writing.close()
  store = measuredStore(join(folder, 'store'))
})

afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

function placeOf({ ts, file_id, generation, offset }: EventRowJson): LineCursor {
  const micros = `${Date.parse(`${ts}`)}000`
  return { micros, fileId: `${file_id}`, generation: Number(generation), offset: `${offset}` }
}

it.each([false, true])(
  'a page of a desktop is read as far as it reaches, newest first: %s',
  async (newestFirst) => {
    const whole = await selectLines(store, { desktop: DESKTOP }, { limit: LINES, newestFirst })
    expect(whole).toHaveLength((LINES / HOSTS) * LOGS.length + LINES / 1000)
    const times = whole.map(({ ts }) => `${ts}`)
    expect(times).toEqual(newestFirst ? times.toSorted().reverse() : times.toSorted())
    for (const at of [0, 1, 1000, 50_001]) {
      const before = whole[at - 1]
      store.takeRows()
      const page = await selectLines(
        store,
        { desktop: DESKTOP },
        { limit: 100, newestFirst, after: before && placeOf(before) },
      )
      expect(page).toEqual(whole.slice(at, at + 100))
      expect(store.takeRows()).toBeLessThan(LINES / 2)
    }
  },
)
