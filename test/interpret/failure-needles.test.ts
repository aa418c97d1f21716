import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createClassifier } from '../../src/interpret/classify.ts'
import { FAILURE_SHAPES, FAILURE_WORDS, failureSign } from '../../src/interpret/failure-words.ts'
import { createInterpreter } from '../../src/interpret/interpret.ts'
import { alternativesOf, parsePattern, type RegexElement } from '../../src/interpret/regex-tree.ts'
import { chunkOf } from './chunk-of.ts'

const interpret = createInterpreter({ formats: new Map(), classifier: createClassifier([]) })

/** Is the record, between others, told of as a failure that nobody knows? */
function isTold(record: string): boolean {
  return interpret(chunkOf(['ready', record, 'ready'])).verdicts.some(({ row }) => row === 1)
}

/** Texts that the expression matches, except for what its assertions say. */
function matching(source: string, flags: string): fc.Arbitrary<string> {
  const choices = parsePattern(source, flags).alternatives.map(({ elements }) => sequence(elements))
  return fc.oneof(...choices)
}

function sequence(elements: readonly RegexElement[]): fc.Arbitrary<string> {
  return fc.tuple(...elements.map(element)).map((parts) => parts.join(''))
}

function element(node: RegexElement): fc.Arbitrary<string> {
  switch (node.type) {
    case 'Character':
      return fc.constant(String.fromCodePoint(node.value))
    case 'Group':
    case 'CapturingGroup':
      return fc.oneof(...node.alternatives.map(({ elements }) => sequence(elements)))
    case 'Quantifier':
      return fc
        .array(element(node.element), { minLength: node.min, maxLength: Math.min(node.max, node.min + 2) })
        .map((parts) => parts.join(''))
    case 'CharacterClass':
    case 'CharacterSet':
      return fc.constantFrom(...PRINTABLE.filter((character) => new RegExp(`^${node.raw}$`).test(character)))
    default:
      return fc.constant('')
  }
}

const PRINTABLE = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i))

const SHAPES = FAILURE_SHAPES.flatMap(({ source, flags }) =>
  alternativesOf(source).map((one) => ({ source: one, flags })),
)
const WORDS = FAILURE_WORDS.flatMap(alternativesOf).map((one) => ({ source: one, flags: 'i' }))

/** In small letters, in capitals, and as a title; as it is where case matters. */
const spelled = (text: string, flags: string) =>
  flags.includes('i')
    ? fc.constantFrom(
        text,
        text.toLowerCase(),
        text.toUpperCase(),
        text.charAt(0).toUpperCase() + text.slice(1),
      )
    : fc.constant(text)

const before = fc.constantFrom(
  '',
  ' ',
  'the wombat ',
  'x: ',
  '(',
  '[',
  '"',
  '“',
  '‹é› ',
  '|',
  '7',
  '=',
  'Jan 5 ',
)
const after = fc.constantFrom('', '.', ' ', ' 7', ': x', ')', ']', '!', ',', '”', ' é', ';', '\t', '=', "'")

describe('failure needles', () => {
  test('no text that its words call a failure is passed over', () => {
    let failures = 0
    const cases = fc
      .constantFrom(...WORDS, ...SHAPES)
      .chain(({ source, flags }) => matching(source, flags).chain((text) => spelled(text, flags)))
    fc.assert(
      fc.property(before, cases, after, (head, text, tail) => {
        const record = head + text + tail
        if (record.trim() === '' || failureSign(record) === undefined) return
        failures++
        expect(isTold(record), record).toBe(true)
      }),
      { numRuns: 5000 },
    )
    expect(failures).toBeGreaterThan(2000)
  })

  test.each([
    'the wombat faulted',
    'WOMBAT FAULTED',
    'E: wombat 7',
    'W: wombat 7',
    'E! [wombat] 7',
    'F! [wombat] 7',
    ' ! wombat',
    'BUG: wombat',
    'FAIL wombat',
    'fail: wombat',
    'Err:4 http://wombat.example.com stable Release',
    'Fail: wombat',
    'the wombat hung',
    'THE WOMBAT DIED',
    'wombat=fail',
    '"result":"fail"',
    '[FAIL] wombat',
    'npm ERR! wombat',
    'WOMBAT COULD NOT BE FED',
    'Wombat Is Stuck',
    'wombat returned 7',
    'wombat (exit status 7)',
    'WOMBAT EXITED WITH CODE 7',
    '\u001b[31mE: wombat 7\u001b[0m',
  ])('%s', (record) => {
    expect(isTold(record)).toBe(true)
  })

  test.each([
    'the wombat is fed',
    'E:\\wombat\\7.txt is read',
    'Erwin has a wombat',
    'wombat returned 0',
    'prefatal wombats',
    'default: wombat',
  ])('not %s', (record) => {
    expect(isTold(record)).toBe(false)
  })
})
