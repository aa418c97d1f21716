import { appendFileSync, existsSync, renameSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { EACH_ONCE, FollowedLog, numberFaults, untiled } from '../support/followed-log.ts'
import { until } from '../support/program.ts'

const ROTATIONS = 50
const LINES = 5000

it('R3: ten rotations and fifty thousand lines a second: no line is lost or stored twice', {
  timeout: 180_000,
}, async () => {
  const log = new FollowedLog()
  await log.program.url()
  for (let round = 0; round < ROTATIONS; round++) {
    const numbers = Array.from({ length: LINES }, (_, i) => round * LINES + i)
    // The middle of a line is a bad moment for a rotation, so it is the one that is taken.
    const text = `${numbers.map((n) => `line ${n}`).join('\n')}\n`
    appendFileSync(log.path, text.slice(0, -4))
    const first = `${log.path}.1`
    for (let n = ROTATIONS; n > 0; n--) {
      if (existsSync(`${log.path}.${n}`)) renameSync(`${log.path}.${n}`, `${log.path}.${n + 1}`)
    }
    renameSync(log.path, first)
    appendFileSync(first, text.slice(-4))
    await sleep(100)
  }
  await until('the last line', async () => (await log.count(`line ${ROTATIONS * LINES - 1}`)) === 1, 60_000)
  const contents = await log.contents()
  expect(untiled(contents)).toEqual([])
  expect(numberFaults(contents.lines, ROTATIONS * LINES)).toEqual(EACH_ONCE)
  expect(contents.losses).toEqual([])
})
