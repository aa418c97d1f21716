import fs, {
  appendFileSync,
  copyFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { describe, expect, it, onTestFinished } from 'vitest'
import { SERVER_LOG, WatchedTree } from '../support/watched-tree.ts'

const line = (n: number, text = 'x') =>
  `2026-03-04 05:06:07,${String(n).padStart(6, '0')} [ 1:1 ] INFO  main - ${text} ${n}\n`
const lines = (from: number, to: number, text = 'x') =>
  Array.from({ length: to - from + 1 }, (_, i) => line(from + i, text)).join('')

/** Texts without what stands before the message, in order. */
const messages = (tree: WatchedTree) => tree.texts().map((text) => text.replace(/^.* - /, ''))
const numbers = (from: number, to: number, text = 'x') =>
  Array.from({ length: to - from + 1 }, (_, i) => `${text} ${from + i}`)

/** Copies a log to its first rotation and cuts it, as logrotate's `copytruncate` does. */
function copyTruncate(path: string): void {
  for (let n = 3; n > 0; n--) {
    if (statSync(`${path}.${n}`, { throwIfNoEntry: false })) renameSync(`${path}.${n}`, `${path}.${n + 1}`)
  }
  copyFileSync(path, `${path}.1`)
  truncateSync(path)
}

describe('a log that was rotated by name before anybody looked', () => {
  it('is read with all its rotations at the first scan', async () => {
    const tree = new WatchedTree({ scanMs: 600_000 })
    tree.write(SERVER_LOG, lines(10, 10))
    for (let n = 1; n < 10; n++) tree.write(`${SERVER_LOG}.${10 - n}`, lines(n, n))
    await tree.until('all', () => tree.rows.length === 10)
    expect(messages(tree).toSorted(byNumber)).toEqual(numbers(1, 10))
  })
})

describe('a log that is copied and then cut', () => {
  it('is stored once, and its next lines under a new generation', async () => {
    const tree = new WatchedTree()
    const path = tree.write(SERVER_LOG, lines(1, 5))
    await tree.until('the first', () => tree.rows.length === 5)
    copyTruncate(path)
    appendFileSync(path, lines(6, 8))
    await tree.until('the next', () => tree.rows.length === 8)
    tree.skip(120_000)
    await tree.until('some scans', countdown(10))
    expect(messages(tree)).toEqual(numbers(1, 8))
    expect(new Set(tree.rows.map(({ fileId, generation }) => `${fileId} ${generation}`)).size).toBe(2)
  })

  it('is stored once if it begins with the same line each time, and the copy is seen when only that line came after it', async () => {
    const tree = new WatchedTree()
    const banner = line(0, 'the same first line')
    const path = tree.write(SERVER_LOG, banner + lines(1, 3))
    await tree.until('the first', () => tree.rows.length === 4)
    const hidden = tree.path('hidden')
    copyFileSync(path, hidden)
    truncateSync(path)
    appendFileSync(path, banner)
    await tree.until('the next', () => tree.rows.length === 5)
    rmSync(path)
    renameSync(hidden, `${path}.1`)
    tree.skip(120_000)
    await tree.until('some scans', countdown(10))
    expect(messages(tree)).toEqual(['the same first line 0', ...numbers(1, 3), 'the same first line 0'])
  })

  it('with lines that were not read yet loses none: they are read from the copy', async () => {
    const tree = new WatchedTree({ scanMs: 60_000 })
    const path = tree.write(SERVER_LOG, lines(1, 5))
    await tree.until('the first', () => tree.rows.length === 5)
    tree.skip(61_000)
    await tree.until('it is cold', () => tree.openFiles().length === 0)
    appendFileSync(path, lines(6, 9))
    copyTruncate(path)
    appendFileSync(path, lines(10, 12))
    tree.hint()
    tree.skip(61_000)
    await tree.until('all', () => tree.rows.length === 12)
    expect(messages(tree).toSorted(byNumber)).toEqual(numbers(1, 12))
    tree.expectTiled('x 1', statSync(`${path}.1`).size)
    tree.expectTiled('x 10', statSync(path).size)
    // Nothing is lost, and the entry does not say so.
    expect(tree.losses).toMatchObject([
      {
        reason: 'truncated',
        length: 0,
        detail: expect.stringContaining('It is read from the copy where one'),
      },
    ])
  })

  it('in the middle of a line goes on with that line in the copy', async () => {
    const tree = new WatchedTree()
    const path = tree.write(SERVER_LOG, line(1) + line(2).slice(0, 40))
    await tree.until('the half line is flushed', () => tree.rows.length === 2)
    await tree.commit()
    tree.crash()
    appendFileSync(path, line(2).slice(40) + line(3))
    copyTruncate(path)
    await tree.until('the rest', () => tree.rows.length === 4)
    expect(tree.rows[2]).toMatchObject({ text: line(2).slice(40, -1), flags: 1, generation: 0 })
    tree.expectTiled('x 1', statSync(`${path}.1`).size)
  })

  it('again and again, while nobody looked, is found in its rotations', async () => {
    const tree = new WatchedTree()
    const path = tree.write(SERVER_LOG, lines(1, 5))
    await tree.until('the first', () => tree.rows.length === 5)
    await tree.commit()
    tree.crash()
    for (let round = 1; round <= 3; round++) {
      appendFileSync(path, lines(round * 10, round * 10 + 3))
      copyTruncate(path)
    }
    appendFileSync(path, lines(40, 41))
    await tree.until('all', () => tree.rows.length === 5 + 3 * 4 + 2)
    tree.skip(120_000)
    await tree.until('some scans', countdown(10))
    expect(messages(tree).toSorted(byNumber)).toEqual(
      [numbers(1, 5), numbers(10, 13), numbers(20, 23), numbers(30, 33), numbers(40, 41)].flat(),
    )
  })

  it('is stored once under a date as well', async () => {
    const tree = new WatchedTree()
    const path = tree.write(SERVER_LOG, lines(1, 5))
    await tree.until('the first', () => tree.rows.length === 5)
    copyFileSync(path, `${path}-20260304`)
    truncateSync(path)
    appendFileSync(path, line(6))
    await tree.until('the next', () => tree.rows.length === 6)
    tree.skip(120_000)
    await tree.until('some scans', countdown(10))
    expect(messages(tree)).toEqual(numbers(1, 6))
  })
})

describe('a log that is copied to another disk and deleted', () => {
  it('is read on in the copy', async () => {
    const tree = new WatchedTree()
    const path = tree.write(SERVER_LOG, lines(1, 5))
    await tree.until('the first', () => tree.rows.length === 5)
    await tree.commit()
    tree.crash()
    appendFileSync(path, lines(6, 7))
    copyFileSync(path, `${path}.1`)
    rmSync(path)
    writeFileSync(path, lines(8, 9))
    await tree.until('the next', () => tree.rows.length === 9)
    expect(messages(tree).toSorted(byNumber)).toEqual(numbers(1, 9))
    tree.expectTiled('x 1', statSync(`${path}.1`).size)
  })
})

describe('a copy of a log that goes on', () => {
  it('waits for a cut that may come, and is a file of its own when none does', async () => {
    const tree = new WatchedTree()
    const path = tree.write(SERVER_LOG, lines(1, 5))
    await tree.until('the first', () => tree.rows.length === 5)
    copyFileSync(path, `${path}.1`)
    appendFileSync(path, line(6))
    await tree.until('the next', () => tree.rows.length === 6)
    await tree.until('some scans', countdown(10))
    expect(tree.rows).toHaveLength(6)
    await tree.until('the copy', () => {
      // The minute begins with the scan that sees the copy first.
      tree.skip(61_000)
      return tree.rows.length === 11
    })
    expect(new Set(tree.rows.slice(6).map(({ generation }) => generation))).toEqual(new Set([1]))
  })
})

function byNumber(a: string, b: string): number {
  return Number(a.split(' ')[1]) - Number(b.split(' ')[1])
}

function countdown(times: number): () => boolean {
  let left = times
  return () => left-- <= 0
}

describe('two thousand files that differ in a number only, as rotations do', () => {
  it('are read, each of them, without each being compared with all', async () => {
    const tree = new WatchedTree()
    const whole = fs.openSync
    let opened = 0
    Object.assign(fs, {
      openSync: (...args: Parameters<typeof whole>) => {
        opened++
        return whole(...args)
      },
    })
    syncBuiltinESMExports()
    onTestFinished(() => {
      Object.assign(fs, { openSync: whole })
      syncBuiltinESMExports()
    })
    for (let n = 0; n < 2000; n++) tree.write(`var/log/dcv/server.log.${n}`, `file ${n}\n`)
    await tree.until('all files', () => tree.rows.length === 2000, 60_000)
    expect(new Set(tree.texts()).size).toBe(2000)
    expect(opened).toBeLessThan(2000 * 110)
  })
})
