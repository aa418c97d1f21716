import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { Batch } from '../../src/store/batch.ts'
import { openServer, type Store } from '../../src/store/client.ts'
import { Copies } from '../../src/store/copies.ts'
import { selectStoreFacts, selectTableSizes } from '../../src/store/facts-query.ts'
import { insertBatch, RowsRefused, settleBatch } from '../../src/store/insert.ts'
import { openJournal } from '../../src/store/journal.ts'
import { LinesBlock } from '../../src/store/lines-block.ts'
import { migrations } from '../../src/store/migrate.ts'
import { deleteEvents } from '../../src/store/stored-lines.ts'
import { someChunk } from '../support/chunks.ts'
import { type Front, startFront } from '../support/clickhouse-front.ts'
import { runProgram } from '../support/program.ts'
import { FAILED, jsonLines, writeSampleCluster } from '../support/sample-cluster.ts'
import { tempDir } from '../support/temp-dir.ts'

const CLUSTER = { name: 'main', macros: ['shard', 'replica'], internal: true }
const TABLES = ['schema_migrations', 'lines', 'events', 'losses', 'signature_states']

let front: Front
let store: Store

const folder = mkdtempSync(join(tmpdir(), 'dcvlens-cluster-'))
beforeAll(async () => {
  front = await startFront({ dataDir: folder, cluster: CLUSTER })
  store = openServer(front.url)
})
afterAll(async () => {
  await store.close()
  await front.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function migrateBy(url: string, ...args: string[]) {
  const { code, stdout, stderr } = await runProgram(['migrate', '--store', url, '--data', tempDir(), ...args])
  return { code, stdout, stderr }
}

async function newBatch(...messages: string[]) {
  const journal = openJournal<string>(tempDir())
  const name = `B${messages.join('')}`
  const about = { name, nowMs: Date.now(), ruleSet: 'r1', copies: new Copies() }
  const batch = new Batch<string>(journal, new LinesBlock(), about)
  const rows = messages.map((message) => ({ message }))
  batch.append(someChunk(rows), [], 'f', () => 'c')
  return { journal, name, entry: await batch.seal() }
}

const rowsOf = async (table: string, where: string) =>
  Number((await store.query<{ n: string }>(`SELECT count() AS n FROM dcvlens.${table} WHERE ${where}`))[0]?.n)

describe('migrate --cluster', () => {
  it('refuses a cluster that the server does not know, before anything is made', async () => {
    const { code, stderr } = await migrateBy(front.url, '--cluster', 'mian')
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(
        /^dcvlens: the server knows no cluster mian\n {2}Use one of main \(system\.clusters\)/,
      ),
    ])
    expect(await front.control.statements()).toEqual([])
  })

  it('makes every table replicated and distributed, once, and plain commands find it', async () => {
    const made = await migrateBy(front.url, '--cluster', 'main')
    expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^applied: 0001-tables\.sql/) })
    const statements = await front.control.statements()
    expect(statements[0]).toBe('CREATE DATABASE IF NOT EXISTS dcvlens ON CLUSTER main')
    for (const table of TABLES) {
      const local = statements.find((sql) =>
        sql.startsWith(`CREATE TABLE IF NOT EXISTS dcvlens.${table}_local ON`),
      )
      expect(local).toContain(
        `ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/dcvlens/${table}_local', '{replica}')`,
      )
      expect(local).toContain('replicated_deduplication_window_seconds = 604800')
      const all = statements.find((sql) => sql.startsWith(`CREATE TABLE IF NOT EXISTS dcvlens.${table} ON`))
      expect(all).toContain(
        `AS dcvlens.${table}_local ENGINE = Distributed('main', 'dcvlens', '${table}_local', `,
      )
    }
    const asked = statements.length
    expect(await store.cluster()).toBe('main')
    expect(await migrateBy(front.url)).toMatchObject({ code: 0, stdout: 'the schema is up to date\n' })
    expect(await migrateBy(front.url, '--cluster', 'main')).toMatchObject({ code: 0 })
    expect(await migrateBy(front.url, '--cluster', 'other')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('the tables are on the cluster main, not on other'),
    })
    expect((await front.control.statements()).length).toBe(asked)
  })

  it('gives the same answers as the embedded store', async () => {
    const root = tempDir()
    writeSampleCluster(root)
    const from = ['--from', '2025-01-01']
    const questions = [
      ['sessions'],
      ['trends', ...from],
      ['search', 'firewalld', ...from],
      ['signatures'],
      ['diagnose', '--all', ...from],
      ['timeline', FAILED],
    ]
    const answers = async (...store: string[]) => {
      const where = ['--data', tempDir(), ...store]
      expect(await runProgram(['ingest', '--root', root, ...where])).toMatchObject({ code: 0 })
      const told: Record<string, unknown>[][] = []
      for (const question of questions) {
        const { code, stdout } = await runProgram([...question, '--json', ...where])
        expect(code).toBe(0)
        told.push(jsonLines(stdout))
      }
      return told
    }
    const told = await answers('--store', front.url)
    expect(told.map((items) => items.length > 0)).toEqual(questions.map(() => true))
    expect(told).toEqual(await answers())
  })

  it('rows go in and come out through the distributed tables', async () => {
    const { journal, name, entry } = await newBatch('one', 'two')
    await insertBatch(store, journal, entry)
    await settleBatch(store, journal, entry)
    expect([
      await rowsOf('lines', `batch = '${name}'`),
      await rowsOf('lines_local', `batch = '${name}'`),
    ]).toEqual([2, 2])
    expect((await front.control.statements()).at(-1)).toMatch(
      /^INSERT INTO dcvlens\.lines .*insert_deduplicate=1.*insert_deduplication_token='dcvlens-Bonetwo-lines'/,
    )
    const nested = "event_id IN (SELECT event_id FROM dcvlens.lines WHERE message = 'one')"
    expect(await rowsOf('lines', nested)).toBe(1)
  })

  it('a batch of which a lagging server does not show all rows is tried again, never stored twice', async () => {
    const { journal, name, entry } = await newBatch('three', 'four')
    await insertBatch(store, journal, entry)
    const later = 'CREATE TABLE dcvlens.later ENGINE = Memory AS SELECT * FROM dcvlens.lines_local'
    await store.command(`${later} WHERE batch = '${name}' AND message = 'four'`)
    await store.command(
      "ALTER TABLE dcvlens.lines_local DELETE WHERE message = 'four' SETTINGS mutations_sync = 2",
    )
    await expect(settleBatch(store, journal, entry)).rejects.toThrow('1 of 2 rows of dcvlens.lines are there')
    await store.command('INSERT INTO dcvlens.lines_local SELECT * FROM dcvlens.later')
    await settleBatch(store, journal, entry)
    expect(await rowsOf('lines', `batch = '${name}'`)).toBe(2)
    await store.command(
      'INSERT INTO dcvlens.lines_local SELECT * FROM dcvlens.later SETTINGS insert_deduplicate = 0',
    )
    await expect(settleBatch(store, journal, entry)).rejects.toMatchObject({
      code: 'E_PARTIAL_BATCH',
      hint: expect.stringContaining("ALTER TABLE dcvlens.lines_local ON CLUSTER 'main' DELETE"),
    })
  })

  it('a refused batch is not divided, since other shards may have their rows of it', async () => {
    const { journal, entry } = await newBatch('bad')
    await store.command("ALTER TABLE dcvlens.lines_local ADD CONSTRAINT good CHECK message != 'bad'")
    const refused = await insertBatch(store, journal, entry).catch((error: unknown) => error)
    expect(refused).toMatchObject({ type: 'VIOLATED_CONSTRAINT' })
    expect(refused).not.toBeInstanceOf(RowsRefused)
    await store.command('ALTER TABLE dcvlens.lines_local DROP CONSTRAINT good')
    await settleBatch(store, journal, entry)
    expect(await rowsOf('lines', "message = 'bad'")).toBe(1)
  })

  it('events are removed from every shard; facts and sizes are those of the local tables', async () => {
    await deleteEvents(store, [{ event_id: 'ab', rule_id: 'x', batch: 'b' }])
    expect((await front.control.statements()).at(-1)).toMatch(
      /^ALTER TABLE dcvlens\.events_local ON CLUSTER main \(DELETE WHERE/,
    )
    expect(await selectStoreFacts(store)).toMatchObject({
      schema: migrations().at(-1)?.version,
      retention_days: 30,
    })
    expect((await selectTableSizes(store)).map(({ table }) => table)).toContain('lines')
    const { stdout } = await runProgram([
      'doctor',
      '--store',
      front.url,
      '--data',
      tempDir(),
      '--root',
      tempDir(),
    ])
    expect(stdout).toMatch(/^ok +store +ClickHouse .*; the tables are on the cluster main$/m)
    expect(stdout).toMatch(/^ok +schema +version \d+, up to date; lines are kept for 30 days$/m)
  })
})

