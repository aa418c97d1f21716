import { readdirSync, readlinkSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { openServer, type Store } from '../../src/store/client.ts'
import { migrate } from '../../src/store/migrate.ts'
import { type Front, startFront } from '../support/clickhouse-front.ts'
import { LogWriter } from '../support/log-writer.ts'
import { committedFiles, runProgram, until } from '../support/program.ts'
import { type Service, startService } from '../support/service.ts'
import { tempDir } from '../support/temp-dir.ts'
import { readStore, storeFaults } from '../support/tiling.ts'

const TIMEOUT_MS = 240_000

async function someServer(): Promise<{ front: Front; store: Store }> {
  const front = await startFront({ dataDir: tempDir() })
  onTestFinished(() => front.stop())
  const store = openServer(front.url)
  onTestFinished(() => store.close())
  await migrate(store)
  return { front, store }
}

/** Logs that grow until the writer is stopped. */
function growing(root: string): LogWriter & { stop(): void } {
  const writer = new LogWriter(root, 7)
  const writing = setInterval(() => writer.step(), 5)
  const stop = () => {
    clearInterval(writing)
    writer.finish()
  }
  onTestFinished(stop)
  return Object.assign(writer, { stop })
}

async function expectEveryLineOnce(
  writer: ReturnType<typeof growing>,
  service: Service,
  front: Front,
): Promise<void> {
  writer.stop()
  const known = () => new Map(committedFiles(service.data).map((file) => [file.ino, file]))
  const offset = (ino: number) => known().get(ino)?.reader.offset
  const isAll = () => writer.files.every(({ ino, content }) => offset(ino) === content.length)
  await until('everything is stored', isAll, 60_000)
  await service.stop()
  const { lines } = await readStore({ url: front.url })
  const written = writer.files.map((file) => {
    const { fileId = 'none', generation = 0 } = known().get(file.ino) ?? {}
    return { ...file, fileId, generation }
  })
  expect(storeFaults(lines, written)).toEqual([])
  expect(lines.length).toBeGreaterThan(100)
}

describe('R33: a store with trouble of every kind', { timeout: TIMEOUT_MS }, () => {
  it('loses no line and stores none twice, and goes on each time', async () => {
    const { front, store } = await someServer()
    const { control } = front
    const root = tempDir()
    const writer = growing(root)
    const service = await startService({ store, root })
    const met = async (count: number) =>
      until(`${count} faults`, async () => (await control.counters()).faults >= count)
    const stored = async () => {
      const before = service.troubles.length
      const { inserts } = await control.counters()
      await until('three more batches', async () => (await control.counters()).inserts >= inserts + 3)
      return service.troubles.length - before
    }
    await stored()
    let faults = 0
    for (const [name, count] of [
      ['errors', 3],
      ['cutBefore', 2],
      ['cutAfter', 2],
    ] as const) {
      const troubles = service.troubles.length
      await control[name](count)
      faults += count
      await met(faults)
      await stored()
      expect([name, service.troubles.length - troubles]).toEqual([name, count])
    }
    await control.refuse()
    await until('it is tried again', () => service.inserter.state.kind === 'retrying')
    await control.heal()
    await stored()
    await control.hang(1)
    await met(faults + 1)
    await control.heal()
    await stored()
    await control.hang(1)
    await met(faults + 2)
    await front.kill()
    await until('it is tried again', () => service.inserter.state.kind === 'retrying')
    await front.restart()
    await stored()
    await control.slow(100)
    await stored()
    await control.heal()
    await expectEveryLineOnce(writer, service, front)
  })

  it('R18: makes reading stop when the journal is full, and what was not read is read later', async () => {
    const { front, store } = await someServer()
    const root = tempDir()
    const writer = growing(root)
    const clock = {
      ...systemClock,
      sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(ms / 100, signal),
    }
    const service = await startService({ store, root, clock, maxPendingBytes: 512 * 1024 })
    await until('something is stored', () => committedFiles(service.data).length > 0)
    await front.control.refuse()
    const unread = () => {
      const offsets = new Map(committedFiles(service.data).map((file) => [file.ino, file.reader.offset]))
      return writer.files.reduce((sum, { ino, content }) => sum + content.length - (offsets.get(ino) ?? 0), 0)
    }
    let most = 0
    for (const target of [1, 2, 3, 4]) {
      await until(`${target} MB wait`, () => {
        for (let i = 0; i < 20; i++) writer.step()
        most = Math.max(most, service.journalBytes())
        return unread() > target * 1_000_000
      })
    }
    // The bound, one batch more, and what a batch grows by before it is full.
    expect(service.inserter.pendingBytes).toBeGreaterThan(512 * 1024)
    expect(most).toBeLessThan(1.5 * 1024 * 1024)
    await front.control.heal()
    await expectEveryLineOnce(writer, service, front)
  })

  it('leaves no descriptor open, however often a batch is tried', async () => {
    const { front, store } = await someServer()
    const root = tempDir()
    growing(root)
    const clock = { ...systemClock, sleep: () => systemClock.sleep(1) }
    const service = await startService({ store, root, clock })
    await until('something is stored', () => committedFiles(service.data).length > 0)
    for (const away of [() => front.control.refuse(), () => front.kill()]) {
      await away()
      const before = service.troubles.length
      await until('fifty tries', () => service.troubles.length >= before + 50)
      expect(openBelow(service.data).length).toBeLessThan(10)
    }
    await front.restart()
    await until('it goes on', () => service.inserter.state.kind === 'storing')
    await service.stop()
  })
})

describe('a store that is away when the program starts', () => {
  it('is named, with what to do, and exit code 3', async () => {
    const { code, stderr } = await runProgram([
      'ingest',
      ...['--root', tempDir(), '--data', tempDir(), '--store', 'http://127.0.0.1:9'],
    ])
    expect([code, stderr]).toEqual([3, expect.stringContaining('the store does not answer')])
    expect(stderr).not.toContain('fault of dcvlens')
  })
})

function openBelow(folder: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`)
      return target.startsWith(folder) ? [target] : []
    } catch {
      return []
    }
  })
}
