import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runProgram, startProgram, until } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'

/** A server that takes every connection and never says a word; gives its address, with a password. */
async function silentStore(): Promise<string> {
  const server = createServer((socket) => socket.on('error', () => {}))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://ann:hidden@127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe('a store that takes the connection and never answers', () => {
  it('is waited for by what asks it, with a word, and given up soon', async () => {
    const store = await silentStore()
    const rules = join(import.meta.dirname, '..', '..', 'rules')
    const begin = Date.now()
    const runs = [
      ['sessions'],
      ['rules', 'backtest', join(rules, 'signatures', 'dcv', 'agent.yaml')],
      ['alerts', 'test', join(rules, 'alerts', 'failures.yaml')],
    ].map((words) => runProgram([...words, '--store', store, '--data', tempDir()]))
    for (const { code, stdout, stderr } of await Promise.all(runs)) {
      expect([code, stdout]).toEqual([3, ''])
      expect(stderr).toMatch(/^waiting for the store http:\/\/ann@127\.0\.0\.1:\d+\/ /)
      expect(stderr).toMatch(/^dcvlens: the store .+ does not answer: nothing came in 15 s$/m)
      expect(stderr).toContain('Check that ClickHouse runs there')
      expect(stderr).not.toContain('hidden')
    }
    expect(Date.now() - begin).toBeLessThan(30_000)
  }, 60_000)

  it('does not keep a question that is told to stop', async () => {
    const program = startProgram(['sessions', '--store', await silentStore(), '--data', tempDir()])
    await until('it waits', () => program.stderr().includes('waiting'))
    expect(await program.stop()).toEqual({ code: 3, signal: null })
    expect(program.stderr()).toContain('stopped before the store answered')
  })
})
