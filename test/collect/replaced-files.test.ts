import { appendFileSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { SERVER_LOG, WatchedTree } from '../support/watched-tree.ts'

const PLAIN = (user: string) => `var/log/dcv/dcv-xsession.${user}.log`
const HEAD = Array.from({ length: 60 }, (_, i) => `the same line ${i} at the head of each file\n`).join('')

describe('R1: a new file at the path and with the first two KiB of a deleted one', () => {
  it.each([
    ['bigger', 40],
    ['smaller', 1],
  ])('that is %s than what was stored is read whole', async (_, count) => {
    const tree = new WatchedTree()
    const own = (text: string, n: number) => Array.from({ length: n }, (_, i) => `${text} ${i}\n`).join('')
    const path = tree.write(PLAIN('ann'), HEAD + own('old', 20))
    await tree.until('the old file', () => tree.rows.length === 80)
    tree.skip(61_000)
    await tree.until('it is cold', () => tree.openFiles().length === 0)
    await tree.commit()
    rmSync(path)
    // The file system gives the inode number again if it can.
    writeFileSync(path, HEAD + own('new', count))
    await tree.until('the new file', () => tree.rows.length === 80 + 60 + count)
    const [old, fresh] = [0, 1].map((g) => tree.rows.filter(({ generation }) => generation === g))
    expect([old?.length, fresh?.length]).toEqual([80, 60 + count])
    expect(fresh?.map(({ text }) => text).join('\n')).toBe((HEAD + own('new', count)).trimEnd())
  })
})

describe('R8: files with the same first KiB', () => {
  it('are all read, at once', async () => {
    const tree = new WatchedTree()
    const users = ['ann', 'bob', 'eve']
    for (const user of users) tree.write(PLAIN(user), `${HEAD}${user}\n`)
    await tree.until('all', () => tree.rows.length === 61 * 3)
    for (const user of users) tree.expectTiled(user, statSync(tree.path(PLAIN(user))).size)
  })

  it('one of which is the rotation of another are all read', async () => {
    const tree = new WatchedTree()
    tree.write(PLAIN('ann'), `${HEAD}new\n`)
    tree.write(`${PLAIN('ann')}.1`, `${HEAD}old\n`)
    tree.write(`${PLAIN('ann')}.2`, `${HEAD}older\n`)
    await tree.until('all', () => tree.rows.length === 61 * 3)
    for (const text of ['new', 'old', 'older'])
      expect(tree.rows.filter((row) => row.text === text)).toHaveLength(1)
  })
})

describe('R9: a file of one line', () => {
  it('is read with the second scan at the latest', async () => {
    let scans = 0
    const tree = new WatchedTree({
      discover: (scan) => () => {
        scans++
        return scan()
      },
    })
    await tree.until('a scan', () => scans > 0)
    tree.write(PLAIN('ann'), 'x\n')
    const before = scans
    await tree.until('the line', () => tree.rows.length === 1)
    expect(scans - before).toBeLessThanOrEqual(2 + 1)
  })
})

describe('a path that another machine writes to', () => {
  const DESKTOP = 'apps/soca/soca-x/cluster_node_bootstrap/logs/desktop/ann/desk/ip-10-0-0-1'
  const LOG = `${DESKTOP}/ComputeNodeInstallDCV.log`

  it('because it got the address of a deleted one is a new generation, also after a crash', async () => {
    const tree = new WatchedTree()
    const path = tree.write(LOG, 'one\ntwo\n')
    await tree.until('the first', () => tree.rows.length === 2)
    await tree.commit()
    tree.crash()
    rmSync(dirname(path), { recursive: true })
    mkdirSync(dirname(path))
    writeFileSync(path, 'one\ntwo\nthree\n')
    await tree.until('the second', () => tree.rows.length === 5)
    expect(tree.rows.map(({ generation, text }) => `${generation} ${text}`)).toEqual([
      ...['0 one', '0 two', '1 one', '1 two', '1 three'],
    ])
  })
})

describe('a folder that is renamed while its files are read', () => {
  it('keeps their identity and their place', async () => {
    const tree = new WatchedTree()
    const logs = 'apps/soca/soca-x/cluster_node_bootstrap/logs/desktop/ann'
    const path = tree.write(`${logs}/desk/ip-10-0-0-1/ComputeNodeInstallDCV.log`, 'one\n')
    await tree.until('the first', () => tree.rows.length === 1)
    renameSync(tree.path(`${logs}/desk`), tree.path(`${logs}/desk-old`))
    const moved = path.replace('/desk/', '/desk-old/')
    appendFileSync(moved, 'two\n')
    await tree.until('the next', () => tree.rows.length === 2)
    tree.skip(61_000)
    await tree.until('it is cold', () => tree.openFiles().length === 0)
    appendFileSync(moved, 'three\n')
    await tree.until('the last', () => tree.rows.length === 3)
    tree.expectTiled('one', statSync(moved).size)
  })
})

describe('R37: several rotations while nobody looks', () => {
  it.each([
    ['numbers', (path: string, n: number) => `${path}.${n}`],
    ['dates', (path: string, n: number) => `${path}-2026030${9 - n}`],
    ['dates of a week', (path: string, n: number) => `${path}.2026-03-0${9 - n}`],
  ])('by %s: what was read is known, and the rest is read', async (_, name) => {
    const tree = new WatchedTree()
    const path = tree.write(SERVER_LOG, 'one 1\none 2\n')
    await tree.until('the first', () => tree.rows.length >= 1)
    await tree.until('both', () =>
      tree.rows
        .map(({ text }) => text)
        .join()
        .includes('one 2'),
    )
    await tree.commit()
    tree.crash()
    appendFileSync(path, 'one 3\n')
    for (let round = 2; round <= 4; round++) {
      for (let n = 3; n >= 1; n--) {
        if (statSync(name(path, n), { throwIfNoEntry: false })) renameSync(name(path, n), name(path, n + 1))
      }
      renameSync(path, name(path, 1))
      writeFileSync(path, `round ${round}\n`)
    }
    const all = () => tree.texts().join('\n').split('\n')
    await tree.until('all', () => all().length === 6)
    expect(all().toSorted()).toEqual(['one 1', 'one 2', 'one 3', 'round 2', 'round 3', 'round 4'])
    expect(tree.losses).toEqual([])
  })
})

describe('R27: a path that is deleted and made again between two looks', () => {
  it('again and again, with inode numbers that come again, gives each content whole and once, or not at all', async () => {
    const tree = new WatchedTree()
    const path = tree.write(PLAIN('ann'), '')
    const written: string[] = []
    for (let round = 0; round < 10; round++) {
      for (let n = 0; n < 3; n++) {
        const content = `head\nbody ${written.length}\n${'more\n'.repeat((round + n) % 4)}`
        rmSync(path)
        writeFileSync(path, content)
        written.push(content)
      }
      const last = (written.at(-1) ?? '').split('\n').length - 1
      await tree.until('the last', () => tree.rowsWith(`body ${written.length - 1}`).length === last)
      tree.skip(61_000)
      await tree.until('it is closed, so its number is free', () => tree.openFiles().length === 0)
    }
    const generations = new Set(tree.rows.map(({ generation }) => generation))
    const read = Array.from(generations, (one) =>
      tree.rows.map(({ generation, text }) => (generation === one ? `${text}\n` : '')).join(''),
    )
    expect(read.filter((content) => !written.includes(content))).toEqual([])
    expect(new Set(read).size).toBe(read.length)
    expect(tree.losses).toEqual([])
  })
})
