import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createClassifier } from '../../src/interpret/classify.ts'
import { createInterpreter } from '../../src/interpret/interpret.ts'
import { loadRules } from '../../src/interpret/load-rules.ts'
import type { Rule } from '../../src/interpret/rule.ts'
import { Miner } from '../../src/interpret/template/miner.ts'
import { shortened, tellingLine } from '../../src/interpret/template/telling-line.ts'
import { chunkOf } from './chunk-of.ts'

const { rules } = loadRules([join(import.meta.dirname, '../../rules')])

function verdictsOf(lines: readonly string[], known: readonly Rule[] = rules) {
  const asked: string[] = []
  const miner = new Miner()
  const templateOf = (line: string) => {
    asked.push(line)
    return miner.learn(line).id
  }
  const interpret = createInterpreter({ formats: new Map(), classifier: createClassifier(known), templateOf })
  return { verdicts: interpret(chunkOf(lines)).verdicts, asked }
}

describe('template ids of events', () => {
  it.each([
    ['no rule explains', [], ''],
    ['only a general rule explains', rules.filter(({ general }) => general), 'signature'],
  ] as const)('are told of what %s', (_, known, kind) => {
    const { verdicts, asked } = verdictsOf(
      [
        'all is well',
        'frobnicator 7 failed to engage the sprockets',
        'frobnicator 9 failed to engage the sprockets',
        'sprocket cache: Permission denied',
      ],
      known,
    )
    expect(verdicts.map((verdict) => [verdict.row, verdict.kind])).toEqual(
      [1, 2, 3].map((row) => [row, kind || 'unknown']),
    )
    const [first, second, third] = verdicts.map(({ templateId }) => templateId)
    expect(first).toMatch(/^[0-9a-f]{16}$/)
    expect(second).toBe(first)
    expect(third).not.toBe(first)
    expect(asked).toHaveLength(3)
  })

  it('are not told of what a rule explains', () => {
    const { verdicts } = verdictsOf(['Error: Unable to find a match: nice-xdcv'])
    const rule = rules.find(({ id }) => id === verdicts[0]?.ruleId)
    expect([verdicts.length > 0, rule?.general, verdicts[0]?.templateId]).toEqual([true, false, undefined])
  })

  it('are made of the text without its secrets', () => {
    const { asked } = verdictsOf(['sprocket bind failed: password=hush-hush-12345'])
    expect(asked).toHaveLength(1)
    expect(asked[0]).not.toContain('hush')
  })
})

describe('the line that says most', () => {
  it('is the last one of a traceback, and the first of anything else', () => {
    expect(tellingLine('one line')).toBe('one line')
    expect(tellingLine('\n  \nfirst failed\n  at x')).toBe('first failed')
    expect(
      tellingLine(
        'Traceback (most recent call last):\n  File "x.py", line 7, in <module>\n    run()\nKeyError: \'x\'\n',
      ),
    ).toBe("KeyError: 'x'")
    expect(tellingLine('\n\n')).toBe('')
  })

  it('stands for a record that is too long to be shown', () => {
    const traceback = `Traceback (most recent call last):\n${'  File "x.py", line 7\n'.repeat(9)}KeyError: 'x'`
    expect(shortened(traceback, 300)).toBe(traceback)
    expect(shortened(traceback, 100)).toBe("KeyError: 'x'")
    expect(shortened('a very long line', 6)).toBe('a very')
  })
})
