import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createClassifier } from '../../src/interpret/classify.ts'
import { loadRules } from '../../src/interpret/load-rules.ts'
import { createPrefilter } from '../../src/interpret/prefilter.ts'
import type { Rule } from '../../src/interpret/rule.ts'
import { changedUnderLock, LockFile } from '../../src/interpret/rule-logic.ts'
import { samplePlace } from '../../src/interpret/rule-samples.ts'
import type { SampleDefinition } from '../../src/interpret/rule-schema.ts'
import { benignRows, classifyTexts, generalRule } from './chunk-of.ts'

/** All kinds of files that layouts name. */
const KINDS = `compute-node post-reboot install-dcv user-customization configure-metrics rc-local motd
  user-data install-packages filesystems-mount setup setup-post-reboot bootstrap-level bootstrap-s3
  alb-manager web-ui uwsgi scheduled-tasks state-watcher controller-other cron-mail
  dcv-server dcv-agent dcv-agentlauncher dcv-sessionlauncher dcv-xsession xdcv dcv-other cloud-init
  cloud-init-output messages secure xorg sssd nvidia-installer xsession-errors
  scheduler win-userdata win-userdata-soca win-bootstrap ec2launch win-dcv-msi generic`.split(/\s+/)
const PROFILES = ['soca-2', 'soca-24', 'soca-25', 'edh-26', 'host']

const LONG = 1 << 17

// Throws with all faults, failing samples among them.
const ruleSet = loadRules([join(import.meta.dirname, '../../rules')])
const { rules } = ruleSet
const classifier = createClassifier(ruleSet.rules)
const bench = { classifier, prefilter: createPrefilter(classifier.needles), base: 0 }

/** Ids of the rules that claim the sample's record, by search and classifier. */
function claimants(rule: Rule, sample: SampleDefinition): string[] {
  const { source, profile, level } = samplePlace(rule, sample)
  const before = sample.before ?? []
  const file = classifier.forFile({ source, profile: profile || 'host' })
  const verdicts = classifyTexts(bench, file, [...before, sample.line], level)
  const benign = benignRows(file, [...before, sample.line], level).includes(before.length) ? ['benign'] : []
  const specific = verdicts.filter(({ row }) => row === before.length).map(({ ruleId }) => ruleId)
  const general = rule.general ? [generalRule(file, sample.line, level) ?? 'none'] : []
  return [...benign, ...specific, ...general]
}

describe('the shipped rules', () => {
  test('load, and are for files and products that exist', () => {
    expect(rules.length).toBeGreaterThan(0)
    for (const { id, source } of rules) {
      const unknown = [
        ...[...(source.kinds ?? []), ...(source.not ?? [])].filter((kind) => !KINDS.includes(kind)),
        ...(source.profiles ?? []).filter((profile) => !PROFILES.includes(profile)),
      ]
      expect({ id, unknown }).toEqual({ id, unknown: [] })
    }
  })

  test('claim each match sample of a rule by that rule alone', () => {
    const trouble: string[] = []
    const notes = new Set(rules.filter(({ severity }) => severity === 'info').map(({ id }) => id))
    for (const rule of rules.filter(({ status }) => status !== 'deprecated')) {
      for (const [index, sample] of rule.samples.match.entries()) {
        const found = claimants(rule, sample)
        const wanted = rule.kind === 'benign' ? ['benign'] : [rule.id]
        // A benign rule may stand beside the one rule that makes an event, or beside a note, not beside none.
        const counted = found.filter((id) => (rule.kind === 'benign' ? !notes.has(id) : id !== 'benign'))
        if (counted.join() !== wanted.join())
          trouble.push(`${rule.id} #${index}: ${found.join(', ') || 'none'}`)
      }
    }
    expect(trouble).toEqual([])
  })

  test('have another version wherever their logic is another than the locked one', () => {
    const lock = JSON.parse(readFileSync(join(import.meta.dirname, '../../rules/lock.json'), 'utf8'))
    expect(changedUnderLock(ruleSet.logic, LockFile.parse(lock))).toEqual([])
  })

  test('tell what to do wherever something failed', () => {
    const silent = rules.filter(
      ({ kind, severity, remedy }) =>
        kind === 'signature' && (severity === 'error' || severity === 'critical') && remedy.length === 0,
    )
    expect(silent.map(({ id }) => id)).toEqual([])
  })

  // An expression that runs away takes minutes for one of these lines, so that the test does not end in time.
  test('have no command among their steps that nobody can paste', () => {
    const broken = rules.flatMap(({ id, remedy }) =>
      remedy
        .flatMap(({ steps }) => steps)
        .flatMap(
          (step) => step.match(/`[a-z/][^`\s]* [^`]*(?:…|\.\.\.|<[a-z])[^`]*`|`(?:tar tzf|tar xzf)`/g) ?? [],
        )
        .map((command) => `${id}: ${command}`),
    )
    expect(broken).toEqual([])
  })

  test('are done with long hostile lines', () => {
    for (const rule of rules) for (const line of hostileLines(rule)) rule.match(line, LEVEL_OF_ERROR)
  })
})

const LEVEL_OF_ERROR = 4

/** Lines that nearly match, over and over: what makes an expression begin again and go far each time. */
function hostileLines({ samples, needles }: Rule): string[] {
  const line = (samples.match[0]?.line ?? '').replaceAll('\n', ' ')
  const starts = [line.slice(0, -1), line.slice(0, Math.ceil(line.length / 2)), needles.join(' ')]
  const repeated = starts
    .filter(Boolean)
    .flatMap((start) => [4096, LONG].map((size) => filled('', start, size)))
  const fillings = ['a', ' ', '0', "'"].map((filling) => filled(line.slice(0, -1), filling, 4096))
  return [...repeated, ...fillings, filled(line.slice(0, -1), 'a ', LONG)]
}

function filled(start: string, filling: string, size: number): string {
  return start + filling.repeat(Math.ceil((size - start.length) / filling.length)).slice(0, size)
}
