import { execFileSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { NOBODY, runProgram, startProgram, until } from '../support/program.ts'
import { jsonLines, NODE_LOG, SERVER_LOG, writeLog, writeSampleCluster } from '../support/sample-cluster.ts'
import { tempDir } from '../support/temp-dir.ts'

/** Each test runs the program several times. */
const TIMEOUT_MS = 240_000
const AGENT_LOG = '/var/log/dcv/agent.log'
const CLOSED = '/var/log/sssd'

/** A cluster with a FIFO for a log, and a folder that nobody can look into. */
function someTree(): string {
  const root = join(tempDir(), 'root')
  writeSampleCluster(root)
  execFileSync('mkfifo', [join(root, AGENT_LOG)])
  symlinkSync('x'.repeat(300), join(root, CLOSED))
  return root
}

async function ledger(args: readonly string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await runProgram(['ledger', '--json', ...args])
  expect([code, stderr]).toEqual([0, ''])
  return jsonLines(stdout)
}

const unread = (file: string, reason: string, detail: string) =>
  expect.objectContaining({
    ...{ file, rows: 0, bytes: 0, lost_bytes: 0, loss_count: 1 },
    losses: [expect.objectContaining({ reason, offset: 0, length: 0, detail })],
  })

describe('the ledger', { timeout: TIMEOUT_MS }, () => {
  it('has files of which nothing can be read once, however often they are met', async () => {
    const root = someTree()
    const args = ['--root', root, '--data', join(dirname(root), 'data')]
    for (const lines of [expect.any(Number), 0]) {
      const { code, stdout } = await runProgram(['ingest', '--json', ...args])
      expect([code, jsonLines(stdout)]).toEqual([0, [expect.objectContaining({ lines })]])
    }
    const rows = await ledger(args)
    expect(rows).toHaveLength(3)
    expect(rows).toEqual(
      expect.arrayContaining([
        unread(AGENT_LOG, 'not-a-file', 'a FIFO'),
        unread(CLOSED, 'unreadable', 'cannot be read (ENAMETOOLONG)'),
        expect.objectContaining({
          file: NODE_LOG,
          losses: [expect.objectContaining({ reason: 'invalid-bytes' })],
        }),
      ]),
    )
    expect(await ledger(['--reason', 'not-a-file', ...args])).toHaveLength(1)
    expect(await ledger([SERVER_LOG, '--all', ...args])).toEqual([
      expect.objectContaining({ file: SERVER_LOG, rows: 4, loss_count: 0, losses: [] }),
    ])
    const { stdout } = await runProgram(['ledger', AGENT_LOG, ...args])
    expect(stdout).toMatch(
      /^\/var\/log\/dcv\/agent\.log\n {2}nothing is stored\n {2}.+ {2}not-a-file +a FIFO\n$/,
    )
    expect(await runProgram(['ledger', '/nowhere', ...args])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^dcvlens: nothing is known of \/nowhere: /),
    })
    expect(await runProgram(['ledger', SERVER_LOG, ...args])).toMatchObject({
      ...{ code: 0, stdout: '', stderr: 'no losses\n' },
    })
    expect(await runProgram(['ledger', '--reason', 'foo', ...args])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^dcvlens: --reason must be one of truncated, vanished, unreadable, /),
    })
  })

  it('has what the service cannot read, as the service and its API tell', async () => {
    const root = someTree()
    const args = ['--root', root, '--data', join(dirname(root), 'data')]
    const service = startProgram(['serve', ...args, '--port', '0'])
    const url = await service.url()
    await until('both are told', async () => (await ledger(args)).length === 3)
    const { items, next } = (await (await fetch(`${url}/api/v1/ledger?limit=2`)).json()) as {
      items: unknown[]
      next: string
    }
    expect(items).toHaveLength(2)
    const rest = await fetch(`${url}/api/v1/ledger?limit=2&cursor=${next}`)
    expect(await rest.json()).toEqual({ items: [expect.any(Object)] })
    expect(await (await fetch(`${url}/api/v1/ledger?reason=bogus`)).json()).toMatchObject({
      ...{ status: 400, detail: expect.stringContaining('reason must be one of truncated, ') },
    })
    const status = (await (await fetch(`${url}/api/v1/status`)).json()) as Record<string, unknown>
    expect(status['not_read']).toMatchObject({ count: 2 })
    expect(await service.stop()).toMatchObject({ code: 0 })
  })

  it.runIf(NOBODY.uid !== undefined)('has a log without permission', async () => {
    const root = join(tempDir(), 'root')
    const log = writeLog(join(root, SERVER_LOG), 'secret\n')
    const data = join(dirname(root), 'data')
    execFileSync('chmod', ['600', log])
    execFileSync('chmod', ['777', dirname(root)])
    const args = ['--root', root, '--data', data]
    expect((await runProgram(['ingest', ...args], NOBODY)).code).toBe(0)
    expect(await ledger(args)).toEqual([unread(SERVER_LOG, 'unreadable', 'cannot be read (EACCES)')])
  })
})
