import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { draftFrom } from '../../src/interpret/draft.ts'
import { explainRecord } from '../../src/interpret/explain.ts'
import { lint } from '../../src/interpret/lint.ts'
import { loadRules } from '../../src/interpret/load-rules.ts'
import { remedySteps } from '../../src/interpret/rule-description.ts'
import { changedUnderLock, logicOf, versionOf } from '../../src/interpret/rule-logic.ts'
import { AnyRule, ruleJsonSchema } from '../../src/interpret/rule-schema.ts'
import { ORDINARY, rulesOf } from './chunk-of.ts'

const shipped = loadRules([join(import.meta.dirname, '../../rules')])

const STORY = [{ events: [{ rule: 'b', at: '0s' }], until: '1h' }]
const STORIES = { match: STORY, no_match: STORY }

/** Findings on the rules, as `id weight message`. */
function findings(parts: readonly Record<string, unknown>[]) {
  const rules = rulesOf(parts)
  return lint({ ...shipped, rules, correlations: [] }, new Set(rules.map(({ id }) => id))).map(
    ({ id, weight, message }) => `${id} ${weight} ${message}`,
  )
}
const samples = (match: unknown[], noMatch: unknown[] = ['mount of x worked']) => ({
  samples: { match, no_match: noMatch },
})

describe('lint', () => {
  const mount = { id: 'mount', match: { literal: 'mount of ' }, ...samples(['mount of /apps failed']) }

  test('finds a rule whose samples all belong to another one', () => {
    const narrow = { ...mount, id: 'narrow', match: { literal: 'mount of /apps' } }
    expect(findings([mount, narrow])).toContainEqual(
      expect.stringMatching(/^narrow fault every match sample is one of mount/),
    )
  })

  test('finds a sample that two rules claim', () => {
    const two = { id: 'two', match: { literal: 'network' }, ...samples(['network down', 'mount of network']) }
    expect(findings([mount, two])).toContainEqual('two fault this sample is one of mount, too')
  })

  test('finds a failure that matches what another rule knows to be harmless', () => {
    const fine = {
      id: 'fine',
      benign: true,
      match: { literal: 'mount of tmp' },
      ...samples(['mount of tmp']),
    }
    expect(findings([mount, fine])).toContainEqual(
      'mount fault it matches a harmless line, an example of fine: mount of tmp',
    )
  })

  test('notes captures that no text uses, and negative samples that prove nothing', () => {
    const vain = {
      id: 'vain',
      match: { regex: 'quota of (?<user>\\S+) is used up' },
      ...samples(['quota of ann is used up'], ['all is well']),
    }
    expect(findings([vain])).toEqual([
      'vain note user is captured, but no text uses {user}',
      'vain note no sample looks like what the rule matches: add a near miss',
    ])
  })

  test('finds rules of which each is the cause of the other; it is a fault where nothing else is', () => {
    const down = { id: 'down', match: { literal: 'network is down' }, ...samples(['network is down']) }
    const circle = (causes: string[]) =>
      findings([
        { ...mount, caused_by: ['down'] },
        { ...down, caused_by: causes },
      ]).filter((text) => text.includes('caused_by'))
    expect(circle(['mount'])).toEqual(['mount fault caused_by leads in a circle: mount of down of mount'])
    expect(circle(['mount', 'power-lost'])).toEqual([
      'mount note caused_by leads in a circle: mount of down of mount',
    ])
    expect(circle(['power-lost'])).toEqual([])
    expect(circle(['down'])).toEqual(['down fault caused_by leads in a circle: down of down'])
  })

  test('has no fault to find in the shipped rules', () => {
    const ids = new Set(shipped.rules.map(({ id }) => id))
    expect(lint(shipped, ids).filter(({ weight }) => weight === 'fault')).toEqual([])
  })
})

