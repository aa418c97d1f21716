import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createClassifier } from '../../src/interpret/classify.ts'
import { isEcho, type Rule } from '../../src/interpret/rule.ts'
import type { RowVerdict } from '../../src/model.ts'
import { benchOf, benignRows, chunkOf, classifyTexts, rulesOf } from './chunk-of.ts'

const RULES = rulesOf([
  { id: 'refused', match: { regex: 'connection refused by (?<host>\\S+)' }, captures: { host: 'host' } },
  { id: 'refused-too', match: { literal: ['refused by', 'rejected by'] }, echo: true },
  { id: 'other-files', match: { literal: 'connection refused' }, source: ['dcv-server'] },
  { id: 'not-here', match: { literal: 'connection refused' }, source: { not: ['generic'] } },
  { id: 'other-product', match: { literal: 'connection refused' }, source: { profiles: ['edh-26'] } },
  { id: 'harmless', benign: true, match: { all: [{ literal: 'refused by' }, { regex: 'test \\d+ of' }] } },
  { id: 'retired', status: 'deprecated', match: { literal: 'connection refused' } },
  { id: 'multi-line', match: { regex: '^Traceback: [^\\n]*\\n[^]*?^Disk full' }, milestone: 'failed' },
  { id: 'near', match: { literal: 'step halted', after: { literal: 'begin steps', lines: 2 } } },
  { id: 'code', match: { regex: '^code (?<code>\\d+)$', after: { literal: 'begin steps', lines: 3 } } },
  { id: 'end', match: { regex: '^end$', after: { literal: 'end', lines: 1 } } },
  { id: 'loud', match: { literal: 'step failed', level: ['error', 'fatal'] } },
])

const PARTS = [
  'connection refused by',
  'rejected by',
  ' host-1 ',
  '+ ',
  '++ echo ',
  'test 5 of',
  'Traceback: x',
  '\n',
  'Disk full',
  'begin steps',
  'step failed',
  'step halted',
  'code 17',
  'end',
  '',
  'é日',
  'not ours',
]

const text = fc.array(fc.constantFrom(...PARTS), { maxLength: 4 }).map((parts) => parts.join(''))

/** May the rule match this record at all, by its file, the records before it and its first characters? */
function admits(rule: Rule, texts: readonly string[], row: number): boolean {
  const { after, echo } = rule
  const before = texts.slice(Math.max(0, row - (after?.lines ?? 0)), row)
  const opened = after === undefined || before.some((line) => line.includes(after.literal))
  return opened && rule.appliesTo('generic', 'host') && (echo || !isEcho(texts[row] ?? ''))
}

/** What the definitions say, record by record, without needles: verdicts and rows of benign matches. */
function naive(rules: readonly Rule[], texts: readonly string[], level: number) {
  const verdicts: [number, string, unknown][] = []
  const benign = new Set<number>()
  for (const [row, record] of texts.entries()) {
    for (const rule of rules) {
      if (rule.status === 'deprecated' || !admits(rule, texts, row)) continue
      const captures = rule.match(record, level)
      if (captures && rule.kind === 'benign') benign.add(row)
      else if (captures) verdicts.push([row, rule.id, captures])
    }
  }
  return { verdicts, benign }
}

const brief = (verdicts: readonly RowVerdict[], shift = 0) =>
  verdicts.map(({ row, ruleId, captures }) => [row + shift, ruleId, captures])

