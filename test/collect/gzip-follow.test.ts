import { appendFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { WatchedTree } from '../support/watched-tree.ts'

const LOG = 'var/log/dcv/dcv-xsession.mira.log'
const lines = (from: number, to: number, text = 'line') =>
  Array.from({ length: to - from + 1 }, (_, i) => `${text} ${from + i}\n`).join('')
const numbered = (from: number, to: number, text = 'line') => lines(from, to, text).trimEnd().split('\n')

let probes = 0

/** Follows for a while in which nothing new may come. */
async function quietly(tree: WatchedTree, rounds = 2): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    const probe = `probe ${probes++}`
    tree.write(`var/log/dcv/${probe.replace(' ', '-')}.log`, `${probe}\n`)
    await tree.until('the probe', () => tree.texts().includes(probe))
  }
  tree.rows = tree.rows.filter(({ text }) => !text.startsWith('probe'))
}

describe('a compressed log that is watched', () => {
  it('is read, as backlog, when it is found and when it comes', async () => {
    const tree = new WatchedTree()
    tree.write(`${LOG}.2.gz`, gzipSync(lines(1, 20_000, 'old')))
    await tree.until('all lines', () => tree.rows.length === 20_000)
    tree.write(`${LOG}.1.gz`, gzipSync(`${lines(1, 9)}no newline`))
    await tree.until('the other', () => tree.rows.length === 20_010)
    expect(tree.rows.filter((row) => row.observed)).toEqual([])
    await tree.commit()
    tree.crash()
    await quietly(tree)
    expect(tree.rows).toHaveLength(20_010)
    expect(tree.openFiles()).not.toContain(`${LOG}.1.gz`)
  })

  it('and still being written is waited for', async () => {
    const tree = new WatchedTree()
    const whole = gzipSync(Array.from({ length: 3000 }, (_, i) => `line ${i} ${Math.sin(i)}\n`).join(''))
    const path = tree.write(`${LOG}.1.gz`, whole.subarray(0, 10))
    for (let at = 10; at < whole.length; at += 8000) {
      await quietly(tree, 1)
      expect([tree.rows, tree.notRead]).toEqual([[], []])
      appendFileSync(path, whole.subarray(at, at + 8000))
    }
    await tree.until('all lines', () => tree.rows.length === 3000)
    expect([tree.losses, tree.notRead]).toEqual([[], []])
  })

  it('and left unfinished is read as far as it goes, and told of', async () => {
    const tree = new WatchedTree()
    const whole = gzipSync(Array.from({ length: 3000 }, (_, i) => `line ${i} ${Math.sin(i)}\n`).join(''))
    tree.write(`${LOG}.1.gz`, whole.subarray(0, whole.length / 2))
    await quietly(tree, 2)
    expect([tree.rows, tree.notRead]).toEqual([[], []])
    tree.skip(61_000)
    await tree.until('what is there', () => tree.rows.length > 1000)
    await quietly(tree)
    expect(tree.notRead).toEqual([expect.objectContaining({ reason: 'incomplete' })])
    expect(tree.losses).toMatchObject([{ reason: 'unreadable', length: 0 }])
  })

  it('with a fault is told of once, and stops nothing', async () => {
    const tree = new WatchedTree()
    tree.write(`${LOG}.1.gz`, 'this is no gzip data\n')
    tree.write(`${LOG}.2.gz`, gzipSync(lines(1, 3)))
    await tree.until('the good one', () => tree.rows.length === 3)
    await quietly(tree)
    expect(tree.notRead).toEqual([
      expect.objectContaining({ reason: 'damaged', path: tree.path(`${LOG}.1.gz`) }),
    ])
  })
})

