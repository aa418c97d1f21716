import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Ran } from '../support/built.ts'
import { runProgram } from '../support/program.ts'
import { jsonLines } from '../support/sample-cluster.ts'
import { tempDir } from '../support/temp-dir.ts'

const UNKNOWN =
  "2026-02-10 08:16:40,161016 [  2201:2201  ] WARN  frontend-handler - Invalid connection request from client '10.8.0.14:2098': unknown session 'abc'"
const SECRET = 'Gr4vel!Path'

const rules = (...args: string[]): Promise<Ran> => runProgram(['rules', ...args])

/** A folder of rules with this file of signatures. */
function ruleFolder(yaml: string): string {
  const folder = tempDir()
  mkdirSync(join(folder, 'signatures'))
  writeFileSync(join(folder, 'signatures', 'own.yaml'), yaml)
  return folder
}

const rule = ({ regex = 'seats? lost', extra = '' } = {}) => `id: own-seats
version: 1
status: stable
title: Seats are lost
severity: error
layer: dcv
phase: session
match: { literal: "lost by the daemon", regex: '${regex}' }
explain: The licence server has fewer.
remedy: [Look at it.]
provenance: observed
samples:
  match: [{ line: "3 seats lost by the daemon", captures: {} }]
  no_match: [no seats are wanted by the daemon]
${extra}`

describe('rules list', () => {
  it('shows every rule in one line, and what the options choose', async () => {
    const [all, chosen] = await Promise.all([
      rules('list'),
      rules('list', '--severity', 'critical', '--phase', 'load-balancer', '--status', 'stable'),
    ])
    const lines = all.stdout.trimEnd().split('\n')
    expect(lines[0]).toMatch(/^ID +SEVERITY +PHASE +STATUS +TITLE$/)
    expect(lines.at(-1)).toContain(`${(lines.length - 2).toLocaleString('en')} rules; `)
    const shown = chosen.stdout.split('\n').slice(1, -2)
    expect(shown.length).toBeGreaterThan(0)
    for (const line of shown) expect(line).toMatch(/^[a-z0-9-]+ +critical +load-balancer +stable /)
  })

  it('refuses a kind of file that nobody knows', async () => {
    const { code, stdout, stderr } = await rules('list', '--source', 'nope')
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(/^dcvlens: --source cannot be "nope"\n {2}Use one of alb-manager, /)
  })

  it('gives objects with --json, own rules among them', async () => {
    const folder = ruleFolder(rule())
    const found = jsonLines((await rules('list', '--json', '--rules', folder)).stdout)
    expect(found.find(({ id }) => id === 'own-seats')).toMatchObject({
      ...{ version: 1, status: 'stable', title: 'Seats are lost', severity: 'error', layer: 'dcv' },
      ...{ kind: 'signature', type: 'event', phase: 'session', remedy: ['Look at it.'] },
    })
    expect(found.length).toBeGreaterThan(100)
  })
})

