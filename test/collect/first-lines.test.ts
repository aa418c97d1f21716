import { expect, it } from 'vitest'
import { WatchedTree } from '../support/watched-tree.ts'

const log = (user: string) => `var/log/dcv/dcv-xsession.${user}.log`

it('R25: a log is read from its first line: if it was there before the first start, if it came while watching, and if it came while nobody watched', async () => {
  const tree = new WatchedTree()
  tree.write(log('before'), 'before 1\nbefore 2\n')
  await tree.untilTexts(['before 1', 'before 2'])
  tree.write(log('while'), 'while 1\nwhile 2\n')
  await tree.untilTexts(['before 1', 'before 2', 'while 1', 'while 2'])
  await tree.commit()
  tree.crash()
  tree.write(log('after'), 'after 1\nafter 2\n')
  await tree.untilTexts(['before 1', 'before 2', 'while 1', 'while 2', 'after 1', 'after 2'])
  expect(tree.losses).toEqual([])
})
