import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { OpsError } from '../../src/errors.ts'
import { loadFormats } from '../../src/interpret/load-formats.ts'
import { tempDir } from '../support/temp-dir.ts'

function rulesOf(files: Readonly<Record<string, string>>): string {
  const dir = tempDir()
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, 'formats', name)), { recursive: true })
    writeFileSync(join(dir, 'formats', name), text)
  }
  return dir
}

function refusal(...dirs: readonly string[]): OpsError {
  try {
    loadFormats(dirs)
  } catch (error) {
    if (error instanceof OpsError) return error
    throw error
  }
  throw new Error('was accepted')
}

const format = (id: string, title: string, pattern = '{level}: {message}') =>
  `id: ${id}\ntitle: ${title}\npatterns:\n  - '${pattern}'\nstrays: own\nblocks: []\n`

describe('loading formats', () => {
  it('reads every YAML file below formats/, and lets later directories override', () => {
    const first = rulesOf({
      'a.yaml': format('a', 'First'),
      'deep/er/b.yaml': format('b', 'Deep'),
      'c.txt': ':',
    })
    const second = rulesOf({ 'other.yaml': format('a', 'Second') })
    const loaded = loadFormats([first, second, tempDir()])
    expect([...loaded.keys()].sort()).toEqual(['a', 'b'])
    expect(loaded.get('a')?.title).toBe('Second')
    expect(loaded.get('b')?.framing).toMatchObject({ strays: 'own', blocks: [] })
    expect(loadFormats([second, first]).get('a')?.title).toBe('First')
    expect(loadFormats([]).size).toBe(0)
  })

  it('names every fault of every file with its place', () => {
    const dir = rulesOf({
      'a.yaml': format('a', 'A', '{time:YYYY} {message}'),
      'b.yaml': format('a', 'Again'),
      'c.yaml': 'id: Not Kebab\ntitle: C\npatterns: []\nstrays: alone\nblocks: [haiku]\n',
      'd.yaml': 'id: [\n',
      'e.yaml': `${format('e', 'E')}extra: 1\n`,
      'f.yaml': `${format('f', 'F')}host: '(ip-'\n`,
      'g.yaml': `${format('g', 'G')}host: 'ip-\\d+'\n`,
    })
    const error = refusal(dir)
    expect(error.exit).toBe(2)
    const places = error.message.split('\n').map((line) => line.replace(`${join(dir, 'formats')}/`, ''))
    expect(places).toEqual([
      expect.stringMatching(/^a\.yaml:4:5: character 1: "YYYY" is not the layout of a time/),
      expect.stringMatching(/^b\.yaml:1:5: id "a" is taken by .*a\.yaml$/),
      expect.stringMatching(/^c\.yaml:1:5: id: must be words/),
      expect.stringMatching(/^c\.yaml:4:9: strays: /),
      expect.stringMatching(/^c\.yaml:5:10: blocks\.0: /),
      expect.stringMatching(/^d\.yaml:\d+:\d+: /),
      expect.stringMatching(/^e\.yaml:7:1: unknown key extra; known here: id, title, patterns, /),
      'f.yaml:7:7: host: must be a regular expression with one group',
      'g.yaml:7:7: host: must be a regular expression with one group',
    ])
  })

  it('says which file cannot be read', () => {
    const dir = rulesOf({ 'a.yaml': format('a', 'A') })
    mkdirSync(join(dir, 'formats', 'b.yaml'))
    expect(refusal(dir).message).toMatch(/b\.yaml:1:1: cannot be read: EISDIR/)
  })
})
