import { expect, it } from 'vitest'
import { startFront } from '../support/clickhouse-front.ts'
import { KillRun, newSeed } from '../support/kill-run.ts'
import { tempDir } from '../support/temp-dir.ts'

const seed = newSeed()

it(`two hundred kills: every line is stored once in the embedded engine (seed ${seed})`, async ({
  annotate,
}) => {
  const run = new KillRun(seed)
  await run.killProgram(200)
  await annotate(await run.expectEveryLineOnce(run.start()))
  expect(run.unsettled).toBeGreaterThan(0)
})

it(`a hundred kills of the program and of its server: every line is stored once (seed ${seed})`, async ({
  annotate,
}) => {
  const front = await startFront({ dataDir: tempDir() })
  const run = new KillRun(seed, front)
  try {
    await run.killProgramAndFront(front, 50)
    await annotate(await run.expectEveryLineOnce(run.start()))
    expect(run.unsettled).toBeGreaterThan(0)
  } finally {
    await front.stop()
  }
})