describe('explain', () => {
  const rules = rulesOf([
    { id: 'a', match: { literal: 'unknown session', regex: "session '(?<name>\\w+)'" } },
    { id: 'b', match: { literal: 'unknown session' }, source: ['messages'] },
    { id: 'c', match: { literal: 'other words' } },
  ])
  const ask = (text: string) =>
    explainRecord(rules, {
      text,
      message: text,
      level: 0,
      source: 'dcv-server',
      profile: 'host',
      reported: new Set(),
    })

  test('tells what matches, by which words, and what nearly does', () => {
    const [a, b, ...rest] = ask("unknown session 'x1'")
    expect(rest).toEqual([])
    expect(a).toMatchObject({ matches: true, captures: { name: 'x1' } })
    expect(a?.parts.map(({ kind, found }) => [kind, found])).toEqual([
      ['literal', 'unknown session'],
      ['regex', "session 'x1'"],
    ])
    expect(b).toMatchObject({ matches: false, obstacles: ['it is for messages'] })
  })

  test('calls no rule near of which only the beginning of a line holds', () => {
    const [bare] = rulesOf([
      { id: 'bare', match: { literal: 'quite other words', regex: '(?:NOTE: |^)(?!ERROR)' } },
    ])
    const question = {
      message: '',
      level: 0,
      source: 'generic',
      profile: 'host',
      reported: new Set<string>(),
    }
    expect(bare && explainRecord([bare], { ...question, text: 'all is well' })).toEqual([])
    expect(bare && explainRecord([bare], { ...question, text: 'NOTE: all is well' })).toHaveLength(1)
  })

  test('tells which part did not hold', () => {
    const a = ask('unknown session of mine').find(({ rule }) => rule.id === 'a')
    expect(a?.parts).toMatchObject([
      { kind: 'literal', holds: true },
      { kind: 'regex', holds: false },
    ])
  })
})

describe('a remedy', () => {
  const steps = [
    'Look.',
    { versions: '<25', steps: ['Reboot {host}.'] },
    { versions: '>=25', steps: ['Replace it.'] },
  ]
  const [rule] = rulesOf([{ id: 'a', match: { regex: 'disk of (?<host>\\S+) is gone' }, remedy: steps }])
  const generations = new Map([
    ['old', { since: [2], until: [24, 10] }],
    ['between', { since: [24, 10], until: [25, 3] }],
  ])

  test.each([
    ['old', ['Look.', 'Reboot db-1.']],
    ['between', ['Look.', 'Before version 25: Reboot db-1.', 'From version 25 on: Replace it.']],
    ['host', ['Look.', 'Before version 25: Reboot db-1.', 'From version 25 on: Replace it.']],
  ])('for logs of %s is %j', (profile, told) => {
    expect(rule && remedySteps(rule, profile, generations, { host: 'db-1' })).toEqual(told)
  })
})

describe('a draft', () => {
  test('keeps what stays and captures what differs', () => {
    expect(draftFrom('Mount of /apps/soca from 10.0.0.3 failed after 30 seconds')).toEqual({
      id: 'mount-apps-soca-from',
      literal: 'failed after',
      regex: `Mount of (?<path>/[^\\s'",;:)]+) from (?<address>[\\d.]+) failed after (?<number>\\d+) seconds`,
      captures: { path: 'path', address: 'ip', number: 'int' },
      values: { path: '/apps/soca', address: '10.0.0.3', number: '30' },
    })
  })

  test('captures what differs by the template of the line, too', () => {
    const line = 'widgetd lost lease 7f3a9b2c41d0 of unit alpha'
    const known = draftFrom(line, 'widgetd lost lease <hex> of unit <*>')
    expect(known).toMatchObject({ literal: 'widgetd lost lease', captures: { hex: 'text', value: 'text' } })
    const next = new RegExp(known.regex, 'mu').exec('widgetd lost lease 00ffee of unit beta')
    expect(next?.groups).toEqual({ hex: '00ffee', value: 'beta' })
    expect(draftFrom(line).values).toEqual({ hex: '7f3a9b2c41d0' })
    expect(draftFrom(line, 'the template <num> of another line').values).toEqual({})
  })

  test('takes the line of a record that says most, or the one that can be searched for', () => {
    const traceback =
      'Traceback (most recent call last):\n  File "/opt/a.py", line 12\nValueError: bad widget 55'
    expect(draftFrom(traceback)).toMatchObject({
      id: 'valueerror-bad-widget',
      literal: 'ValueError: bad widget',
    })
    expect(draftFrom('oops\nline error \nshort')).toMatchObject({ literal: 'line error' })
  })

  test('matches the line it was made from, whatever that is', () => {
    const word = fc.constantFrom('failed', '[x]', 'a+b', '/apps/x', '10.1.2.3', 'i-0abc12345', '(7)', '$HOME')
    const line = fc.oneof(
      fc.array(word, { minLength: 1 }).map((words) => words.join(' ')),
      fc.string({ minLength: 1 }).filter((text) => !text.includes('\n')),
    )
    fc.assert(
      fc.property(line, (text) => {
        expect(new RegExp(draftFrom(text, '<*>').regex, 'mu').test(text)).toBe(true)
        expect(new RegExp(draftFrom(text).regex, 'mu').test(text)).toBe(true)
      }),
    )
  })
})

