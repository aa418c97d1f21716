import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ScanFindings } from '../../src/cli/scan-findings.ts'
import type { RowVerdict } from '../../src/model.ts'
import { someChunk, someFile } from '../support/chunks.ts'

const START_US = Date.UTC(2026, 2, 4, 10) * 1000
const verdict = (row: number): RowVerdict => ({
  ...{ row, kind: 'signature', ruleId: 'broken', ruleVersion: 1, severity: 'error' },
  ...{ phase: '', layer: '', captures: {} },
})

/** A file in which the same failure stands at these seconds. */
function written(path: string, source: string, seconds: readonly number[]) {
  const file = { ...someFile, path, source, fileId: Buffer.from(path).toString('hex').slice(-16) }
  const rows = seconds.map((second) => ({ message: 'broken', ts: START_US + second * 1_000_000 }))
  return someChunk(rows, { file, verdicts: rows.map((_, row) => verdict(row)) })
}

it('an extract of two logs is told as their other place, even if it was read first', () => {
  const found = new ScanFindings()
  found.add(written('/a/bootstrap_ERROR.log', 'bootstrap-level', [1, 2, 3]))
  found.add(written('/a/01.log', 'setup', [1]))
  found.add(written('/a/02.log', 'setup', [2, 3]))
  expect(found.findings.map(({ file, count, copies }) => [file.path, count, copies])).toEqual([
    ['/a/01.log', 1, ['/a/bootstrap_ERROR.log']],
    ['/a/02.log', 2, ['/a/bootstrap_ERROR.log']],
  ])
})

it('of each happening as many count as the file with most of them holds', () => {
  const files = fc.array(fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 8 }), {
    maxLength: 4,
  })
  fc.assert(
    fc.property(files, (all) => {
      const found = new ScanFindings()
      for (const [index, seconds] of all.entries()) found.add(written(`/a/${index}.log`, 'setup', seconds))
      const most = [0, 1, 2, 3, 4].map((second) =>
        Math.max(0, ...all.map((seconds) => seconds.filter((one) => one === second).length)),
      )
      const counts = found.findings.map(({ count }) => count)
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(most.reduce((sum, count) => sum + count, 0))
    }),
  )
})
