import { describe, expect, test } from 'vitest'
import { createClassifier } from '../../src/interpret/classify.ts'
import { createInterpreter } from '../../src/interpret/interpret.ts'
import { chunkOf, rulesOf } from './chunk-of.ts'

const interpret = createInterpreter({
  formats: new Map(),
  classifier: createClassifier(
    rulesOf([{ id: 'no-match', match: { literal: 'Error: Unable to find a match: ' } }]),
  ),
})
const told = (...lines: string[]) =>
  interpret(chunkOf(lines)).verdicts.map(({ row, ruleId, kind }) => `${row} ${ruleId || kind}`)

describe('a record that must be repaired', () => {
  test('is searched as it is shown: colours within a phrase hide nothing', () => {
    expect(
      told('fine', '\u001b[1;31mError:\u001b[0m Unable to find a match: \u001b[1mlustre\u001b[0m'),
    ).toEqual(['1 no-match'])
    expect(told('\u001b[31mfai\u001b[0mled to \u001b[1mstart', 'fine')).toEqual(['0 unknown'])
  })

  test('has its secrets masked though colours stand within', () => {
    const { replaced } = interpret(chunkOf(['fine', 'pass\u001b[1mword=\u001b[0mHorse-battery7']))
    expect(replaced.get(1)).not.toContain('battery')
  })

  test('does not disturb the records around it', () => {
    const plain = 'Error: Unable to find a match: a'
    expect(told(plain, 'x\u0007y', plain, '\u001b[1mfine', plain)).toEqual([
      '0 no-match',
      '2 no-match',
      '4 no-match',
    ])
  })
})