describe('classify', () => {
  test('says what trying every rule on every record says, however the records are cut into chunks', () => {
    const bench = benchOf(RULES)
    const cases = fc.record({
      chunks: fc.array(fc.array(text, { maxLength: 8 }), { maxLength: 5 }),
      level: fc.nat(5),
    })
    fc.assert(
      fc.property(cases, ({ chunks, level }) => {
        const found: unknown[] = []
        const benign = new Set<number>()
        let state = {}
        let rows = 0
        for (const texts of chunks) {
          const file = bench.classifier.forFile({ source: 'generic', profile: 'host' })
          file.restore(JSON.parse(JSON.stringify(state)))
          found.push(...brief(classifyTexts(bench, file, texts, level), rows))
          for (const row of benignRows(file, texts, level)) benign.add(rows + row)
          state = file.state
          rows += texts.length
        }
        expect({ verdicts: found, benign }).toEqual(naive(RULES, chunks.flat(), level))
      }),
      { numRuns: 1500 },
    )
  })

  test('a verdict tells the rule, its kind and what was captured', () => {
    const bench = benchOf(RULES)
    const file = bench.classifier.forFile({ source: 'generic', profile: 'host' })
    expect(
      classifyTexts(bench, file, ['fine', 'connection refused by db-1', 'Traceback: a\nDisk full']),
    ).toEqual([
      {
        row: 1,
        kind: 'signature',
        ruleId: 'refused',
        ruleVersion: 1,
        severity: 'error',
        phase: 'setup',
        layer: 'product',
        captures: { host: 'db-1' },
      },
      expect.objectContaining({ row: 1, ruleId: 'refused-too', captures: {} }),
      expect.objectContaining({ row: 2, ruleId: 'multi-line', kind: 'milestone' }),
    ])
  })

  test('the text of a record is asked for only where a needle of a rule for this file lies in it', () => {
    const bench = benchOf(RULES)
    const asked: number[] = []
    const lines = [
      'fine',
      'step failed',
      'connection ref',
      'used by me',
      'begin steps',
      'x',
      'code 1',
      'y',
      'z',
    ]
    const chunk = chunkOf(lines, 'dcv-server')
    const count = bench.prefilter.scan(chunk.bytes, chunk.used)
    const reader = {
      text: (row: number) => {
        asked.push(row)
        return lines[row] ?? ''
      },
      level: () => 0,
      isEcho: () => false,
    }
    const { positions, needles } = bench.prefilter
    const file = bench.classifier.forFile({ source: 'dcv-server', profile: 'host' })
    file.classify(chunk, { positions, needles, count, base: bench.base }, reader, [])
    // Not row 0 for `near`, whose window is shut; row 1 for `loud`; rows 5 to 7 for `code`, which has no needle.
    expect(asked).toEqual([1, 5, 6, 7])
  })

  test('open windows are kept by rule, count down, and are forgotten when they close', () => {
    const bench = benchOf(RULES)
    const file = bench.classifier.forFile({ source: 'generic', profile: 'host' })
    classifyTexts(bench, file, ['begin steps'])
    expect(file.state).toEqual({ near: 2, code: 3 })
    classifyTexts(bench, file, ['x', 'y'])
    expect(file.state).toEqual({ code: 1 })
    expect(brief(classifyTexts(bench, file, ['code 17', 'code 18']))).toEqual([[0, 'code', { code: '17' }]])
    expect(file.state).toEqual({})
  })

  test('a rule without needle is tried where another rule has one that does not count', () => {
    const bench = benchOf(RULES)
    const file = bench.classifier.forFile({ source: 'generic', profile: 'host' })
    const verdicts = classifyTexts(bench, file, ['begin steps', 'x', 'y', 'code 17\nstep halted'])
    expect(brief(verdicts)).toEqual([[3, 'code', { code: '17' }]])
  })

  test('restoring puts every window as given; what makes no sense is shut or cut', () => {
    const bench = benchOf(RULES)
    const file = bench.classifier.forFile({ source: 'generic', profile: 'host' })
    file.restore({ near: 1, code: 99, refused: 5, gone: 3, toString: 2 })
    expect(file.state).toEqual({ near: 1, code: 3 })
    file.restore({ code: -1, near: Number.NaN })
    expect(file.state).toEqual({})
    expect(classifyTexts(bench, file, ['code 17'])).toEqual([])
  })

  test('a row is benign if a benign rule knows it, and is no echo', () => {
    const bench = benchOf(RULES)
    const file = bench.classifier.forFile({ source: 'generic', profile: 'host' })
    const lines = ['x', 'refused by test 5 of many', '+ refused by test 5 of many']
    classifyTexts(bench, file, lines)
    expect(benignRows(file, lines)).toEqual([1])
  })

  test('needles are listed once, those of deprecated rules not at all', () => {
    const rules = rulesOf([
      { id: 'a', match: { literal: 'the same words' } },
      { id: 'b', match: { literal: 'the same words', after: { literal: 'opens', lines: 1 } } },
      { id: 'c', match: { literal: 'retired words' }, status: 'deprecated' },
    ])
    expect(createClassifier(rules).needles).toEqual(['the same words', 'opens'])
  })
})
