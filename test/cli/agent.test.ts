import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { startFront } from '../support/clickhouse-front.ts'
import { committedFiles, type Program, runProgram, startProgram, until } from '../support/program.ts'
import { SAMPLE_FILES, SERVER_LOG, writeSampleCluster } from '../support/sample-cluster.ts'
import { tempDir } from '../support/temp-dir.ts'

const TIMEOUT_MS = 120_000
const total = Object.values(SAMPLE_FILES).reduce((sum, { length }) => sum + length, 0)

/** An agent on a machine of this name. */
function startAgent(machine: string, store: string): { readonly program: Program; readonly data: string } {
  const folder = tempDir()
  const [root, data, config] = ['root', 'data', 'settings.yaml'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  writeSampleCluster(root)
  writeFileSync(config, `machine: ${machine}\nbatchMs: 100\nscanMs: 200\nflushMs: 100\nlogLevel: warn\n`)
  const where = ['--root', root, '--data', data, '--config', config, '--store', store]
  return { program: startProgram(['agent', ...where]), data }
}

describe('agents', { timeout: TIMEOUT_MS }, () => {
  it('of two machines with the same logs store each of them, by the names of the machines', async () => {
    const front = await startFront({ dataDir: tempDir() })
    onTestFinished(() => front.stop())
    const agents = [startAgent('ip-10-0-0-1', front.url), startAgent('ip-10-0-0-2', front.url)]
    for (const { program, data } of agents) {
      const stored = () => committedFiles(data).reduce((sum, { reader }) => sum + reader.offset, 0)
      await until('all is stored', () => program.isOver || stored() === total, 60_000)
      expect(await program.stop()).toEqual({ code: 0, signal: null })
      expect(program.stderr()).toBe('')
      expect(existsSync(join(data, 'store'))).toBe(false)
    }
    const body = `SELECT host, uniqExact(file_id) AS files, max(offset + length) AS size FROM dcvlens.lines
      WHERE file = '${SERVER_LOG}' GROUP BY host ORDER BY host FORMAT JSONCompactEachRow`
    const answer = await fetch(front.url, { method: 'POST', body })
    const rows = (await answer.text()).trim().split('\n')
    const size = SAMPLE_FILES[SERVER_LOG]?.length
    expect(rows.map((row) => (JSON.parse(row) as unknown[]).map(String))).toEqual([
      ['ip-10-0-0-1', '1', `${size}`],
      ['ip-10-0-0-2', '1', `${size}`],
    ])
    const { stdout } = await runProgram(['search', 'DCV server started', '--json', '--store', front.url])
    const ids = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { event_id: string }).event_id)
    expect(new Set(ids).size).toBe(2)
  })

  it('need a server to write to', async () => {
    const { code, stderr } = await runProgram(['agent', '--data', tempDir()])
    expect([code, stderr]).toEqual([
      2,
      expect.stringContaining('Name it with --store http://USER:PASSWORD@HOST:8123'),
    ])
  })
})
