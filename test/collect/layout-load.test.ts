import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { loadLayouts } from '../../src/collect/load-layouts.ts'
import { OpsError } from '../../src/errors.ts'

const made: string[] = []

function rulesOf(files: Readonly<Record<string, string>>): string {
  const dir = mkdtempSync(join(tmpdir(), 'layouts-'))
  made.push(dir)
  mkdirSync(join(dir, 'layouts'))
  for (const [name, text] of Object.entries(files)) writeFileSync(join(dir, 'layouts', name), text)
  return dir
}

function refusal(...dirs: readonly string[]): OpsError {
  try {
    loadLayouts(dirs)
  } catch (error) {
    if (error instanceof OpsError) return error
    throw error
  }
  throw new Error('was accepted')
}

const tomorrow = (name: string, since: string) => `
id: ${name}
title: The next one
profile: ${name}
since: '${since}'
folders:
  desk: [ '/apps/${name}/{cluster}/{owner}/{session}', 'spare/{owner}' ]
sources:
  - { source: setup, format: bootstrap, path: $desk/go.log }
  - { source: setup, format: bootstrap, path: $desk/(a|b).txt, tail: 2 }
`

afterEach(() => {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true })
})

describe('loading layouts', () => {
  it('needs no code for a new generation; the newest wins where paths say the same', () => {
    const first = rulesOf({ 'a.yaml': tomorrow('later', '27.10'), 'b.yaml': tomorrow('soon', '27.9') })
    const set = loadLayouts([first, rulesOf({ 'notes.txt': 'not yaml: [' })])
    const profile = (path: string) => set.place(path)?.placement.profile
    expect(profile('/apps/soon/c/o/s/go.log')).toBe('soon')
    expect(profile('/tmp/go.log')).toBe('later')
    expect(profile('/tmp/a.txt')).toBeUndefined()
    expect(set.place('/tmp/spare/anna/b.txt')?.placement.identity.owner).toBe('anna')
    expect(set.bases('/')).toEqual(['/apps/later', '/apps/soon'])
  })

  it('names every fault of every file with its place', () => {
    const good = tomorrow('good', '1')
    const bad = `id: good
title: x
profile: x
never: [ 'a//b' ]
sources:
  - { source: setup, format: plain, path: $nowhere/a.log }
  - { source: setup, format: plain, path: [ /a/b.log, '/a/{who}.log' ] }
  - { source: setup, format: plain, path: '/a/b*.log' }
  - { source: setup, format: plain, path: '/a/(b.log' }
`
    const dir = rulesOf({
      '1.yaml': good,
      '2.yaml': bad,
      '3.yaml': 'id: Bad Id\nextra: 1\n',
      '4.yaml': 'a: [',
    })
    const error = refusal(dir)
    const file = (name: string) => join(dir, 'layouts', name)
    expect(error.exit).toBe(2)
    const lines = error.message.split('\n')
    expect(lines.find((line) => line.startsWith(`${file('2.yaml')}:1:5: `))).toContain(file('1.yaml'))
    expect(lines.find((line) => line.startsWith(`${file('2.yaml')}:4:10: `))).toContain('empty')
    expect(lines.find((line) => line.startsWith(`${file('2.yaml')}:6:43: `))).toContain('$nowhere')
    expect(lines.find((line) => line.startsWith(`${file('2.yaml')}:7:55: `))).toContain('{who}')
    expect(lines.find((line) => line.startsWith(`${file('2.yaml')}:8:43: `))).toContain('tail')
    expect(lines.find((line) => line.startsWith(`${file('2.yaml')}:9:43: `))).toContain('brackets')
    expect(lines.some((line) => line.startsWith(`${file('3.yaml')}:1:5: id: must be kebab-case`))).toBe(true)
    expect(lines.some((line) => line.startsWith(`${file('3.yaml')}:`) && line.includes('extra'))).toBe(true)
    expect(lines.some((line) => line.startsWith(`${file('4.yaml')}:`))).toBe(true)
  })

  it('refuses a folder that is not there; one without layouts adds none', () => {
    expect(refusal('/nowhere/at/all').message).toContain('/nowhere/at/all')
    const dir = mkdtempSync(join(tmpdir(), 'layouts-'))
    made.push(dir)
    expect(loadLayouts([dir]).globs('/')).toEqual([])
    expect(loadLayouts([]).place('/var/log/dcv/server.log')).toBeUndefined()
  })
})
