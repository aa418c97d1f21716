import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadLayouts } from '../../src/collect/load-layouts.ts'
import { createClassifier } from '../../src/interpret/classify.ts'
import { createInterpreter } from '../../src/interpret/interpret.ts'
import { loadFormats } from '../../src/interpret/load-formats.ts'
import { loadRules } from '../../src/interpret/load-rules.ts'
import { oneRecord } from '../../src/interpret/one-record.ts'
import type { Rule } from '../../src/interpret/rule.ts'
import { samplePlace } from '../../src/interpret/rule-samples.ts'
import type { SampleDefinition } from '../../src/interpret/rule-schema.ts'

const RULES = [join(import.meta.dirname, '../../rules')]
const { rules } = loadRules(RULES)
const formats = loadFormats(RULES)
const layouts = loadLayouts(RULES)
const interpret = createInterpreter({ formats, classifier: createClassifier(rules) })

/** A line of the rules' own samples, read alone, in the kind of file it belongs to. */
type Labelled = {
  readonly id: string
  readonly line: string
  readonly source: string
  readonly profile: string
}

function labelled(rule: Rule, samples: readonly SampleDefinition[]): Labelled[] {
  return samples
    .filter(({ before, level }) => before === undefined && level === undefined)
    .map((sample) => ({ id: rule.id, line: sample.line, ...samplePlace(rule, sample) }))
}

/** Kinds of what is told of a line, notes and progress aside. */
function told({ line, source, profile }: Labelled): string[] {
  const format = layouts.formats.get(source) ?? 'generic'
  const { verdicts } = interpret(oneRecord(line, { source, profile: profile || 'host', format }))
  return verdicts.filter(({ severity }) => severity !== 'info').map(({ kind }) => kind)
}

const isAlarm = ({ kind, severity }: Rule) => kind === 'signature' && severity !== 'info'
const failures = rules.filter(isAlarm).flatMap((rule) => labelled(rule, rule.samples.match))
const harmless = rules
  .filter(({ kind, severity }) => kind === 'benign' || (kind === 'milestone' && severity === 'info'))
  .flatMap((rule) => labelled(rule, rule.samples.match))
const nearMisses = rules.flatMap((rule) => labelled(rule, rule.samples.noMatch))

test('every failure of the labelled lines is explained', () => {
  expect(failures.length).toBeGreaterThan(1000)
  expect(failures.filter((one) => !told(one).includes('signature'))).toEqual([])
})

test('what is harmless raises nothing', () => {
  expect(harmless.length).toBeGreaterThan(250)
  expect(harmless.filter((one) => told(one).length > 0).map(({ id, line }) => `${id}: ${line}`)).toEqual([])
})

test('near misses of the rules are mostly silent', () => {
  expect(nearMisses.length).toBeGreaterThan(800)
  const loud = nearMisses.filter((one) => told(one).includes('unknown'))
  expect(loud.length / nearMisses.length).toBeLessThan(0.05)
})
