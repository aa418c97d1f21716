import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Exit, OpsError } from '../../src/errors.ts'
import { loadRules, readRuleSet } from '../../src/interpret/load-rules.ts'

let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'dcvlens-rules-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

function write(name: string, text: string): void {
  const file = join(dir, 'signatures', name)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

/** A sound rule, line by line; `change` maps the first words of a line to what stands there instead. */
function rule(change: Readonly<Record<string, string>> = {}, indent = ''): string {
  const lines = [
    'id: disk-full',
    'version: 1',
    'status: stable',
    'title: The disk of {host} is full',
    'severity: error',
    'layer: environment',
    'phase: setup',
    'source: [setup]',
    'match:',
    "  regex: 'no space left on (?<host>\\S+)'",
    'captures: { host: host }',
    'explain: Nothing more can be written on {host}.',
    "remedy: ['Free some space on {host}.', 'See ${HOME} and {\"json\": 1}.']",
    'samples:',
    '  match:',
    "    - { line: 'no space left on db-1', captures: { host: db-1 } }",
    '  no_match:',
    "    - 'no space left on'",
  ]
  const changed = lines.flatMap((line) => {
    const key = Object.keys(change).find((start) => line.trimStart().startsWith(start))
    return key === undefined ? [line] : (change[key] ?? '').split('\n').filter(Boolean)
  })
  return `${changed.map((line) => indent + line).join('\n')}\n`
}

/** The faults, with the path cut to its name below `signatures`. */
function faults(): string[] {
  try {
    loadRules([dir])
  } catch (error) {
    if (!(error instanceof OpsError)) throw error
    expect(error).toMatchObject({ code: 'E_RULES', exit: Exit.usage })
    return error.message.split('\n').map((line) => line.replace(`${join(dir, 'signatures')}/`, ''))
  }
  return []
}

describe('loading rules', () => {
  test('what is no YAML is told once, at the first place: the rest of the file is read in its light', () => {
    write('a.yaml', rule({ 'title:': 'title: Too full: {host}', 'explain:': 'explain: {host} is full.' }))
    write('b.yaml', rule({ 'severity:': 'severity: bad' }))
    expect(faults()).toEqual([
      'a.yaml:4:8: Nested mappings are not allowed in compact mappings',
      expect.stringMatching(/^b\.yaml:5:11: severity: must be one of /),
    ])
  })

  test('a file holds one rule or a family; all files below `signatures` are read', () => {
    write('a/one.yaml', rule())
    write('b/c/two.yml', `# a family\nrules:\n- ${rule({ 'id:': 'id: disk-full-too' }, '  ').trimStart()}`)
    write('b/readme.md', 'not a rule')
    const { rules, version } = loadRules([dir])
    expect(rules.map(({ id }) => id)).toEqual(['disk-full', 'disk-full-too'])
    expect(version).toMatch(/^[0-9a-f]{12}$/)
    expect(rules[0]).toMatchObject({ kind: 'signature', needles: ['no space left on '], causedBy: [] })
    expect(rules[0]?.appliesTo('setup', 'edh-26')).toBe(true)
    expect(rules[0]?.appliesTo('web-ui', 'edh-26')).toBe(false)
  })

  test('the version changes with the logic and the version of a rule, not with its words', () => {
    const versionWith = (change: Record<string, string>) => {
      write('one.yaml', rule(change))
      return loadRules([dir]).version
    }
    const plain = versionWith({})
    expect(versionWith({ 'explain:': 'explain: Other words.', 'title:': 'title: Other words' })).toBe(plain)
    const others = [{ 'version:': 'version: 2' }, { 'severity:': 'severity: critical' }, { 'source:': '' }]
    expect(new Set([plain, ...others.map(versionWith)]).size).toBe(4)
  })

  test('a directory without signatures has no rules; one that is not there is a mistake', () => {
    expect(loadRules([dir]).rules).toEqual([])
    expect(() => loadRules([join(dir, 'gone')])).toThrow(/gone: no such directory of rules/)
  })

  test.each<[what: string, change: Record<string, string>, fault: string]>([
    ['a key nobody knows', { 'phase:': 'phase: setup\nseverty: error' }, '8:1: unknown key severty'],
    ['a key that is not there', { 'status:': '' }, '1:1: status: is missing: draft, experimental, stable'],
    ['bad YAML', { 'title:': 'title: [open' }, '5:1: '],
    ['an id in the wrong style', { 'id:': 'id: Disk_Full' }, '1:5: id: not in kebab-case'],
    ['a missing explanation', { 'explain:': '' }, '1:1: explain: missing (only benign rules go without)'],
    [
      'a bad expression',
      { 'regex:': "  regex: 'no space left on (?<host>\\S+'" },
      '10:10: disk-full: Invalid regular expression: ',
    ],
    [
      'a nested repeat',
      { 'regex:': "  regex: 'no space left on (?<host>(?:\\S+)+)'" },
      '10:10: disk-full: an open-ended repeat stands inside another one',
    ],
    [
      'no needle',
      { 'regex:': "  regex: 'no (?:space|inodes?) on (?<host>\\S+)|full (?<what>\\w+)'" },
      '10:3: disk-full: no literal of 7 bytes or more is certain',
    ],
    [
      'ignored case without a literal',
      { 'regex:': "  regex: 'no space left on (?<host>\\S+)'\n  flags: i" },
      '10:10: disk-full: a case-insensitive expression needs a `literal` beside it',
    ],
    [
      'a type for no capture',
      { 'captures:': 'captures: { host: host, port: int }' },
      '11:31: disk-full: captures.port: no expression has a group of this name',
    ],
    [
      'a placeholder for no capture',
      { 'remedy:': "remedy: ['Free some space.', 'Look at {disk}.']" },
      '13:30: disk-full: {disk} is captured by no expression',
    ],
    [
      'an unknown cause',
      { 'explain:': 'explain: It is full.\ncaused_by: [disk-full, disk-gone]' },
      '13:24: disk-full: caused_by names no rule: disk-gone',
    ],
    [
      'a sample that does not match',
      { '- { line:': "    - { line: 'some space left' }" },
      '16:7: disk-full: the rule does not match this sample',
    ],
    [
      'a sample with another capture',
      { '- { line:': "    - { line: 'no space left on db-1', captures: { host: db-2 } }" },
      '16:7: disk-full: host is "db-1", expected "db-2"',
    ],
    [
      'a sample whose capture does not fit its type',
      { '- { line:': "    - { line: 'no space left on <db>', captures: { host: db } }" },
      '16:7: disk-full: host is not captured, expected "db"',
    ],
    [
      'a sample of a source the rule is not for',
      { '- { line:': "    - { line: 'no space left on db-1', source: web-ui }" },
      '16:7: disk-full: the rule is not for source web-ui',
    ],
    [
      'a sample as bash echoes it',
      { '- { line:': "    - { line: '+ no space left on db-1' }" },
      '16:7: disk-full: a line that bash echoes needs `echo: true`',
    ],
    [
      'a near miss that matches',
      { "- 'no space": "    - 'no space left on db-1'" },
      '18:7: disk-full: the rule matches this sample, but should not',
    ],
    [
      'a window that the sample does not open',
      { 'regex:': "  regex: 'no space left on (?<host>\\S+)'\n  after: { literal: 'begin', lines: 1 }" },
      '17:7: disk-full: no line of `before` holds "begin" within 1 lines',
    ],
  ])('%s is a fault with its place', (_, change, fault) => {
    write('one.yaml', rule(change))
    const [first, ...rest] = faults()
    expect(first?.startsWith(`one.yaml:${fault}`), first).toBe(true)
    expect(rest).toEqual([])
  })

  test('a rule may say when it was deprecated, what takes its place, and which syntax it needs', () => {
    const old = 'status: deprecated\ndeprecated_on: 2026-03-01\nreplaced_by: disk-full'
    write('one.yaml', rule({ 'version:': 'version: 1\nengine: 1' }))
    write('old.yaml', rule({ 'id:': 'id: disk-was-full', 'status:': old }))
    const found = loadRules([dir]).rules.find(({ id }) => id === 'disk-was-full')
    expect(found).toMatchObject({ deprecatedOn: '2026-03-01', replacedBy: 'disk-full' })
  })

  test.each([
    ['engine: 2', '3:9: engine: a newer dcvlens is needed'],
    ['deprecated_on: 2026-03-01', '3:16: deprecated_on: only of a rule whose status is deprecated'],
    ['replaced_by: disk-full', '3:14: replaced_by: only of a rule whose status is deprecated'],
  ])('%s is a fault', (line, fault) => {
    write('one.yaml', rule({ 'version:': `version: 1\n${line}` }))
    expect(faults()).toEqual([expect.stringContaining(`one.yaml:${fault}`)])
    const gone = 'status: deprecated\ndeprecated_on: last May\nreplaced_by: gone'
    write('one.yaml', rule({ 'status:': gone }))
    expect(faults()).toEqual([
      'one.yaml:4:16: deprecated_on: not a day, as 2026-03-01',
      'one.yaml:5:14: disk-full: replaced_by names no rule: gone',
    ])
  })

  test('all faults of all files are told at once; ids of faulty files are known', () => {
    write('a.yaml', rule({ 'id:': 'id: a', 'version:': 'version: one' }))
    write('b.yaml', rule({ 'id:': 'id: b', 'explain:': 'explain: So.\ncaused_by: [a, c, e]' }))
    write('c.yaml', rule({ 'id:': 'id: b' }))
    write('d.yaml', '')
    write('e.yaml', rule({ 'id:': 'id: e', 'title:': 'title: @no' }))
    expect(faults()).toEqual([
      expect.stringMatching(/^a\.yaml:2:10: version: /),
      'b.yaml:13:16: b: caused_by names no rule: c',
      expect.stringMatching(/^c\.yaml:1:5: b: this id is taken, see .*b\.yaml:1$/),
      expect.stringMatching(/^d\.yaml:1:1: /),
      expect.stringMatching(/^e\.yaml:4:8: /),
    ])
  })

  test('a fault hides no other one: of its rule, of its neighbours, of what the set shows', () => {
    write(
      'one.yaml',
      rule({
        'phase:': 'phase: setup\nseverty: error\ncaused_by: [gone]\nwithin: 5m',
        'captures:': 'captures: { host: host, port: int }',
        "- 'no space": "    - 'no space left on db-1'",
      }),
    )
    write(
      'two.yaml',
      `rules:\n- ${rule({ 'id:': 'id: a', 'regex:': '  regex: 7' }, '  ').trimStart()}- ${rule({ 'id:': 'id: b', 'regex:': "  regex: '(?<host>.*)'" }, '  ').trimStart()}`,
    )
    expect(faults()).toEqual([
      expect.stringMatching(/^one\.yaml:8:1: unknown key severty; known here: [^\n]*severity/),
      'one.yaml:9:13: disk-full: caused_by names no rule: gone',
      'one.yaml:10:9: within: only a condition ends',
      'one.yaml:14:31: disk-full: captures.port: no expression has a group of this name',
      'one.yaml:21:7: disk-full: the rule matches this sample, but should not',
      expect.stringMatching(/^two\.yaml:11:12: rules\.0\.match\.regex: must be of type string/),
      expect.stringMatching(/^two\.yaml:29:5: b: no literal of 7 bytes or more/),
    ])
  })

  test('what is empty, or less than is asked for, is told in plain words', () => {
    write('one.yaml', rule({ 'version:': 'version: 0', 'title:': "title: ''" }))
    expect(faults()).toEqual([
      expect.stringMatching(/^one\.yaml:\d+:\d+: version: must be at least 1$/),
      expect.stringMatching(/^one\.yaml:\d+:\d+: title: must not be empty$/),
    ])
  })

  test('names of kinds and generations that no layout knows are faults for who checks rules', () => {
    write(
      'one.yaml',
      rule({ 'source:': 'source: { kinds: [setup, gone], not: [dead], profiles: [edh-99] }' }),
    )
    const known = { kinds: new Set(['setup']), profiles: new Set(['edh-26']) }
    const read = readRuleSet([dir], new Map(), known)
    expect('faults' in read ? read.faults : []).toMatchObject([
      { line: 8, column: 26, message: 'disk-full: source.kinds names no kind of file: gone' },
      { line: 8, column: 39, message: 'disk-full: source.not names no kind of file: dead' },
      { line: 8, column: 57, message: 'disk-full: source.profiles names no profile: edh-99' },
    ])
    expect('set' in readRuleSet([dir], new Map())).toBe(true)
  })

  test('samples may bring the lines before them, a level and several lines', () => {
    write(
      'one.yaml',
      rule({
        'regex:':
          "  regex: '^no space left on (?<host>\\S+)$'\n  level: error\n  after: { literal: begin, lines: 2 }",
        'source:': 'source: { kinds: [setup], profiles: [edh-26] }',
        '- { line:': [
          '    - line: |',
          '        something else',
          '        no space left on db-1',
          '      before: [begin to write, more]',
          '      level: error',
          "    - { line: 'no space left on db-1', before: [begin] }",
        ].join('\n'),
        "- 'no space": [
          "    - { line: 'no space left on db-1', before: [begin, 1, 2] }",
          "    - { line: 'no space left on db-1', before: [begin], level: info }",
          "    - { line: 'no space left on db-1', before: [begin], profile: soca-2 }",
        ]
          .join('\n')
          .replace('1, 2', "'1', '2'"),
      }),
    )
    expect(faults()).toEqual([])
  })
})
