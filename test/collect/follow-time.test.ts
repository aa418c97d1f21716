import { appendFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { forgetfulFiles } from '../../src/collect/file-index.ts'
import { Follower } from '../../src/collect/follow.ts'
import { VirtualTime } from '../support/virtual-time.ts'
import { someContext, WatchedTree } from '../support/watched-tree.ts'

const log = (user: string) => `var/log/dcv/dcv-xsession.${user}.log`
const HOUR_MS = 3_600_000

describe('a clock that is set back', () => {
  it('delays neither what is flushed nor what is found', async () => {
    const tree = new WatchedTree()
    const path = tree.write(log('ann'), 'one\n')
    await tree.until('the first', () => tree.rows.length === 1)
    appendFileSync(path, 'two\nhalf')
    await tree.until('a poll', () => tree.rows.length >= 1)
    tree.skip(-5 * HOUR_MS)
    await tree.until('the flush', () => tree.texts().includes('half'))
    tree.skip(-5 * HOUR_MS)
    tree.write(log('bob'), 'new\n')
    await tree.until('the new file', () => tree.texts().includes('new'))
    expect(tree.texts().toSorted()).toEqual(['half', 'new', 'one', 'two'])
  })
})

describe('files from the future and from 1970', () => {
  it('are read like others', async () => {
    const tree = new WatchedTree()
    for (const [user, seconds] of [
      ['ann', 0],
      ['bob', 4_102_444_800],
    ] as const) {
      const path = tree.write(log(user), 'one\n')
      utimesSync(path, seconds, seconds)
    }
    await tree.until('both', () => tree.rows.length === 2)
    for (const user of ['ann', 'bob']) {
      appendFileSync(tree.path(log(user)), 'two\n')
      utimesSync(tree.path(log(user)), 10, 10)
    }
    await tree.until('the next', () => tree.rows.length === 4)
  })
})

describe('R31: files that never end', () => {
  it('keep neither each other waiting nor the lines, the flush and the discovery of others', async () => {
    const tree = new WatchedTree()
    const more = `${'x'.repeat(9999)}\n`.repeat(120)
    const noisy = [log('noisy'), log('noisier')].map((name) => tree.write(name, more.repeat(5)))
    const quiet = tree.write(log('quiet'), 'one\n')
    const read = new Set<string>()
    // Each grows by more than is read of it at a time, so that neither is ever at its end.
    const step = async (what: string, done: () => boolean) =>
      tree.until(what, () => {
        for (const path of noisy) appendFileSync(path, more)
        for (const { path, text } of tree.rows) if (text.startsWith('x')) read.add(path)
        tree.rows = tree.rows.filter(({ text }) => !text.startsWith('x'))
        return done()
      })
    await step('the first line, and some of each', () => tree.rows.length === 1 && read.size === 2)
    appendFileSync(quiet, 'two\nhalf')
    await step('the line', () => tree.rows.length >= 2)
    await step('the half line', () => tree.rows.length === 3)
    tree.write(log('late'), 'late\n')
    await step('the new file', () => tree.rows.length === 4)
  })
})

describe('a file that is deleted while the reader is behind', () => {
  it('and behind again after a clock that jumped is read to its end', async () => {
    const tree = new WatchedTree()
    const path = tree.write(log('ann'), 'one\n')
    await tree.until('the first', () => tree.rows.length === 1)
    appendFileSync(path, 'two\n'.repeat(1000))
    rmSync(path)
    tree.skip(HOUR_MS)
    await tree.until('all', () => tree.rows.length === 1001)
  })

  it('and was cut before is read to its end, in both its generations', async () => {
    const tree = new WatchedTree()
    const path = tree.write(log('ann'), 'one\ntwo\n')
    await tree.until('the first', () => tree.rows.length === 2)
    writeFileSync(path, 'three\nfour\nfive\n')
    rmSync(path)
    await tree.until('all', () => tree.rows.length === 5)
    expect(tree.rows.map(({ generation }) => generation)).toEqual([0, 0, 1, 1, 1])
    expect(tree.losses).toMatchObject([{ reason: 'truncated' }])
  })
})

describe('more files than may be open at a time', () => {
  it('are read in one scan, those that were quiet are closed for the others', async () => {
    const users = Array.from({ length: 600 }, (_, i) => `user${i}`)
    let scans = 0
    const tree = new WatchedTree({
      scanMs: HOUR_MS,
      discover: (scan) => () => {
        scans++
        return scan()
      },
    })
    for (const user of users) tree.write(log(user), `${user} is here\n${user} is gone\n`)
    await tree.until('all', () => tree.rows.length === 2 * users.length)
    expect(scans).toBe(1)
    expect(tree.texts().toSorted()).toEqual(
      users.flatMap((user) => [`${user} is gone`, `${user} is here`]).sort(),
    )
  })
})

describe('R17: so many files that a scan takes a second', () => {
  it.each([
    ['leave most of the time to other work', false, 60_000 / 11_000],
    ['do so however often somebody says that something has changed', true, 60_000 / 5000],
  ])('%s', async (_, hasHints, most) => {
    const time = new VirtualTime()
    time.begin()
    let scans = 0
    const follower = new Follower({
      context: someContext(forgetfulFiles()),
      discover: async function* () {
        scans++
        time.set(time.nowMs() + 1000)
        yield* []
      },
      ...{
        clock: time,
        signal: new AbortController().signal,
        scanMs: 5000,
        flushMs: 1000,
        lineFlushMs: 5000,
      },
      ...{ maxHot: 8, onNotRead: () => {} },
    })
    const end = time.nowMs() + 60_000
    while (time.nowMs() < end) {
      if (hasHints) follower.hint()
      await follower.next(200)
    }
    time.end()
    await follower.close()
    expect(scans).toBeLessThanOrEqual(Math.ceil(most) + 1)
  })
})
