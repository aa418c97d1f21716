import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runProgram } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'

describe('a data directory whose name is mistyped', () => {
  it.each([
    ['sessions'],
    ['ledger'],
    ['trends'],
    ['search', 'x'],
    ['timeline', 'ann/desk'],
    ['verify'],
    ['alerts', 'list'],
  ])('is told to who asks for %s, and is not made', async (...args) => {
    const data = join(tempDir(), 'dta')
    const { code, stdout, stderr } = await runProgram([...args, '--data', data])
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(
      /^dcvlens: nothing was stored from \S+\/dta: .+\n {2}Name the data directory .+\n$/,
    )
    expect(existsSync(data)).toBe(false)
  })
})

describe('where no log was found', () => {
  it.each([
    ['sessions'],
    ['trends'],
    ['signatures'],
    ['search', 'x'],
    ['rules', 'coverage'],
    ['diagnose', '--all'],
  ])('the answer to %s does not read as if all were well', async (...args) => {
    const data = join(tempDir(), 'data')
    await runProgram(['ingest', '--root', tempDir(), '--data', data])
    const { code, stderr } = await runProgram([...args, '--data', data])
    expect([code, stderr]).toEqual([0, expect.stringMatching(/The store has no line yet\. .*dcvlens doctor/)])
  })

  it('the coverage of a folder says so', async () => {
    const { stderr } = await runProgram(['rules', 'coverage', tempDir()])
    expect(stderr).toMatch(/^No logs here/)
  })
})
