import { appendFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { watchTree } from '../../src/collect/watch-tree.ts'
import { until } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'

/** A watched folder, and what was told of it. */
async function watched(depth: number, made: readonly string[] = []) {
  const root = tempDir()
  const write = (name: string) => {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    appendFileSync(join(root, name), 'x\n')
  }
  for (const name of made) write(name)
  const names: string[] = []
  const writes: string[] = []
  let hints = 0
  const watching = watchTree([root], depth, {
    onChange: (path) => {
      if (path === undefined) hints++
      else names.push(path.slice(root.length + 1))
    },
    onWritten: (path) => writes.push(path.slice(root.length + 1)),
  })
  onTestFinished(() => watching.close())
  await until('the watch begins', () => hints > 0)
  return { root, write, names, writes, watching, hints: () => hints }
}

it('tells of a write with its path, and of a name that appears or disappears, however deep', async () => {
  const { root, write, names, writes } = await watched(3, ['a/b/x.log'])
  write('a/b/x.log')
  await until('the write', () => writes.includes('a/b/x.log'))
  write('a/b/y.log')
  await until('the new name', () => names.includes('a/b/y.log'))
  rmSync(join(root, 'a/b/y.log'))
  await until('that it is gone', () => names.filter((name) => name === 'a/b/y.log').length > 1)
})

it('watches folders that appear, and hints at what appeared in them before', async () => {
  const { write, names, writes, hints } = await watched(3)
  write('a/b/x.log')
  await until('the folder', () => names.includes('a'))
  await until('the hint', () => hints() > 1)
  await until('the write', () => {
    write('a/b/x.log')
    return writes.includes('a/b/x.log')
  })
})

it('watches what takes the place of a folder, and a folder that was moved under its new name', async () => {
  const { root, write, writes } = await watched(3, ['a/b/x.log', 'c/x.log'])
  rmSync(join(root, 'a'), { recursive: true })
  renameSync(join(root, 'c'), join(root, 'a'))
  await until('the moved one', () => {
    write('a/x.log')
    return writes.includes('a/x.log')
  })
  mkdirSync(join(root, 'a/b'))
  writeFileSync(join(root, 'a/b/x.log'), 'x\n')
  await until('the one in it', () => {
    write('a/b/x.log')
    return writes.includes('a/b/x.log')
  })
  expect(writes.some((name) => name.startsWith('c/'))).toBe(false)
})

it('goes as deep as it is told to, and tells nothing when it is closed', async () => {
  const { write, writes, watching } = await watched(1, ['a/x.log', 'a/b/x.log'])
  write('a/b/x.log')
  write('a/x.log')
  await until('the write', () => writes.includes('a/x.log'))
  expect(writes).not.toContain('a/b/x.log')
  await watching.close()
  const told = writes.length
  write('a/x.log')
  expect(writes.length).toBe(told)
})
