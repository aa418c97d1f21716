import { mkdirSync, writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { createWalk } from '../../src/collect/walk.ts'
import { tempDir } from '../support/temp-dir.ts'

async function found(root: string, globs: readonly string[]): Promise<string[]> {
  const paths: string[] = []
  for await (const path of createWalk(() => {}).paths(globs.map((glob) => root + glob)))
    paths.push(path.slice(root.length))
  return paths.sort()
}

it('patterns of places that do not exist find nothing, and hide nothing', async () => {
  const root = tempDir()
  expect(await found(root, ['/a/*/x.log', '/b/x.log'])).toEqual([])
  mkdirSync(`${root}/a/one`, { recursive: true })
  writeFileSync(`${root}/a/one/x.log`, '')
  expect(await found(root, ['/a/*/x.log', '/b/x.log'])).toEqual(['/a/one/x.log'])
})
