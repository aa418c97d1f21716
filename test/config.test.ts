import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../src/config.ts'
import { tempDir } from './support/temp-dir.ts'

function written(text: string): string {
  const file = join(tempDir(), 'dcvlens.yaml')
  writeFileSync(file, text)
  return file
}

describe('a zone that is none', () => {
  it('is a fault of the file, with its line and column, before any work starts', () => {
    const file = written('scanMs: 500\nzones:\n  default: Europe/Paris\n  dcv-server: Europe/Pariss\n')
    expect(() => loadConfig(file, {})).toThrow(
      `${file}:4:15: zones.dcv-server: "Europe/Pariss" is not a time zone: use a name such as UTC or Europe/Paris`,
    )
  })
})

describe('a file that says nothing', () => {
  it.each(['', '# data: ./data\n', '---\n'])('%j has the defaults', (text) => {
    expect(loadConfig(written(text), {})).toEqual(loadConfig(undefined, {}))
  })

  it.each(['just words\n', '- a list\n'])('is not one of another kind: %j', (text) => {
    expect(() => loadConfig(written(text), {})).toThrow('must be of type')
  })
})
