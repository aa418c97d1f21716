import { expect, it } from 'vitest'
import { newSeed } from '../support/kill-run.ts'
import { TailingProgram } from '../support/tailing-program.ts'

const seed = newSeed()

it(`whatever happens to twenty times three logs, the program stores every line once or tells (seed ${seed})`, {
  timeout: 300_000,
}, async ({ annotate }) => {
  const program = new TailingProgram(seed)
  for (let run = 0; run < 20; run++) await program.live()
  await annotate(await program.expectEveryLineOnce())
  expect(program.kills).toBeGreaterThan(0)
})