describe('migrate --cluster refuses', () => {
  const serverWith = async (cluster: Partial<typeof CLUSTER>) => {
    const other = await startFront({ dataDir: tempDir(), cluster: { ...CLUSTER, ...cluster } })
    onTestFinished(() => other.stop())
    return other
  }

  it('servers without the macros that replication needs', async () => {
    const { url } = await serverWith({ macros: ['shard'] })
    const { code, stderr } = await migrateBy(url, '--cluster', 'main')
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/the server has no macro replica,.*\n {2}Set <macros>/),
    ])
  })

  it('a cluster that would write each row once for each replica', async () => {
    const { url } = await serverWith({ internal: false })
    const { code, stderr } = await migrateBy(url, '--cluster', 'main')
    expect([code, stderr]).toEqual([2, expect.stringContaining('internal_replication is off in shard 1')])
  })

  it('a server that has the tables for itself', async () => {
    const { url } = await serverWith({})
    expect(await migrateBy(url)).toMatchObject({ code: 0 })
    const { code, stderr } = await migrateBy(url, '--cluster', 'main')
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/has the tables of dcvlens already.*\n {2}Rename them away/),
    ])
  })

  it('the embedded store', async () => {
    const data = tempDir()
    const { code, stderr } = await runProgram(['migrate', '--cluster', 'main', '--data', data])
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/--cluster needs a ClickHouse server.*\n.*--store URL/),
    ])
  })
})

it('migrate --print --cluster shows the statements, each of which the parser of the engine accepts', async () => {
  const { code, stdout } = await runProgram(['migrate', '--print', '--cluster', "it's"])
  expect(code).toBe(0)
  const statements = stdout.split(/;$/m).map((sql) => sql.replaceAll(/^--.*$/gm, '').trim())
  for (const sql of statements.filter((text) => text !== '')) {
    const [row] = await store.query<{ text: string }>('SELECT formatQuery({sql:String}) AS text', { sql })
    expect(row?.text).toContain("ON CLUSTER `it's`")
  }
})
