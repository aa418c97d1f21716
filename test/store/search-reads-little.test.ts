import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openEmbedded } from '../../src/store/client.ts'
import { selectLines } from '../../src/store/line-query.ts'
import { migrate } from '../../src/store/migrate.ts'
import { type Measured, measuredStore } from '../bench/queries/measured-store.ts'

const folder = join(tmpdir(), `dcvlens-search-${process.pid}`)
const LINES = 200_000
/** Letters of one case, of two, of several, of one that is ASCII in the other; and what patterns are made of. */
const LETTERS = [...'aAkKsSiIzZ0 %_\\\'"äÄßẞKİıſΣσς€😀']
const words = (min: number, max: number) =>
  fc.array(fc.constantFrom(...LETTERS), { minLength: min, maxLength: max }).map((letters) => letters.join(''))
/** Each is of another day and lies in a part of its own, so that the index decides about it alone. */
const ALONE = ['zzzΣz', 'zzzKz', 'zzzİz']
const MESSAGES = [...ALONE, ...fc.sample(words(1, 30), { numRuns: 3000, seed: 7 })]
/** As batches are inserted: parts get their indexes when they are merged. */
const AS_STORED = 'materialize_skip_indexes_on_insert = 0'
let store: Measured

beforeAll(async () => {
  const writing = await openEmbedded(join(folder, 'store'))
  await migrate(writing)
  await writing.command(
    `INSERT INTO dcvlens.lines (batch, ts, ingested_at, owner, session, file, file_id, offset, length, message)
     SELECT 'B', toDateTime64(1770000000 + number, 6, 'UTC'), now(), 'ann', 'cad', '/f', 'f', number, 1,
       if(number % 100000 = 77, 'The RareWord was met', concat('connection of user', toString(number % 50)))
     FROM numbers(${LINES}) SETTINGS ${AS_STORED}, max_insert_threads = 1, max_threads = 1, min_insert_block_size_rows = 1000000, max_block_size = 1000000`,
  )
  const rows = MESSAGES.map(
    (message, at) =>
      `('B', 0, now() - toIntervalDay(${1 + Math.min(at, ALONE.length)}), '/g', 'g', ${at}, 1, '${message.replaceAll(/['\\]/g, '\\$&')}')`,
  )
  await writing.command(
    `INSERT INTO dcvlens.lines (batch, ts, ingested_at, file, file_id, offset, length, message) SETTINGS ${AS_STORED} VALUES ${rows.join(', ')}`,
  )
  await writing.command('OPTIMIZE TABLE dcvlens.lines FINAL')
  await writing.close()
  store = measuredStore(join(folder, 'store'))
})

afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

it.each([
  ['rareword', 2],
  ['nowhere at all', 0],
])('%s is searched for without reading the lines that cannot hold it', async (text, found) => {
  store.takeRows()
  expect(await selectLines(store, { text }, { limit: 100 })).toHaveLength(found)
  expect(store.takeRows()).toBeLessThan(LINES / 4)
})

it('whatever is searched for is found as often as without an index', async () => {
  const inMessage = fc
    .tuple(fc.constantFrom(...MESSAGES), fc.nat(20), fc.integer({ min: 1, max: 9 }))
    .map(([message, from, size]) => [...message].slice(from, from + size).join(''))
    .filter((text) => text !== '')
  await fc.assert(
    fc.asyncProperty(fc.oneof(inMessage, words(1, 6)), async (text) => {
      const found = await selectLines(store, { text }, { limit: LINES })
      const all = await store.query<{ offset: number }>(
        `SELECT toFloat64(t.offset) AS offset FROM dcvlens.lines AS t
         WHERE file_id = 'g' AND positionCaseInsensitiveUTF8(t.message, {text:String}) > 0 ORDER BY t.offset`,
        { text },
      )
      const ofMessages = found.filter((row) => row['file_id'] === 'g')
      expect(ofMessages.map((row) => row['offset'])).toEqual(all.map(({ offset }) => offset))
    }),
    { numRuns: 50, examples: [['zzzΣ'], ['zzzk'], ['zzzi']] },
  )
})
