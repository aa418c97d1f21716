import fc from 'fast-check'
import { expect, test } from 'vitest'
import { htmlOf, markdownOf, type Report, redactedIn } from '../../src/triage/diagnosis/shown/report.ts'
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

test('the page has headings, lists, tables and code, and Markdown leaves code as it is', () => {
  const report = reportOn('x')
  const [one] = report.diagnoses
  if (one?.verdict === undefined) throw new Error('no verdict')
  const verdict = { ...one.verdict, remedy: ['Run `systemctl status a_b | cat` & *look*.'] }
  const traits = { instance_type: 'g4dn.xlarge', dcv_version: '2025.0.20103' }
  const portal = {
    ...{
      state: 'running',
      is_active: true,
      created_at: '',
      deactivated_at: '',
      instance: 'i-0',
      instance_type: '',
    },
    disagreement: 'The portal says running, the logs say failed.',
  }
  const told = {
    ...report,
    diagnoses: [{ ...one, verdict, traits, portal }],
    products: { [one.profile]: '25.3 and newer' },
  }
  const text = markdownOf(told)
  expect(text).toContain('- Run `systemctl status a_b | cat` \\& \\*look\\*.')
  expect(text).toContain('| instance type | g4dn.xlarge |')
  const html = htmlOf(told)
  expect(html).toContain('<li>Run <code>systemctl status a_b | cat</code> &amp; *look*.</li>')
  for (const fact of ['g4dn.xlarge', '2025.0.20103', 'running', portal.disagreement, '25.3 and newer']) {
    expect(html).toContain(fact)
    expect(text).toContain(fact)
  }
  expect(html).toMatch(/<h1>ann\/cad<\/h1>[\s\S]*<h2>Attempt 1: [\s\S]*<table>[\s\S]*<h2>Timeline<\/h2>/)
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
      expect(html).not.toContain('<script')
      expect(html.match(/<\/pre>/g)).toHaveLength(html.match(/<pre>/g)?.length ?? 0)
      const fences = markdownOf(report)
        .split('\n')
        .filter((line) => /^`{3,}(?:text)?$/.test(line))
      const opened = fences.filter((line) => line.endsWith('text'))
      for (const fence of opened) expect(fences).toContain(fence.slice(0, -'text'.length))
    }),
  )
})
