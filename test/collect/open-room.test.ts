import { expect, it } from 'vitest'
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
