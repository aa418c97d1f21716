import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { startFront } from '../support/clickhouse-front.ts'
import { runProgram } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'

const TABLES = ['lines', 'events', 'losses']

it('migrate makes the tables of the embedded store once', async () => {
  const data = join(tempDir(), 'data')
  const migrate = async () => {
    const { code, stdout, stderr } = await runProgram(['migrate', '--data', data])
    return [code, stdout, stderr]
  }
  expect(await migrate()).toEqual([0, expect.stringMatching(/^applied: 0001-tables\.sql.*\n$/), ''])
  expect(await migrate()).toEqual([0, 'the schema is up to date\n', ''])
  expect(existsSync(join(data, 'lock'))).toBe(false)
  const { code, stdout } = await runProgram(['search', 'x', '--json', '--data', data])
  expect([code, stdout]).toEqual([0, ''])
})

it('migrate makes the tables of a server once, and a newer schema is left alone', async () => {
  const front = await startFront({ dataDir: tempDir() })
  onTestFinished(() => front.stop())
  const migrate = () => runProgram(['migrate', '--store', front.url, '--data', tempDir()])
  expect(await migrate()).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^applied: 0001-tables\.sql/),
  })
  const { inserts } = await front.control.counters()
  expect(await migrate()).toMatchObject({ code: 0, stdout: 'the schema is up to date\n' })
  expect((await front.control.counters()).inserts).toBe(inserts)
  const newer = "INSERT INTO dcvlens.schema_migrations (version, name) VALUES (9000, '9000-later.sql')"
  const { ok } = await fetch(front.url, { method: 'POST', body: newer })
  expect(ok).toBe(true)
  const { code, stdout, stderr } = await migrate()
  expect([code, stdout]).toEqual([3, ''])
  expect(stderr).toMatch(
    /^dcvlens: the store has schema 9000, this program knows \d+\n {2}Use the newer dcvlens .*\n$/,
  )
})

it('migrate --print shows the SQL and touches nothing', async () => {
  const data = join(tempDir(), 'data')
  const { code, stdout, stderr } = await runProgram(['migrate', '--print', '--data', data])
  expect([code, stderr]).toEqual([0, ''])
  for (const table of TABLES) expect(stdout).toContain(`CREATE TABLE IF NOT EXISTS dcvlens.${table}\n`)
  expect(existsSync(data)).toBe(false)
})

it('migrate --json tells what it did, or would do, as NDJSON', async () => {
  const data = join(tempDir(), 'data')
  const migrate = async (...args: string[]) => {
    const { stdout } = await runProgram(['migrate', '--json', '--data', data, ...args])
    return stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  }
  const steps = await migrate('--print')
  expect(steps[0]).toEqual({ version: 1, name: '0001-tables.sql', sql: expect.any(String) })
  const applied = steps.map(({ name }) => name)
  expect(await migrate()).toEqual([{ version: 10, applied }])
  expect(await migrate()).toEqual([{ version: 10, applied: [] }])
})
