import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { dataDir, lockDataDir } from '../../src/data-dir.ts'
import { startProgram } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'

it.each([['sessions'], ['alerts', 'list']])(
  'a service that is stuck does not keep who is told to stop: %s %s',
  async (...words) => {
    const server = createServer((socket) => socket.on('error', () => {}))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const dir = dataDir(tempDir())
    const lock = lockDataDir(dir)
    onTestFinished(() => {
      lock.release()
      server.close()
    })
    mkdirSync(dir.store, { recursive: true })
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    writeFileSync(dir.service, JSON.stringify({ url, pid: process.pid }))
    const program = startProgram([...words.filter((word) => word !== undefined), '--data', dir.path])
    await once(server, 'connection')
    expect(await program.stop()).toEqual({ code: 3, signal: null })
    expect(program.stderr()).toMatch(/^dcvlens: stopped before the service answered\n/)
  },
)
