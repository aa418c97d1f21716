import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadAlertRules } from '../../../src/triage/alerts/load-alert-rules.ts'
import { alertingOf } from '../../support/alerts.ts'
import { tempDir } from '../../support/temp-dir.ts'

const SHIPPED = join(import.meta.dirname, '..', '..', '..', 'rules')

const KNOWN = {
  rules: new Map([
    ['disk-full', 'error'],
    ['note', 'info'],
  ]),
  sources: new Set(['dcv-server']),
  profiles: new Set(['soca-2']),
}

/** A folder of rules with one file of alerts. */
function folderOf(yaml: string): string {
  const folder = tempDir()
  mkdirSync(join(folder, 'alerts'))
  writeFileSync(join(folder, 'alerts', 'own.yaml'), yaml)
  return folder
}

describe('alert rules', () => {
  it('are shipped for each kind but one that only an operator knows', () => {
    const rules = loadAlertRules([SHIPPED])
    expect(new Set(rules.map(({ kind }) => kind))).toEqual(
      new Set([
        'new_signature',
        'regressed_signature',
        'first_after_change',
        'rate',
        'sessions',
        'collector',
        'absence',
      ]),
    )
  })

  it('of a later folder take the place of those with the same id, and may switch them off', () => {
    const own = folderOf(`rules:
  - { id: new-failure, title: Off, kind: new_signature, enabled: false }
  - { id: store-down, title: Soon, kind: collector, trouble: store_down, over: 5 }
`)
    const rules = new Map(loadAlertRules([SHIPPED, own]).map((rule) => [rule.id, rule]))
    expect(rules.has('new-failure')).toBe(false)
    expect(rules.get('store-down')).toMatchObject({ title: 'Soon', over: 5 })
  })

  it('with faults are refused, each fault with its place', () => {
    const own = folderOf(`rules:
  - { id: a, title: A, kind: rate, at_leest: 3 }
  - id: b
    title: B
    kind: new_signature
    min_severity: bad
    for: 5 minutes
    labels: { severity: x, 1x: y }
  - { id: c, title: C, kind: nothing }
  - { id: d, title: D, kind: regressed_signature, quiet: 59m, every: 0s }
`)
    const refused = () => loadAlertRules([own])
    for (const fault of [
      /own.yaml:2:36: unknown key rules.0.at_leest; known here: .*at_least/,
      /own.yaml:2:5: rules.0.at_least: is missing \(number\)/,
      /own.yaml:6:19: rules.1.min_severity: must be one of info, warning, error, critical/,
      'own.yaml:7:10: rules.1.for: not a duration, as 30s, 10m, 2h or 1d',
      'is a label that every alert has of itself',
      'must be letters, digits and _',
      /own.yaml:9:\d+: rules.2.kind/,
      'rules.3.every: must be longer than nothing',
      /own.yaml:10:58: rules.3.quiet: must be at least 1h/,
    ]) {
      expect(refused).toThrow(fault)
    }
  })

  it('that name rules that are not there, or are there twice, are refused', () => {
    const own = folderOf(`rules:
  - { id: a, title: A, kind: rate, at_least: 3, rules: [disk-full, disk-ful] }
  - { id: a, title: A, kind: rate, at_least: 3 }
`)
    expect(() => loadAlertRules([own], KNOWN)).toThrow(
      /own.yaml:2:68: a: disk-ful is the id of no rule\n.*own.yaml:3:11: a: there are two alert rules of this id/,
    )
  })
})

it('alert rules that name what is not there, or what they can never find, are refused', () => {
  const own = folderOf(`rules:
  - { id: a, title: A, kind: rate, at_least: 3, sources: [dcv-server, dcv-sever] }
  - { id: b, title: B, kind: absence, quiet: 1h, sources: [nothing] }
  - { id: c, title: C, kind: new_signature, profiles: [soca-2, soca-3] }
  - { id: d, title: D, kind: rate, at_least: 1, rules: [note], min_severity: warning }
  - { id: e, title: E, kind: rate, at_least: 1, rules: [note] }
`)
  const refused = () => loadAlertRules([own], KNOWN)
  for (const fault of [
    'own.yaml:2:71: a: dcv-sever is the name of no kind of log',
    'own.yaml:3:60: b: nothing is the name of no kind of log',
    'own.yaml:4:64: c: soca-3 is the name of no product generation',
    'd: each of the rules that are named is of a lower severity',
  ]) {
    expect(refused).toThrow(fault)
  }
  expect(refused).not.toThrow(': e: ')
})

describe('the file that says who is told', () => {
  it('that ships as an example has a receiver of each type, and works as it is', () => {
    const text = readFileSync(join(SHIPPED, '..', 'deploy', 'alerting.example.yaml'), 'utf8')
    const names = text.match(/(?<=_env: )\w+/g) ?? []
    const { receivers } = alertingOf(
      text,
      Object.fromEntries(names.map((name) => [name, 'https://x.example.com'])),
    )
    expect(new Set(receivers.map(({ type }) => type)).size).toBe(6)
  })

  it.each([
    ['route: { receiver: nobody }', '2:20: route.receiver: nobody is the name of no receiver'],
    ['route: { receiver: r, routes: [{ receiver: s }] }', 'routes.0.receiver: s is the name of no receiver'],
    ['route: { receiver: r, mute_time_intervals: [x] }', 'x is no time interval'],
    ['route: { receiver: r, matchers: [a=b] }', 'the first route takes every alert'],
    ['route: { group_by: [a] }', 'route.receiver is missing'],
    ['base_url: http://x', 'route is missing: no alert would go to a receiver'],
    ['route: { receiver: r, routes: [{ matchers: ["a"] }] }', 'routes.0.matchers.0: is no matcher'],
    ['route: { receiver: r, group_wait: 5 }', 'route.group_wait'],
    ['route: { receiver: r, group_interval: 0s }', 'route.group_interval: must be longer than nothing'],
    [
      'route: { receiver: r, routes: [{ repeat_interval: 0m }] }',
      'route.routes.0.repeat_interval: must be longer than nothing',
    ],
  ])('%s: %s', (yaml, fault) => {
    expect(() => alertingOf(`receivers: [{ name: r, type: webhook, url: 'http://h/' }]\n${yaml}\n`)).toThrow(
      fault,
    )
  })

  it.each([
    ['{ name: r, type: webhook }', 'exactly one of url, url_env and url_file must be given'],
    ["{ name: r, type: slack, url: 'https://hooks.slack.com/x' }", 'unknown key receivers.0.url'],
    ['{ name: r, type: pagerduty }', 'one of routing_key_env and routing_key_file must be given'],
    ['{ name: r, type: sns, topic_arn: x }', 'must be the ARN of a topic'],
    ['{ name: r, type: mail, host: h, from: a@b, to: [c@d], user: u }', 'belong together'],
    ["{ name: r, type: webhook, url: 'https://ops:pw@h/' }", 'must have no user and password'],
    ['{ name: r, type: fax }', 'receivers.0.type'],
    ['{ name: r, type: webhook, url_env: HOOK }', 'the variable HOOK is not set'],
    ['{ name: r, type: slack, url_file: /nowhere/url }', '/nowhere/url cannot be read (ENOENT)'],
  ])('%s: %s', (receiver, fault) => {
    expect(() => alertingOf(`receivers: [${receiver}]\nroute: { receiver: r }\n`)).toThrow(fault)
  })
})
