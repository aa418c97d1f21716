import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runProgram } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'

describe('a data directory whose name is mistyped', () => {
  it.each([['sessions'], ['ledger'], ['trends'], ['search', 'x'], ['timeline', 'ann/desk'], ['verify']])(
    'is told to who asks for %s, and is not made',
    async (...args) => {
      const data = join(tempDir(), 'dta')
      const { code, stdout, stderr } = await runProgram([...args, '--data', data])
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toMatch(
        /^dcvlens: nothing was stored from \S+\/dta: .+\n {2}Name the data directory .+\n$/,
      )
      expect(existsSync(data)).toBe(false)
    },
  )
})