describe('the version lock', () => {
  const WAIT = { per: 'session', within: '10m', match: undefined, samples: STORIES }
  const defined = (part: object) => {
    const rule = { ...ORDINARY, id: 'a', match: { literal: 'disk is full' }, ...part }
    return AnyRule.parse(Object.fromEntries(Object.entries(rule).filter(([, value]) => value !== undefined)))
  }
  const logic = (part: object) => logicOf([defined(part)])
  const lock = logic({ version: 2 })

  test('sees a change of logic under the same version, and a version that goes back', () => {
    expect(changedUnderLock(logic({ version: 2, match: { literal: 'disk was full' } }), lock)).toEqual(['a'])
    expect(changedUnderLock(logic({ version: 2, severity: 'info' }), lock)).toEqual(['a'])
    expect(changedUnderLock(logic({ version: 1 }), lock)).toEqual(['a'])
  })

  test('lets texts change, versions rise and rules come', () => {
    expect(changedUnderLock(logic({ version: 2, title: 'Better words' }), lock)).toEqual([])
    expect(changedUnderLock(logic({ version: 3, severity: 'info' }), lock)).toEqual([])
    expect(changedUnderLock(logic({ id: 'new' }), lock)).toEqual([])
  })

  test.each([
    ['a condition', { type: 'condition', clears_on: ['b'], within: '10m' }, { within: '20m' }],
    ['a condition', { type: 'condition', clears_on: ['b'], within: '10m' }, { clears_on: ['c'] }],
    ['an absence', { ...WAIT, type: 'absence', after: ['b'], expects: ['c'] }, { expects: ['b'] }],
    ['a sequence', { ...WAIT, type: 'sequence', steps: ['b', 'c'] }, { within: '20m' }],
    ['a threshold', { ...WAIT, type: 'threshold', of: ['b'], count: 3 }, { per: 'host' }],
  ])('sees that %s is over or holds at another time: %o, then %o', (_, part, change) => {
    expect(changedUnderLock(logic({ ...part, ...change }), logic(part))).toEqual(['a'])
    expect(changedUnderLock(logic(part), logic(part))).toEqual([])
  })

  test('gives the set a version that any change of logic changes', () => {
    expect(versionOf(logic({ severity: 'info' }))).not.toBe(versionOf(logic({})))
    expect(versionOf(logic({ title: 'Better words' }))).toBe(versionOf(logic({})))
  })
})

test('the JSON Schema for editors offers the short forms, and leaves out what may be left out', () => {
  const text = JSON.stringify(ruleJsonSchema())
  const { anyOf } = JSON.parse(text) as { anyOf: { oneOf: { required: string[]; properties: object }[] }[] }
  const line = anyOf[0]?.oneOf[0]
  expect(line?.required).toEqual(['id', 'version', 'status', 'title', 'match', 'samples'])
  expect(line?.properties).toMatchObject({
    source: { anyOf: [{ type: 'string' }, { type: 'array' }, { type: 'object' }] },
    within: { type: 'string' },
  })
})
