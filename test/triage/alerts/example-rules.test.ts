import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadLayouts } from '../../../src/collect/load-layouts.ts'
import { loadRules } from '../../../src/interpret/load-rules.ts'
import { AlertRuleFile } from '../../../src/triage/alerts/alert-rule.ts'
import { knownNames } from '../../../src/triage/alerts/known-names.ts'
import { alertRulesOf, loadAlertRules } from '../../../src/triage/alerts/load-alert-rules.ts'

const FOLDER = join(import.meta.dirname, '..', '..', '..')
const FILE = join(FOLDER, 'deploy', 'alert-rules.example.yaml')
const text = readFileSync(FILE, 'utf8')

type Written = Record<string, unknown> & { readonly kind: string }
const written = (parse(text) as { readonly rules: Written[] }).rules

/** Keys that many kinds have are explained where they stand first. */
function keysOf(kind: string): string[] {
  const option = AlertRuleFile.shape.rules.element.options.find(({ shape }) => shape.kind.value === kind)
  return Object.keys(option?.shape ?? {})
}
const COMMON = keysOf('collector').filter((key) => !['trouble', 'over', 'window'].includes(key))
const OF_FAILURES = keysOf('regressed_signature').filter((key) => !['quiet', 'recent'].includes(key))

it('the example of alert rules has each kind once, with all of its keys, and works as it is', () => {
  const kinds = AlertRuleFile.shape.rules.element.options.map(({ shape }) => shape.kind.value)
  expect(written.map(({ kind }) => kind)).toEqual(kinds)
  const [first = { kind: '' }] = written
  const shared = new Set([...COMMON, ...OF_FAILURES].filter((key) => key in first || key === 'rules'))
  expect([...shared].sort()).toEqual([...new Set([...COMMON, ...OF_FAILURES])].sort())
  for (const rule of written) {
    const missing = keysOf(rule.kind).filter((key) => !(key in rule) && !shared.has(key))
    expect([rule.kind, missing]).toEqual([rule.kind, []])
  }
  expect(written.some((rule) => 'rules' in rule)).toBe(true)
  const rules = [join(FOLDER, 'rules')]
  expect(alertRulesOf(FILE, text, knownNames(loadRules(rules), loadLayouts(rules)))).toHaveLength(
    kinds.length,
  )
})

it('a key that is left out has the value that the example shows', () => {
  for (const rule of written) {
    const needed = { id: 'a', title: 'A', kind: rule.kind }
    const must = ['at_least', 'trouble', ...(rule.kind === 'absence' ? ['sources', 'quiet'] : [])]
    const given = Object.fromEntries(must.flatMap((key) => (key in rule ? [[key, rule[key]]] : [])))
    const [bare] = AlertRuleFile.parse({ rules: [{ ...needed, ...given }] }).rules
    const [whole] = AlertRuleFile.parse({ rules: [rule] }).rules
    const defaults = Object.entries(bare ?? {}).filter(([key]) => key in rule && !(key in needed))
    const examples = ['labels', 'explain', 'remedy']
    for (const [key, value] of defaults) {
      if (examples.includes(key)) continue
      expect([rule.kind, key, (whole as Record<string, unknown>)[key]]).toEqual([rule.kind, key, value])
    }
  }
})

it('shipped alert rules about no signature name a likely cause and what to do', () => {
  const others = loadAlertRules([join(FOLDER, 'rules')]).filter(({ kind }) =>
    ['collector', 'absence', 'sessions'].includes(kind),
  )
  expect(others.length).toBeGreaterThan(5)
  expect(others.filter(({ explain, remedy }) => explain === undefined || remedy.length === 0)).toEqual([])
})
