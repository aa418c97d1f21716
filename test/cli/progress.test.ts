import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Progress } from '../../src/cli/progress.ts'
import { systemClock } from '../../src/clock.ts'
import { someChunk } from '../support/chunks.ts'
import { programIo } from '../support/program-io.ts'
import { tempDir } from '../support/temp-dir.ts'

/** What is shown after each piece of so many bytes, read in so many seconds, of a file of 1,000 bytes. */
function shown(pieces: readonly (readonly [bytes: number, seconds: number])[], bytes = 1000): string[] {
  const path = join(tempDir(), 'x.log')
  writeFileSync(path, 'x'.repeat(bytes))
  const told: string[] = []
  let nowMs = 0
  const clock = { ...systemClock, nowMs: () => nowMs }
  const io = { ...programIo(clock), errIsTerminal: true, err: (text: string) => void told.push(text) }
  const progress = new Progress(io, { found: [{ path }], bundles: [] })
  let offset = 0
  for (const [length, seconds] of pieces) {
    nowMs += seconds * 1000
    progress.read(someChunk([{ message: 'x'.repeat(length - 1) }], { offset }).records)
    offset += length
  }
  return told
}

it('the time that is left is told as soon as it can be estimated', () => {
  const told = shown([
    [5, 5],
    [245, 5],
    [250, 10],
  ])
  expect(told[0]).not.toContain('left')
  expect(told[1]).toMatch(/25 % .* about 30 s left$/)
  expect(told[2]).toMatch(/50 % .* about 20 s left$/)
})

it('nothing is told of the rest after a second, or of files without a size', () => {
  expect(shown([[500, 1]])[0]).not.toContain('left')
  const [unsized = ''] = shown([[500, 5]], 0)
  expect(unsized).not.toMatch(/%|left/)
})
