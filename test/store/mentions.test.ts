import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type OpenStore, openEmbedded } from '../../src/store/client.ts'
import { selectMentions, type Words } from '../../src/store/mention-query.ts'
import { migrate } from '../../src/store/migrate.ts'

const folder = join(tmpdir(), `dcvlens-mentions-${process.pid}`)
const UUID = '5b0d3c1e-77a4-4c09-8a52-8f1f3c2b9d10'
const NONE: Words = { tokens: [], owners: [], sessions: [], rows: [] }
/** What a portal wrote, one of them each hour. */
const SAID = [
  'Unable to query https://viewer.example.com/ip-10-9-9-1/ yet',
  'Unable to query https://viewer.example.com/ip-10-9-9-11/ yet',
  'token of 10.9.9.1:2098 and no other',
  'token of 110.9.9.1 and of 10.9.9.11',
  `session vdi-${UUID} is up`,
  'logs of edh_bootstrap_i-0123456789abcdef0 were moved',
  'Unable to Launch Desktop cäd2 because of a limit',
  "called with {'session_name': u'cad', 'os': 'rhel9'}",
  'called with session_name=cad os=rhel9',
  'Desktop session_name=cad',
  'another cad of somebody',
  'VDI Session 41 is up',
  'VDI Session 4 is up',
]
let store: OpenStore

beforeAll(async () => {
  store = await openEmbedded(join(folder, 'store'))
  await migrate(store)
  const rows = SAID.map(
    (said, at) =>
      `('B', '${at}', toDateTime64(${at * 3600}, 6, 'UTC'), now(), 'web-ui', 'f', ${at}, 1, '${said.replaceAll("'", "\\'")}')`,
  )
  await store.command(
    `INSERT INTO dcvlens.events (batch, event_id, ts, ingested_at, source, file_id, offset, length, message) VALUES ${rows.join(', ')}`,
  )
})

afterAll(async () => {
  await store.close()
  rmSync(folder, { recursive: true, force: true })
})

/** The messages in which these words are found. */
async function saidWith(words: Partial<Words>): Promise<string[]> {
  const filter = { shared: ['web-ui'], from: undefined }
  const { hours } = await selectMentions(store, filter, { ...NONE, ...words }, 0)
  return SAID.filter((_, at) => hours.includes(at * 3600))
}

it.each([
  ['ip-10-9-9-1', [0]],
  ['ip-10-9-9-11', [1]],
  ['10.9.9.1', [2]],
  [UUID, [4]],
  ['i-0123456789abcdef0', [5]],
])('%s is found wherever it stands, and not in what only begins or ends like it', async (token, found) => {
  expect(await saidWith({ tokens: [token] })).toEqual(found.map((at) => SAID[at]))
})

it('the name of a desktop is found where the portal names it without its owner', async () => {
  expect(await saidWith({ sessions: ['cad'] })).toEqual([7, 8, 9].map((at) => SAID[at]))
  expect(await saidWith({ sessions: ['cad', 'cäd2'] })).toEqual([6, 7, 8, 9].map((at) => SAID[at]))
  expect(await saidWith({ sessions: ['cad'], owners: ['somebody'] })).toEqual(
    [7, 8, 9, 10].map((at) => SAID[at]),
  )
})

it('the row of a desktop is found, whatever else is looked for', async () => {
  expect(await saidWith({ rows: ['41'] })).toEqual([SAID[11]])
  expect(await saidWith({ rows: ['41'], tokens: ['10.9.9.1'], sessions: ['nobody'] })).toEqual(
    [2, 11].map((at) => SAID[at]),
  )
  const many = Array.from({ length: 300 }, (_, i) => `ip-10-1-1-${i}`)
  expect(await saidWith({ rows: ['41'], tokens: [...many, '10.9.9.1'] })).toEqual(
    [2, 11].map((at) => SAID[at]),
  )
})

it('without words nothing is found', async () => {
  expect(await saidWith({})).toEqual([])
})
