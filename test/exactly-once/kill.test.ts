import { describe, expect, it } from 'vitest'
import { startFront } from '../support/clickhouse-front.ts'
import { KillRun, newSeed } from '../support/kill-run.ts'
import { until } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'

const seed = newSeed()
const TIMEOUT_MS = 240_000

/** A run of kills against a server that the test controls. */
async function withFront(
  use: (front: Awaited<ReturnType<typeof startFront>>, run: KillRun) => Promise<void>,
): Promise<void> {
  const front = await startFront({ dataDir: tempDir() })
  try {
    await use(front, new KillRun(seed, front))
  } finally {
    await front.stop()
  }
}

describe('R12, R13: the program, killed at random moments and started again', () => {
  it(`stores every line once in the embedded engine (seed ${seed})`, { timeout: TIMEOUT_MS }, async ({
    annotate,
  }) => {
    const run = new KillRun(seed)
    await run.killProgram(12)
    await annotate(await run.expectEveryLineOnce(run.start()))
  })

  it(`stores every line once in a server that is killed too (seed ${seed})`, { timeout: TIMEOUT_MS }, async ({
    annotate,
  }) => {
    await withFront(async (front, run) => {
      await run.killProgramAndFront(front, 3)
      await annotate(await run.expectEveryLineOnce(run.start()))
    })
  })

  it('ends an insert that still runs at the server before it stores its batch', {
    timeout: TIMEOUT_MS,
  }, async () => {
    await withFront(async (front, run) => {
      const program = run.start()
      await program.url()
      await front.control.hang(1)
      await until('an insert hangs', async () => (await front.control.counters()).faults === 1)
      await run.kill(program)
      expect(run.unsettled).toBe(1)
      const next = run.start()
      await next.url()
      await front.control.heal()
      await run.expectEveryLineOnce(next)
    })
  })

  it('settles a batch that the server has, though no answer said so before the kill', {
    timeout: TIMEOUT_MS,
  }, async () => {
    await withFront(async (front, run) => {
      const program = run.start()
      await program.url()
      await front.control.cutAfter(1)
      await until('an insert is cut off', async () => (await front.control.counters()).faults === 1)
      // Within the first pause before it is tried again.
      await run.kill(program)
      await run.expectEveryLineOnce(run.start())
    })
  })
})
