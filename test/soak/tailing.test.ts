import { it } from 'vitest'
import { newSeed } from '../support/kill-run.ts'
import { TailingProgram } from '../support/tailing-program.ts'

const seed = newSeed()

it(`whatever happens to six hundred times three logs, the program stores every line once or tells (seed ${seed})`, async ({
  annotate,
}) => {
  for (let part = 0; part < 15; part++) {
    const program = new TailingProgram(seed + part)
    for (let run = 0; run < 40; run++) await program.live()
    await annotate(await program.expectEveryLineOnce())
  }
})
