import { appendFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Sighted } from '../../src/collect/discover.ts'
import { failing, replacing } from '../support/faulty-fs.ts'
import { WatchedTree } from '../support/watched-tree.ts'

const LOG = 'var/log/dcv/dcv-xsession.ann.log'

describe('R14: a network file system', () => {
  it.each(['readSync', 'fstatSync'] as const)(
    'that says ESTALE to %s loses and doubles no line',
    async (name) => {
      const tree = new WatchedTree()
      const path = tree.write(LOG, 'one\n')
      await tree.until('the first', () => tree.rows.length === 1)
      const heal = failing(name, 'ESTALE', (fd) => typeof fd === 'number' && fd > 2)
      appendFileSync(path, 'two\n')
      const before = tree.scans
      await tree.until('two scans', () => tree.scans >= before + 2)
      heal()
      appendFileSync(path, 'three\n')
      await tree.until('all', () => tree.rows.length === 3)
      expect(tree.texts()).toEqual(['one', 'two', 'three'])
      tree.expectTiled('one', statSync(path).size)
      expect(tree.notRead).toMatchObject([{ reason: 'unreadable', detail: 'ESTALE' }])
    },
  )

  it('that shows old attributes for a while delays what comes, and a rotation meanwhile is no loss', async () => {
    const tree = new WatchedTree({ discover: lagging(10) })
    const path = tree.write(LOG, 'one\n')
    await tree.until('the first', () => tree.rows.length === 1, 30_000)
    tree.skip(61_000)
    await tree.until('it is cold', () => tree.openFiles().length === 0)
    appendFileSync(path, 'two\n')
    renameSync(path, `${path}.1`)
    writeFileSync(path, 'three\n')
    await tree.until('all', () => tree.rows.length === 3, 30_000)
    expect(tree.texts().toSorted()).toEqual(['one', 'three', 'two'])
    expect(tree.losses).toEqual([])
  })

  it.each([
    ['while its files are open', 0],
    ['while they are closed', 61_000],
  ])('that is mounted anew with another device number loses and doubles no line: %s', async (_, skipMs) => {
    let mounts = 0
    const tree = new WatchedTree({
      discover: (scan) =>
        async function* () {
          for await (const one of scan())
            yield { ...one, inode: `${mounts}${one.inode}`, look: `${mounts}${one.look}` }
        },
    })
    const undo = replacing('fstatSync', (whole) => (...args) => {
      const stat = whole(...args) as { dev: number }
      return Object.assign(stat, { dev: Number(`${mounts}${stat.dev}`) })
    })
    onTestFinished(undo)
    const path = tree.write(LOG, 'one\n')
    await tree.until('the first', () => tree.rows.length === 1)
    tree.skip(skipMs)
    await tree.until('a look', () => skipMs === 0 || tree.openFiles().length === 0)
    mounts = 7
    const before = tree.scans
    appendFileSync(path, 'two\n')
    await tree.until('the next, and a scan', () => tree.rows.length >= 2 && tree.scans >= before + 2)
    expect(tree.texts()).toEqual(['one', 'two'])
    await tree.commit()
    tree.crash()
    mounts = 9
    appendFileSync(path, 'three\n')
    await tree.until('the last', () => tree.rows.length === 3)
    tree.expectTiled('one', statSync(path).size)
    expect(tree.losses).toEqual([])
  })
})

/** A scan that shows what there was so many scans ago. */
function lagging(scans: number) {
  const seen: Sighted[][] = []
  return (scan: () => AsyncIterable<Sighted>) =>
    async function* () {
      const now: Sighted[] = []
      for await (const sighted of scan()) now.push(sighted)
      seen.push(now)
      yield* seen.length > scans ? (seen.shift() ?? []) : (seen[0] ?? [])
    }
}
