import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fingerprintOf } from '../../../src/triage/alerts/labels.ts'
import { Matcher, matcherOf, matcherText, matchesAll } from '../../../src/triage/alerts/matchers.ts'
import { newSilence, SilenceRequest, silencedBy } from '../../../src/triage/alerts/silence.ts'

const labels = { alertname: 'new-failure', severity: 'error', cluster: 'soca-aero' }
const holds = (...texts: string[]) =>
  matchesAll(
    texts.map((text) => matcherOf(text) as Matcher),
    labels,
  )

describe('a matcher', () => {
  it.each([
    ['alertname=new-failure', true],
    ['alertname = "new-failure"', true],
    ['severity!=critical', true],
    ['severity!=error', false],
    ['cluster=~soca-.*', true],
    ['cluster=~soca', false],
    ['cluster!~soca-.*', false],
    ['host=', true],
    ['host!=""', false],
    ['cluster=~edh|soca', false],
  ])('%s holds: %s', (text, isSo) => {
    expect(holds(text)).toBe(isSo)
  })

  it('must hold together with all others', () => {
    expect([holds('severity=error', 'cluster=x'), holds('severity=error', 'cluster=~.+')]).toEqual([
      false,
      true,
    ])
  })

  it.each(['', 'x', '=y', 'a b=c', 'a=~"("', 'a=~(x+)+y', 'a="b', '1a=b'])('%s is none', (text) => {
    expect(matcherOf(text)).toBeUndefined()
  })

  it('is read again as it was written, whatever its value', () => {
    const any = fc.record({
      name: fc.stringMatching(/^[a-z_][a-z0-9_]{0,10}$/),
      value: fc.string({ maxLength: 30, unit: 'grapheme-ascii' }),
      is_regex: fc.boolean(),
      is_equal: fc.boolean(),
    })
    fc.assert(
      fc.property(any, (matcher) => {
        fc.pre(Matcher.safeParse(matcher).success)
        expect(matcherOf(matcherText(matcher))).toEqual(matcher)
      }),
    )
  })
})

describe('a silence', () => {
  const ask = (matchers: string[], more: object = {}) =>
    SilenceRequest.parse({
      matchers: matchers.map(matcherOf),
      ends_at: '2026-03-04T12:00:00Z',
      created_by: 'ann',
      comment: 'known',
      ...more,
    })
  const now = Date.parse('2026-03-04T10:00:00Z')

  it('holds from when it is made until it ends, for the alerts it names', () => {
    const silence = newSilence(ask(['severity=error', 'cluster=~soca-.*']), now)
    const held = (at: string, of: object = {}) =>
      silencedBy([silence], { ...labels, ...of }, Date.parse(at)).length
    expect([
      held('2026-03-04T09:59:59Z'),
      held('2026-03-04T10:00:00Z'),
      held('2026-03-04T11:59:59Z', { cluster: 'edh' }),
      held('2026-03-04T11:59:59Z'),
      held('2026-03-04T12:00:00Z'),
    ]).toEqual([0, 1, 0, 1, 0])
  })

  it.each([
    [['alertname=~.*']],
    [['alertname=~.*', 'severity!=critical']],
    [['host=']],
    [['alertname=~.+']],
    [['alertname!=""']],
    [['alertname=~"[a-z0-9-]+"', 'severity=~.+']],
    [['severity=~"info|warning|error|critical"']],
    [['severity!~"none|all"']],
    [['alertname=~"one|two|three"']],
  ])('that would match every alert is refused: %s', (matchers) => {
    expect(() => newSilence(ask(matchers), now, ['one', 'two'])).toThrow(
      'this silence would match every alert',
    )
  })

  it.each([
    [['alertname=~"one|three"']],
    [['alertname=~"new-.*"']],
    [['severity=~"info|warning|error"']],
    [['cluster=~.+']],
    [['severity=~.+', 'cluster=x']],
  ])('that leaves some out is taken: %s', (matchers) => {
    expect(newSilence(ask(matchers), now, ['one', 'two']).matchers).toHaveLength(matchers.length)
  })

  it('that is over before it begins is refused', () => {
    expect(() => newSilence(ask(['severity=error']), Date.parse('2026-03-04T12:00:00Z'))).toThrow(
      'over already',
    )
    const late = ask(['severity=error'], { starts_at: '2026-03-04T13:00:00Z' })
    expect(() => newSilence(late, now)).toThrow('over already')
  })

  it('needs an author, a reason and at least one matcher', () => {
    const asked = { matchers: [], ends_at: '2026-03-04', created_by: ' ', comment: '' }
    const paths = SilenceRequest.safeParse(asked).error?.issues.map(({ path }) => path.join('.'))
    expect(paths).toEqual(['matchers', 'created_by', 'comment'])
  })
})

it('a set of labels has the fingerprint that Prometheus gives it', () => {
  // From the tests of prometheus/common.
  expect(fingerprintOf({})).toBe('cbf29ce484222325')
  expect(fingerprintOf({ name: 'garland, briggs', fear: 'love is not enough' })).toBe(
    5799056148416392346n.toString(16).padStart(16, '0'),
  )
})