describe('rules show', () => {
  it('lists the rules about failures that matched nothing in some files', async () => {
    const log = join(tempDir(), 'var/log/messages')
    mkdirSync(dirname(log), { recursive: true })
    writeFileSync(log, 'May  4 10:02:40 ip-10-0-0-4 kernel: Out of memory: Killed process 4242 (Xdcv)\n')
    const { stdout } = await runProgram(['rules', 'coverage', '--never-fired', '--json', log])
    const silent = new Set(jsonLines(stdout).map(({ id }) => id))
    expect([silent.has('memory-exhausted'), silent.has('disk-full')]).toEqual([false, true])
    expect(jsonLines(stdout).filter(({ kind }) => kind !== 'signature')).toEqual([])
  })

  it('tells all of a rule', async () => {
    const own = ['own-seats', '--rules', ruleFolder(rule())]
    const { code, stdout } = await rules('show', ...own)
    expect(code).toBe(0)
    for (const part of [
      /^Seats are lost\n/,
      /^own-seats {2}signature, error, dcv, session, version 1, stable$/m,
      /signatures\/own\.yaml:1$/m,
      /^What to do\n {2}- Look at it\./m,
      /^ {2}regex: seats\? lost/m,
    ]) {
      expect(stdout).toMatch(part)
    }
    const asJson = jsonLines((await rules('show', '--json', ...own)).stdout)
    expect(asJson).toEqual([expect.objectContaining({ id: 'own-seats', provenance: 'observed' })])
  })

  it('tells what is captured, for how long and in whose events it is looked, and what ends it', async () => {
    const hot = rule({
      regex: '(?<seats>\\d+) seats?(?<why> .*)? lost',
      extra: 'captures: { seats: int }\ntype: condition\nclears_on: [dcv-unknown-session]\nwithin: 10m\n',
    })
    const folder = ruleFolder(hot)
    const [own, json, wait] = await Promise.all([
      rules('show', 'own-seats', '--rules', folder),
      rules('show', 'own-seats', '--rules', folder, '--json'),
      rules('show', 'absence-alb-host'),
    ])
    expect(own.stdout).toMatch(/^Captures\n {2}seats: int\n {2}why: text\n/m)
    expect(own.stdout).toMatch(/^Ends with\n {2}dcv-unknown-session\n {2}silence of 10m\n/m)
    expect(own.stdout).toMatch(/^Provenance\n {2}observed: /m)
    expect(jsonLines(json.stdout)).toMatchObject([
      { captures: { seats: 'int' }, within_s: 600, clears_on: ['dcv-unknown-session'] },
    ])
    expect(wait.stdout).toMatch(/^Looks at\n {2}events of one host, within 10m\n/m)
  })

  it('tells of a rule that it says only that something failed', async () => {
    const own = ['own-seats', '--rules', ruleFolder(rule({ extra: 'reports: true\n' }))]
    const [shown, json] = await Promise.all([rules('show', ...own), rules('show', '--json', ...own)])
    expect(shown.stdout).toMatch(
      /^It only reports that something failed: the cause is before it in its log, or in another log\.$/m,
    )
    expect(jsonLines(json.stdout)).toMatchObject([{ reports: true }])
  })

  it('suggests similar ids for one that is not there', async () => {
    const { code, stdout, stderr } = await rules('show', 'dcv-unkown-session')
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(
      /^dcvlens: there is no rule dcv-unkown-session\n {2}Did you mean .*dcv-unknown-session.*\?\n$/,
    )
  })
})

describe('rules explain', () => {
  it('tells which rule matches and why, and never a secret', async () => {
    const line = `${UNKNOWN} password=${SECRET}`
    const [argument, piped, json] = await Promise.all([
      rules('explain', line, '--source', 'dcv-server'),
      runProgram(['rules', 'explain', '-', '--source', 'dcv-server'], { input: `${line}\n` }),
      rules('explain', line, '--source', 'dcv-server', '--json'),
    ])
    expect(argument.stdout).toMatch(/^error {2}A client asked for .* {2}dcv-unknown-session\n/)
    expect(argument.stdout).toContain('yes  literal  unknown session')
    expect(argument.stdout).toContain('session = abc')
    expect(piped.stdout).toBe(argument.stdout)
    expect(jsonLines(json.stdout)[0]).toMatchObject({
      ...{ rule_id: 'dcv-unknown-session', matches: true, captures: { session: 'abc' } },
    })
    for (const { stdout } of [argument, json]) expect(stdout).not.toContain(SECRET)
  })

  it('takes a line that begins with a dash after --', async () => {
    const line = '-bash: cannot create temp file for here-document: No space left on device'
    const { code, stdout } = await rules('explain', '--', line)
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^critical {2}The disk is full/)])
  })

  it('tells what a near rule lacks', async () => {
    const folder = ruleFolder(rule({ extra: 'source: dcv-server\n' }))
    const near = await rules('explain', '3 seats lost by the daemon', '--rules', folder)
    expect(near.stdout).toMatch(/^No rule matches/)
    expect(near.stdout).toMatch(/own-seats (?:.*\n)+ +but it is for dcv-server\n/)
  })
})

