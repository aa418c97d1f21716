import fc from 'fast-check'
import { expect, it, onTestFinished } from 'vitest'
import type { RowVerdict } from '../../src/model.ts'
import { Batch } from '../../src/store/batch.ts'
import { openEmbedded } from '../../src/store/client.ts'
import { Copies } from '../../src/store/copies.ts'
import { type EventRow, eventId } from '../../src/store/event-row.ts'
import { insertBatch } from '../../src/store/insert.ts'
import { openJournal } from '../../src/store/journal.ts'
import { LinesBlock } from '../../src/store/lines-block.ts'
import { migrate } from '../../src/store/migrate.ts'
import { selectTrends } from '../../src/store/trend-query.ts'
import { someChunk, someFile } from '../support/chunks.ts'
import { tempDir } from '../support/temp-dir.ts'

const PARSED = 1
const MTIME = 4
const START_US = Date.UTC(2026, 2, 4, 10) * 1000

const verdict: RowVerdict = {
  ...{ row: 0, kind: 'signature', ruleId: 'broken', ruleVersion: 1, severity: 'error' },
  ...{ phase: '', layer: '', captures: {} },
}

type Told = {
  path?: string
  source?: string
  ts?: number
  quality?: number
  offset?: number
  message?: string
  host?: string
}

function event({
  path = '/a/02_setup.log',
  source = 'setup',
  quality = PARSED,
  host = 'h',
  ...rest
}: Told): EventRow {
  const { ts = START_US, offset = 0, message = '[ERROR] it is broken' } = rest
  const identity = { ...someFile.identity, host }
  const file = { ...someFile, identity, path, source, fileId: Buffer.from(path).toString('hex').slice(-16) }
  return {
    file,
    verdict,
    ts,
    tsQuality: quality,
    offset,
    length: 10,
    continued: 0,
    level: '',
    component: '',
    message,
  }
}

const LEVEL = { path: '/a/bootstrap_ERROR.log', source: 'bootstrap-level' }
const idOf = ({ file, offset }: EventRow) => eventId(file, offset)

it('R36: a line that is written to two files at once is one event in two places', () => {
  const copies = new Copies()
  const first = event({})
  const other = { ...event(LEVEL), verdict: { ...verdict, ruleId: 'also-broken' } }
  const told = [first, event(LEVEL), other]
  expect(told.map((one) => copies.of(one, idOf(one)))).toEqual(['', idOf(first), idOf(first)])
})

it.each([
  ['another time', { ...LEVEL, ts: START_US + 1 }],
  ['another host', { ...LEVEL, host: 'other' }],
  ['another text', { ...LEVEL, message: '[ERROR] it is broken!' }],
  ['the same file', { offset: 50 }],
])('of %s it is another event', (_, other) => {
  const copies = new Copies()
  expect([event({}), event(other)].map((one) => copies.of(one, idOf(one)))).toEqual(['', ''])
})

it('a text without a time is a copy only at the same place of another file of the same kind', () => {
  const copies = new Copies()
  const output = { source: 'cloud-init-output', quality: MTIME, offset: 700 }
  const first = event({ ...output, path: '/a/cloud-init-output-first-1.log' })
  const told = [
    first,
    event({ ...output, path: '/a/cloud-init-output-final-2.log' }),
    event({ ...output, path: '/a/cloud-init-output-final-2.log', offset: 900 }),
    event({ ...output, path: '/a/02_setup.log', source: 'setup' }),
  ]
  expect(told.map((one) => copies.of(one, idOf(one)))).toEqual(['', idOf(first), '', ''])
})

it('whatever the order, as many events count as the file with most of them holds', () => {
  const writes = fc.array(fc.constantFrom('/a/x.log', '/a/y.log', '/a/z.log'), { maxLength: 30 })
  fc.assert(
    fc.property(writes, (paths) => {
      const copies = new Copies()
      const told = paths.map((path, offset) => {
        const one = event({ path, offset })
        return copies.of(one, idOf(one))
      })
      const most = Math.max(0, ...paths.map((path) => paths.filter((one) => one === path).length))
      expect(told.filter((original) => original === '')).toHaveLength(most)
    }),
  )
})

it('a copy is known after 20,000 other events, as is one of a line that comes again and again', () => {
  const copies = new Copies()
  const others = (from: number) => {
    for (let i = from; i < from + 20_000; i++) copies.of(event({ ts: START_US + i }), String(i))
  }
  const first = event({})
  expect(copies.of(first, idOf(first))).toBe('')
  others(1)
  expect(copies.of(event(LEVEL), 'second')).toBe(idOf(first))
  others(20_001)
  expect(copies.of(event({ ...LEVEL, path: '/a/third.log' }), 'third')).toBe(idOf(first))
})

it('a copy is stored and known after a restart, and trends count it once', async () => {
  const folder = tempDir()
  const store = await openEmbedded(`${folder}/store`)
  onTestFinished(() => store.close())
  await migrate(store)
  const journal = openJournal<string>(`${folder}/journal`)
  const write = async (path: string, copies: Copies, name: string) => {
    const options = { name, nowMs: Date.now(), ruleSet: 'r', copies }
    const batch = new Batch<string>(journal, new LinesBlock(), options)
    const file = { ...event({ path }).file }
    batch.append(
      someChunk([{ message: 'broken', ts: START_US }], { file, verdicts: [verdict] }),
      [],
      'f',
      () => 'c',
    )
    await insertBatch(store, journal, await batch.seal())
  }
  await write('/a/02_setup.log', new Copies(), 'B1')
  const later = new Copies()
  await later.restore(store)
  await write('/a/bootstrap_ERROR.log', later, 'B2')
  const rows = await store.query<{ file: string; duplicate_of: string; event_id: string }>(
    'SELECT file, duplicate_of, event_id FROM dcvlens.events ORDER BY file',
  )
  expect(rows.map(({ file, duplicate_of }) => [file, duplicate_of])).toEqual([
    ['/a/02_setup.log', ''],
    ['/a/bootstrap_ERROR.log', rows[0]?.event_id],
  ])
  expect(
    (await selectTrends(store, { bucketMinutes: 60, milestones: false })).map(({ count }) => count),
  ).toEqual([1])
})
