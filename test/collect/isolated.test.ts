import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { defaultLocations } from '../../src/collect/discover.ts'
import { forgetfulFiles } from '../../src/collect/file-index.ts'
import { Follower } from '../../src/collect/follow.ts'
import type { Order, Report } from '../../src/collect/isolated/messages.ts'
import { answerOrders } from '../../src/collect/isolated/reading-process.ts'
import type { FileMemory } from '../../src/model.ts'
import { tempDir } from '../support/temp-dir.ts'
import { shippedKnowledge, someContext } from '../support/watched-tree.ts'

const LOGS = ['ann', 'bob', 'cleo'].map((user) => `var/log/dcv/dcv-xsession.${user}.log`)

/** Reads logs as the process does that reads a network file system; an order gives its answer. */
function reading(root: string) {
  const known = forgetfulFiles()
  const stop = new AbortController()
  let order: (order: Order<object>) => void = () => {}
  let answered: (report: Report) => void = () => {}
  const line = {
    send: (report: Report) => answered(report),
    onMessage: (take: typeof order) => {
      order = take
    },
  }
  answerOrders<object>(line, () => {
    const follower = new Follower({
      ...{ context: someContext(known), clock: systemClock, signal: stop.signal, maxHot: 8, isPolled: true },
      ...{ scanMs: 200, flushMs: 100, lineFlushMs: 400, onNotRead() {} },
      discover: defaultLocations(shippedKnowledge().layouts, root),
    })
    onTestFinished(() => follower.close())
    return { follower, known }
  })
  order({ kind: 'start', settings: {}, checkpoints: [] })
  const next = (memories: (Order<object> & { kind: 'next' })['memories']) =>
    new Promise<Report>((done) => {
      answered = done
      order({ kind: 'next', memories })
    })
  return { known, next }
}

it('an answer holds the chunks of several files, and each file goes on with the memory that comes back', async () => {
  const root = tempDir()
  for (const name of LOGS) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), 'first\nsecond\n')
  }
  const { known, next } = reading(root)
  const read = new Map<string, number>()
  const times = new Map<number, number>()
  const counts: number[] = []
  let memories: FileMemory[] = []
  while ([...read.values()].filter((bytes) => bytes === 'first\nsecond\n'.length).length < LOGS.length) {
    const report = await next(memories)
    const chunks = report.kind === 'several' ? report.chunks : []
    counts.push(chunks.length)
    memories = chunks.map(({ chunk, checkpoint }, i) => {
      const ts = 1000 * counts.length + i
      read.set(chunk.file.path, checkpoint.reader.offset)
      times.set(checkpoint.ino, ts)
      return { ts, tsQuality: 1, windows: {} }
    })
  }
  await next(memories)
  expect(Math.max(...counts)).toBeGreaterThan(1)
  for (const [ino, ts] of times) expect(known.byInode(ino)[0]?.memory.ts).toBe(ts)
})