describe('rules test and lint', () => {
  it('try the rules of a folder, however it is written', async () => {
    const folder = ruleFolder(rule())
    const spelled = [folder, `./${relative(process.cwd(), folder)}/`]
    const answers = await Promise.all(spelled.map((dir) => rules('test', dir)))
    for (const { code, stdout } of answers) {
      expect([code, stdout]).toEqual([0, '2 samples of 1 rule: all pass\n'])
    }
    const { code, stdout } = await rules('lint', folder)
    expect([code, stdout]).toEqual([0, '1 rule, 0 faults, 0 notes\n'])
  })

  it.each([
    ['test', 'a sample that does not match', rule({ regex: 'seats? found' }), /own\.yaml:13:\d+: .+/],
    [
      'test',
      'a key that is not known',
      rule({ extra: 'colour: red\n' }),
      /own\.yaml:15:1: unknown key colour/,
    ],
    [
      'lint',
      'a kind of file that nobody knows',
      rule({ extra: 'source: nope\n' }),
      /own\.yaml:15:9: own-seats: source\.kinds names no kind of file: nope/,
    ],
    ['lint', 'no YAML', 'id: [x\n', /own\.yaml:\d+:\d+: .+/],
    ['lint', 'a bare list', '- id: own\n- id: other\n', /own\.yaml:1:1: several rules .* below `rules:`\n/],
    ['test', 'a list below another key', 'signatures: [{ id: own }]\n', /own\.yaml:1:1: several rules .*\n/],
  ])('say (%s) where there is %s', async (command, _, yaml, place) => {
    const folder = ruleFolder(yaml)
    const { code, stdout, stderr } = await rules(command, folder)
    expect([code, stderr]).toEqual([1, ''])
    expect(stdout).toMatch(place)
    expect(stdout).toContain(folder)
  })

  it('list notes only if they are asked for', async () => {
    const noted = ruleFolder(rule({ regex: '(?<seats>\\d+) seats? lost' }))
    const [plain, full] = await Promise.all([rules('lint', noted), rules('lint', '--notes', noted)])
    expect([plain.code, plain.stdout]).toEqual([0, '1 rule, 0 faults, 1 note, shown with --notes\n'])
    expect(full.stdout).toMatch(
      /own\.yaml:8:\d+: own-seats: note: seats is [^\n]+\n1 rule, 0 faults, 1 note\n$/,
    )
  })

  it('say where a rule matches what others know to be harmless', async () => {
    const yaml = rule({ regex: 'lost by the daemon' }).replaceAll('lost by the daemon', 'Node Ready')
    const { code, stdout } = await rules('lint', ruleFolder(yaml))
    expect(code).toBe(1)
    expect(stdout).toMatch(/own\.yaml:8:\d+: .*(?:harmless|is one of)/)
    expect(stdout).toMatch(/1 rule, [1-9]\d* faults?, /)
  })

  it('go on after a sample that fails', async () => {
    const yaml = rule({ regex: 'lost by the daemon' }).replaceAll('lost by the daemon', 'Node Ready')
    const folder = ruleFolder(yaml.replace('no_match: [', 'no_match: [Node Ready, '))
    const [tried, linted] = await Promise.all([rules('test', folder), rules('lint', folder)])
    const failed = /own\.yaml:\d+:\d+: own-seats: the rule matches this sample, but should not\n/
    for (const { code, stdout } of [tried, linted])
      expect([code, stdout]).toEqual([1, expect.stringMatching(failed)])
    expect(tried.stdout).toMatch(/3 samples of 1 rule: 1 fault\n$/)
    expect(linted.stdout).toMatch(/own\.yaml:8:\d+: .*(?:harmless|is one of)/)
    const locked = await rules('lock', folder)
    expect([locked.code, locked.stdout]).toEqual([1, expect.stringMatching(failed)])
  })

  it('give an object for each rule that was tried, each fault and each note with --json', async () => {
    const broken = ruleFolder(rule({ extra: 'colour: red\n' }))
    const noted = ruleFolder(rule({ regex: '(?<seats>\\d+) seats? lost' }))
    const [tried, linted, ...refused] = await Promise.all([
      rules('test', '--json', noted),
      rules('lint', '--json', noted),
      rules('test', '--json', broken),
      rules('lint', '--json', broken),
    ])
    expect(jsonLines(tried.stdout)).toEqual([{ rule_id: 'own-seats', samples: 2, faults: [] }])
    expect(jsonLines(linted.stdout)).toMatchObject([
      {
        rule_id: 'own-seats',
        weight: 'note',
        line: 8,
        message: expect.stringMatching(/^own-seats: seats is/),
      },
    ])
    for (const { code, stdout } of refused) {
      expect(code).toBe(1)
      expect(jsonLines(stdout)).toMatchObject([
        {
          weight: 'fault',
          line: 15,
          column: 1,
          message: expect.stringMatching(/^unknown key colour; known here: engine, id, /),
        },
      ])
    }
  })

  it('refuse a folder without rules', async () => {
    const { code, stdout, stderr } = await rules('test', tempDir())
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(
      /^dcvlens: no folder layouts, formats, signatures, alerts in .*\n {2}A folder of rules has .*\n$/,
    )
  })
})

