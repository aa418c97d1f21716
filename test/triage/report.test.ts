import fc from 'fast-check'
import { expect, test } from 'vitest'
import { htmlOf, markdownOf, type Report, redactedIn } from '../../src/triage/diagnosis/report.ts'
import { diagnosed, log } from './told-story.ts'

function reportOn(message: string): Report {
  const said = { rule: 'session-dcvserver-not-running', message }
  const logs = [
    log('install-dcv', ['milestone-session-begin', said], {
      owner: 'ann',
      session: 'cad',
      host: 'h',
      end: 5,
    }),
  ]
  const timeline = logs.flatMap(({ events }) => events)
  return {
    made: '2026-05-04T12:00:00.000Z',
    version: '1',
    rule_set: 'r',
    diagnoses: diagnosed(logs),
    timeline,
    redacted: redactedIn(timeline),
  }
}

test('a report says what is wrong, what shows it and what was masked', () => {
  const text = markdownOf(reportOn('token «redacted:token» refused, «redacted:token»'))
  expect(text).toMatch(/^# ann\/cad\n/)
  expect(text).toContain('session-dcvserver-not-running, phase session, certain')
  expect(text).toContain('- 2 × token in /logs/')
})

test('a text of a log cannot leave its place in a report', () => {
  const hostile = fc.constantFrom(
    '```',
    '````\n# x',
    '<script>',
    '</pre>',
    '|',
    '"',
    '&amp;',
    '\n---\n',
    '~~~',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(hostile, fc.string()), { maxLength: 6 }), (parts) => {
      const report = reportOn(parts.join(''))
      const html = htmlOf(report)
      expect(html.match(/<script|<\/pre>/g)).toEqual(['</pre>'])
      const fences = markdownOf(report)
        .split('\n')
        .filter((line) => /^`{3,}(?:text)?$/.test(line))
      const opened = fences.filter((line) => line.endsWith('text'))
      for (const fence of opened) expect(fences).toContain(fence.slice(0, -'text'.length))
    }),
  )
})
