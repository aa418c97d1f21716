import { expect, test } from 'vitest'
import { createClassifier } from '../../src/interpret/classify.ts'
import { createInterpreter } from '../../src/interpret/interpret.ts'
import { chunkOf, rulesOf } from './chunk-of.ts'

const RULES = rulesOf([
  { id: 'denied', general: true, match: { literal: 'ermission denied' } },
  { id: 'open', general: true, severity: 'warning', match: { regex: '(?:to|not) open (?<path>/\\S+)' } },
  { id: 'anything', general: true, match: { regex: '[Ff]ailed$' } },
  { id: 'widget', match: { literal: 'open /dev/widget' } },
  { id: 'fine', benign: true, match: { literal: 'open /dev/none' } },
])
const interpret = createInterpreter({ formats: new Map(), classifier: createClassifier(RULES) })

/** What is told of each text. */
function told(...texts: string[]): string[] {
  const { verdicts } = interpret(chunkOf(texts))
  return verdicts.map(({ row, kind, ruleId, severity }) => `${row} ${kind} ${ruleId} ${severity}`)
}

test('a general rule names the kind of a failure that no other rule knows', () => {
  expect(told('tool: cannot unlink: Permission denied', 'tool: cannot unlink it')).toEqual([
    '0 signature denied error',
    '1 unknown  error',
  ])
})

test('the first general rule counts, in the order of the set', () => {
  expect(told('failed to open /etc/x: Permission denied')).toEqual(['0 signature denied error'])
})

test('a general rule about a part, which names a phase, comes before those about any text', () => {
  const ordered = rulesOf([
    { id: 'denied', general: true, match: { literal: 'ermission denied' }, phase: undefined },
    { id: 'widget', general: true, match: { literal: 'widget: ' }, phase: 'setup' },
  ])
  const ask = createInterpreter({ formats: new Map(), classifier: createClassifier(ordered) })
  const { verdicts } = ask(
    chunkOf(['widget: cannot open x: Permission denied', 'cannot open x: Permission denied']),
  )
  expect(verdicts.map(({ ruleId }) => ruleId)).toEqual(['widget', 'denied'])
})

test('a rule that knows the failure itself leaves a general one nothing to say', () => {
  expect(told('failed to open /dev/widget: Permission denied')).toEqual(['0 signature widget error'])
})

test('a general rule is asked of nothing that looks like no failure', () => {
  expect(told('to open /etc/x takes long', 'failed to open /dev/none')).toEqual([])
})

test('neither the rule nor the words make it graver than the other', () => {
  expect(told('failed to open /etc/x', 'failed to open /etc/x, retrying', 'Retrying: it failed')).toEqual([
    '0 signature open warning',
    '1 signature open warning',
    '2 signature anything warning',
  ])
})

test('a general rule captures like any other', () => {
  expect(interpret(chunkOf(['failed to open /etc/x'])).verdicts[0]?.captures).toEqual({ path: '/etc/x' })
})