describe('rules apply and backtest', () => {
  it('say which option is wrong', async () => {
    const { code, stderr } = await rules('apply', '--since', '1999-99-99', '--data', tempDir())
    expect([code, stderr.split('\n')[0]]).toEqual([2, 'dcvlens: --since 1999-99-99 is not a time'])
  })

  it('make no store where there is none', async () => {
    const data = join(tempDir(), 'none')
    const file = join(ruleFolder(rule()), 'signatures', 'own.yaml')
    for (const command of [['apply'], ['backtest', file]]) {
      const { code, stderr } = await rules(...command, '--since', '1d', '--data', data)
      expect(code).toBe(2)
      expect(stderr).toMatch(/^dcvlens: nothing was stored from .*none: there is no store\n/)
    }
    expect(existsSync(data)).toBe(false)
  })

  it('tell a fault of the rules before they look for the data', async () => {
    const folder = ruleFolder('rules: [')
    const file = join(folder, 'signatures', 'own.yaml')
    const data = join(tempDir(), 'none')
    for (const command of [
      ['apply', '--rules', folder],
      ['backtest', file],
    ]) {
      const { code, stderr } = await rules(...command, '--since', '1d', '--data', data)
      expect([code, stderr]).toEqual([2, expect.stringContaining(`${file}:1:`)])
    }
  })
})

describe('rules new', () => {
  it('drafts a rule without secrets that passes its own test', async () => {
    const line = `Licence daemon lost 3 seats at 10.8.0.14, password=${SECRET}`
    const { code, stdout, stderr } = await rules('new', '--from', line, '--id', 'own-draft')
    expect([code, stderr]).toEqual([0, expect.stringContaining('dcvlens rules test DIR')])
    expect(stdout).not.toContain(SECRET)
    expect(stdout).toContain('literal: Licence daemon lost\n')
    const folder = ruleFolder(stdout)
    expect((await rules('test', folder)).stdout).toBe('2 samples of 1 rule: all pass\n')
    const lint = await rules('lint', folder)
    expect([
      lint.code,
      lint.stdout.match(/own\.yaml:\d+:\d+: own-draft: it still says what a draft does/g),
    ]).toEqual([1, expect.objectContaining({ length: 4 })])
  })
  it.each([
    ['Bad_Id', /^dcvlens: --id: Bad_Id is no id of a rule\n {2}Use small letters/],
    ['dcv-unknown-session', /^dcvlens: --id: there is a rule dcv-unknown-session already\n/],
  ])('refuses the id %s', async (id, words) => {
    const { code, stdout, stderr } = await rules('new', '--from', 'Licence daemon lost 3 seats', '--id', id)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(words)
  })
})
