import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadPhases, phasesOf } from '../../src/triage/diagnosis/course/phase-model.ts'
import { tempDir } from '../support/temp-dir.ts'

/** A folder of rules with one file of phases. */
function folderWith(text: string): string {
  const dir = tempDir()
  mkdirSync(join(dir, 'phases'))
  writeFileSync(join(dir, 'phases', 'own.yaml'), text)
  return dir
}

const GOOD = `id: own
title: Own
profiles: [host]
os: linux
steps:
  - phase: session
    sources: [dcv-server]
    begin: [known]
    usual: 1m
`

test('phases are read, with a silence of fifteen minutes where none is named', () => {
  const [model] = loadPhases([folderWith(GOOD)], new Set(['known']))
  expect(model?.steps).toEqual([
    {
      phase: 'session',
      sources: ['dcv-server'],
      begin: ['known'],
      done: [],
      claims: [],
      none: [],
      proven_by: [],
      goes_on: [],
      up_by: [],
      refused: [],
      optional: false,
      beside: false,
      usual: 60_000,
      silent: 900_000,
    },
  ])
})

test('a rule that is not there is a fault with its line', () => {
  expect(() => loadPhases([folderWith(GOOD)], new Set())).toThrow(
    /own\.yaml:8:\d+: known is the id of no rule/,
  )
  const retried = `${GOOD}retries:\n  - { begin: known, again: gone, done: known }\n`
  expect(() => loadPhases([folderWith(retried)], new Set(['known']))).toThrow(
    /own\.yaml:11:28: gone is the id of no rule/,
  )
})

test('a key that is not known is a fault with its line', () => {
  expect(() => loadPhases([folderWith(GOOD.replace('usual:', 'usually:'))], new Set(['known']))).toThrow(
    /own\.yaml:\d+:\d+: .*usual/,
  )
})

test('a profile without phases of its own has those of a plain host', () => {
  const models = loadPhases([folderWith(GOOD)], new Set(['known']))
  expect(phasesOf(models, 'soca-99', 'linux')?.id).toBe('own')
  expect(phasesOf(models, 'soca-99', 'windows')).toBeUndefined()
})

test('every profile that ships has phases for Linux and Windows', () => {
  const shipped = join(import.meta.dirname, '../../rules')
  const known = { has: () => true } as unknown as ReadonlySet<string>
  const models = loadPhases([shipped], known)
  for (const profile of ['soca-2', 'soca-24', 'soca-25', 'edh-26', 'host']) {
    for (const os of ['linux', 'windows'] as const)
      expect(phasesOf(models, profile, os)?.profiles).toContain(profile)
  }
})
