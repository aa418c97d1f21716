import { appendFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { failing } from '../support/faulty-fs.ts'
import { WatchedTree } from '../support/watched-tree.ts'

const MAX_HOT = 5
const FILES = 300

it('while a scan finds many files and the first ones are read, no more are open than there is room for', async () => {
  const tree = new WatchedTree({ maxHot: MAX_HOT })
  for (let i = 0; i < FILES; i++) tree.write(`var/log/dcv/dcv-xsession.u${i}.log`, `line ${i}\n`)
  let most = 0
  const isAllRead = () => {
    most = Math.max(most, tree.open.hot)
    return tree.rows.length === FILES
  }
  await tree.until('all are read', isAllRead, 30_000)
  expect(most).toBeLessThanOrEqual(4 * MAX_HOT)
})

it('R16: where the system gives few descriptors, all files are read and followed, and it is told once what to raise', async () => {
  const tree = new WatchedTree({ scanMs: 3_600_000 })
  const names = Array.from({ length: 40 }, (_, i) => `var/log/dcv/dcv-xsession.u${i}.log`)
  for (const name of names) tree.write(name, 'one\n')
  const isLog = (path: unknown) => typeof path === 'string' && path.startsWith(tree.root)
  failing('openSync', 'EMFILE', (path) => isLog(path) && tree.openFiles().length >= 12)
  await tree.until('all are read', () => tree.rows.length === names.length)
  await tree.until('half of them are free again', () => tree.openFiles().length <= 6)
  for (const name of names) {
    appendFileSync(tree.path(name), 'two\n')
    tree.written(name)
  }
  await tree.until('what came is read', () => tree.rows.length === 2 * names.length)
  expect(tree.notRead).toEqual([
    expect.objectContaining({ reason: 'too-many-open', detail: expect.stringMatching(/EMFILE.*ulimit -n/) }),
  ])
})