describe('a followed file that is compressed', () => {
  it('R7: is counted once, though its plain inode is still held', async () => {
    const tree = new WatchedTree()
    const path = tree.write(LOG, lines(1, 100))
    await tree.until('the first lines', () => tree.rows.length === 100)
    renameSync(path, `${path}.1`)
    writeFileSync(path, lines(1, 5, 'new'))
    await tree.until('the new file', () => tree.rows.length === 105)
    writeFileSync(`${path}.1.gz`, gzipSync(lines(1, 100)))
    await quietly(tree)
    rmSync(`${path}.1`)
    await quietly(tree)
    tree.skip(61_000)
    await quietly(tree)
    expect(tree.texts().toSorted()).toEqual([...numbered(1, 100), ...numbered(1, 5, 'new')].toSorted())
    renameSync(`${path}.1.gz`, `${path}.2.gz`)
    await quietly(tree)
    expect(tree.rows).toHaveLength(105)
  })

  it('R7: while it is still written is counted once, though it is longer than its copy by then', async () => {
    const tree = new WatchedTree()
    const path = tree.write(LOG, lines(1, 100))
    await tree.until('the first lines', () => tree.rows.length === 100)
    tree.write(`${LOG}.1.gz`, gzipSync(lines(1, 60)))
    await quietly(tree)
    appendFileSync(path, lines(101, 110))
    await tree.until('the next lines', () => tree.rows.length >= 110)
    expect(tree.texts()).toEqual(numbered(1, 110))
  })

  it('while nobody watched goes on at its committed offset, through several rotations', async () => {
    const tree = new WatchedTree()
    const path = tree.write(LOG, lines(1, 100))
    await tree.until('the first lines', () => tree.rows.length === 100)
    await tree.commit()
    appendFileSync(path, lines(101, 120))
    await tree.until('more lines', () => tree.rows.length === 120)
    const [first] = tree.rows
    tree.crash()
    rmSync(path)
    tree.write(`${LOG}.2.gz`, gzipSync(lines(1, 150)))
    tree.write(`${LOG}.1.gz`, gzipSync(lines(1, 30, 'middle')))
    tree.write(LOG, lines(1, 10, 'new'))
    await tree.until('all', () => tree.rows.length >= 190)
    await quietly(tree)
    expect(tree.texts().toSorted()).toEqual(
      [...numbered(1, 150), ...numbered(1, 30, 'middle'), ...numbered(1, 10, 'new')].toSorted(),
    )
    const own = tree.rowsWith('line 150')
    expect([own.length, own[0]?.fileId, own[0]?.generation]).toEqual([150, first?.fileId, first?.generation])
    tree.expectTiled('line 150', lines(1, 150).length)
  })

  it('while nobody watched goes on, though its inode is that of a busy file now', async () => {
    const tree = new WatchedTree()
    const path = tree.write(LOG, lines(1, 100))
    await tree.until('the first lines', () => tree.rows.length === 100)
    tree.skip(61_000)
    await tree.until('it is closed', () => tree.openFiles().length === 0)
    await tree.commit()
    const { ino } = statSync(path)
    tree.crash()
    rmSync(path)
    // Most file systems give the number to the next file.
    for (let n = 0; n < 20 && statSync(path, { throwIfNoEntry: false })?.ino !== ino; n++) {
      renameSync(tree.write(`other${n}`, lines(1, 10, 'new')), path)
    }
    tree.write(`${LOG}.1.gz`, gzipSync(lines(1, 150)))
    await tree.until('all', () => tree.rows.length >= 160)
    tree.expectTiled('line 150', lines(1, 150).length)
  })

  it('and unpacked again by somebody is counted once', async () => {
    const tree = new WatchedTree()
    tree.write(`${LOG}.1.gz`, gzipSync(lines(1, 100)))
    await tree.until('its lines', () => tree.rows.length === 100)
    tree.write('var/log/dcv/copy', lines(1, 100))
    renameSync(tree.path('var/log/dcv/copy'), tree.path(`${LOG}.1`))
    rmSync(tree.path(`${LOG}.1.gz`))
    await quietly(tree)
    expect(tree.rows).toHaveLength(100)
  })

  it('at once with its copy is counted once, again and again', async () => {
    for (let round = 0; round < 4; round++) {
      const tree = new WatchedTree()
      tree.write(`${LOG}.1`, lines(1, 30_000))
      tree.write(`${LOG}.1.gz`, gzipSync(lines(1, 30_000)))
      await tree.until('its lines', () => tree.rows.length >= 30_000)
      if (round % 2 === 0) await tree.commit()
      if (round % 3 === 0) tree.crash()
      await tree.until('its lines', () => tree.rows.length >= 30_000)
      await quietly(tree)
      expect(tree.rows).toHaveLength(30_000)
    }
  })
})
