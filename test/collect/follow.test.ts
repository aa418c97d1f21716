import {
  appendFileSync,
  closeSync,
  copyFileSync,
  fstatSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Sighted } from '../../src/collect/discover.ts'
import { SERVER_LOG, WatchedTree } from '../support/watched-tree.ts'

// R1 to R38 in the titles of tests number the failures that users of other tailers reported most; each has a test here,
// in test/exactly-once, in test/store or in test/interpret.
const line = (n: number, text = 'x') =>
  `2026-03-04 05:06:07,${String(n).padStart(6, '0')} [ 1:1 ] INFO  main - ${text} ${n}\n`
const lines = (from: number, to: number, text = 'x') =>
  Array.from({ length: to - from + 1 }, (_, i) => line(from + i, text)).join('')

describe('rotation by rename', () => {
  it('while it is read: what the old and the new file get arrives once, each under its own generation', async () => {
    const tree = new WatchedTree()
    const path = tree.write(SERVER_LOG, lines(1, 20_000, 'old'))
    await tree.until('the first chunk', () => tree.rows.length > 0)
    renameSync(path, `${path}.1`)
    appendFileSync(`${path}.1`, lines(20_001, 20_010, 'old'))
    writeFileSync(path, lines(1, 10, 'new'))
    await tree.until('all lines', () => tree.rows.length === 20_020)
    tree.expectTiled('old 1', statSync(`${path}.1`).size)
    tree.expectTiled('new 1', statSync(path).size)
    expect(new Set(tree.rows.map((row) => row.path))).toEqual(new Set([`/${SERVER_LOG}`]))
  })

  it('R4: again and again, in the middle of lines too: no line is glued to one of another file', async () => {
    const tree = new WatchedTree()
    const path = tree.write(SERVER_LOG, '')
    const sizes: [string, number][] = []
    for (let round = 0; round < 12; round++) {
      writeFileSync(path, line(0, `round${round}`))
      appendFileSync(path, line(1, `round${round}`).slice(0, 50))
      await tree.until('the file is seen', () =>
        tree.rows.some((row) => row.text.includes(`round${round} 0`)),
      )
      for (let i = 12; i > 0; i--) rename(`${path}.${i}`, `${path}.${i + 1}`)
      renameSync(path, `${path}.1`)
      appendFileSync(`${path}.1`, `${line(1, `round${round}`).slice(50)}${line(2, `round${round}`)}`)
      sizes.push([`round${round} 0`, statSync(`${path}.1`).size])
    }
    await tree.until('all rows', () => sizes.every(([text, size]) => end(tree, text) === size))
    for (const [text, size] of sizes) tree.expectTiled(text, size)
    expect(tree.losses).toEqual([])
  })

  it('between the scan that saw the path and its opening: the file is read once', async () => {
    let rotate: (() => void) | undefined
    const tree = new WatchedTree({
      discover: (scan) =>
        async function* () {
          const seen: Sighted[] = []
          for await (const sighted of scan()) seen.push(sighted)
          rotate?.()
          rotate = undefined
          yield* seen
        },
    })
    const path = tree.write(SERVER_LOG, lines(1, 3, 'old'))
    await tree.until('the old file', () => tree.rows.length === 3)
    tree.skip(61_000)
    await tree.until('it is cold', () => tree.openFiles().length === 0)
    rotate = () => {
      renameSync(path, `${path}.1`)
      writeFileSync(path, lines(1, 5, 'new'))
    }
    appendFileSync(path, line(4, 'old'))
    await tree.until('the rest', () => tree.rows.length >= 3 + 1 + 5)
    appendFileSync(path, line(6, 'new'))
    await tree.until('the last line', () => tree.texts().some((text) => text.includes('new 6')))
    tree.expectTiled('new 1', statSync(path).size)
    tree.expectTiled('old 1', statSync(`${path}.1`).size)
  })
})

describe('a file cut in place', () => {
  it('is a new generation with a loss, and what waited is not thrown away', async () => {
    const tree = new WatchedTree({ flushMs: 60_000, lineFlushMs: 60_000 })
    const path = tree.write(SERVER_LOG, lines(1, 5, 'first'))
    await tree.until('all but the last', () => tree.rows.length === 4)
    copyFileSync(path, tree.path('elsewhere'))
    truncateSync(path)
    await tree.until('the loss', () => tree.losses.length > 0)
    appendFileSync(path, lines(1, 3, 'second'))
    await tree.until('the new lines', () => tree.texts().some((text) => text.includes('second 2')))
    tree.expectTiled('first 1', statSync(tree.path('elsewhere')).size)
    const [first, second] = [tree.rowsWith('first 1')[0], tree.rowsWith('second 1')[0]]
    expect(second).toMatchObject({ fileId: first?.fileId, generation: 1, offset: 0 })
    expect(tree.losses).toMatchObject([{ reason: 'truncated', file: { generation: 1 } }])
  })

  it('tells the loss once, and after a crash before it was stored again', async () => {
    const tree = new WatchedTree()
    const path = tree.write(SERVER_LOG, lines(1, 5))
    await tree.until('all', () => tree.rows.length === 5)
    await tree.commit()
    truncateSync(path)
    await tree.until('the loss', () => tree.losses.length === 1)
    tree.crash()
    await tree.until('the loss again', () => tree.losses.length === 1)
    await tree.commit()
    tree.crash()
    appendFileSync(path, line(6))
    await tree.until('the new line', () => tree.rows.length === 6)
    expect(tree.losses).toHaveLength(1)
  })

  it('R5: and grown past the old offset between two looks is known by the bytes before the offset', async () => {
    const tree = new WatchedTree()
    const path = tree.write(SERVER_LOG, lines(1, 5, 'first'))
    await tree.until('all', () => tree.rows.length === 5)
    writeFileSync(path, lines(100, 200, 'second'))
    await tree.until('the new lines', () => tree.rows.length === 106)
    tree.expectTiled('second 100', statSync(path).size)
    expect(tree.losses).toMatchObject([{ reason: 'truncated' }])
  })

  it('and grown to the very size it had is found when it goes cold', async () => {
    const tree = new WatchedTree()
    const path = tree.write(SERVER_LOG, lines(1, 5, 'first'))
    await tree.until('all', () => tree.rows.length === 5)
    writeFileSync(path, lines(1, 5, 'other'))
    await tree.until('a poll', () => true)
    tree.skip(61_000)
    await tree.until('the new lines', () => tree.rows.length === 10)
    tree.expectTiled('other 1', statSync(path).size)
  })

  it('while it is cold, to the same size, is found by the scan', async () => {
    const tree = new WatchedTree()
    const path = tree.write(SERVER_LOG, lines(1, 5, 'first'))
    await tree.until('all', () => tree.rows.length === 5)
    tree.skip(61_000)
    await tree.until('it is cold', () => tree.openFiles().length === 0)
    writeFileSync(path, lines(1, 5, 'other'))
    await tree.until('the new lines', () => tree.rows.length === 10)
    tree.expectTiled('other 1', statSync(path).size)
  })

  it('while its backlog is read gives no row of mixed bytes', async () => {
    const tree = new WatchedTree()
    const path = tree.write(SERVER_LOG, lines(1, 40_000, 'first'))
    await tree.until('the first chunk', () => tree.rows.length > 0)
    writeFileSync(path, lines(1, 50_000, 'second'))
    await tree.until(
      'the new lines',
      () => tree.texts().some((text) => text.includes('second 50000')),
      30_000,
    )
    tree.expectTiled('second 1', statSync(path).size)
    expect(new Set(tree.rowsWith('second 1').map((row) => row.text.includes('second')))).toEqual(
      new Set([true]),
    )
    expect(tree.losses).toMatchObject([{ reason: 'truncated' }])
  })
})

describe('a path that goes', () => {
  it('R26: by delete, with much still unread: everything is read, though scans see it no more', async () => {
    const tree = new WatchedTree()
    const more = lines(1, 20_000)
    const path = tree.write(SERVER_LOG, more)
    const writer = openSync(path, 'a')
    await tree.until('the first chunk', () => tree.rows.length > 0)
    rmSync(path)
    const before = tree.scans
    let written = 1
    tree.skip(1000)
    await tree.until('two scans while it is behind', () => {
      // More than is read of it at a time.
      writeSync(writer, more)
      written++
      return tree.scans >= before + 2
    })
    const { size } = fstatSync(writer)
    closeSync(writer)
    await tree.until('all', () => tree.rows.length === written * 20_000)
    tree.expectTiled('x 1', size)
  })

  it('before the service stops: what was held back of it is stored, and what was not yet read', async () => {
    const tree = new WatchedTree({ flushMs: 3_600_000, lineFlushMs: 3_600_000 })
    const path = tree.write(SERVER_LOG, lines(1, 2))
    await tree.until('the first line', () => tree.rows.length === 1)
    const writer = openSync(path, 'a')
    rmSync(path)
    writeSync(writer, `${lines(3, 20_000)}half a line`)
    const { size } = fstatSync(writer)
    await tree.stop()
    expect(tree.texts().at(-1)).toMatch(/x 20000\nhalf a line$/)
    tree.expectTiled('x 1', size)
    closeSync(writer)
  })

  it('is not read out when the service stops if another name is left: the next one goes on', async () => {
    const tree = new WatchedTree({ flushMs: 3_600_000, lineFlushMs: 3_600_000 })
    const path = tree.write(SERVER_LOG, lines(1, 2))
    await tree.until('the first line', () => tree.rows.length === 1)
    renameSync(path, `${path}.1`)
    await tree.stop()
    expect(tree.rows).toHaveLength(1)
    await tree.commit()
    tree.crash()
    appendFileSync(`${path}.1`, line(3))
    await tree.until('the rest', () => tree.open.lagBytes === 0 && tree.open.hasReadAll)
    await tree.stop()
    expect(tree.rows).toHaveLength(2)
  })

  it('and comes again with the same first line is a new generation, and nothing is lost', async () => {
    const tree = new WatchedTree()
    const path = tree.write(SERVER_LOG, lines(1, 3))
    await tree.until('the first', () => tree.rows.length === 3)
    rmSync(path)
    writeFileSync(path, lines(1, 4))
    await tree.until('the second', () => tree.rows.length === 7)
    expect(new Set(tree.rows.map((row) => row.fileId)).size).toBe(1)
    expect(tree.rows.map((row) => row.generation)).toEqual([0, 0, 0, 1, 1, 1, 1])
    expect(tree.losses).toEqual([])
  })

  it('and comes again thirty times: each content arrives once', async () => {
    const tree = new WatchedTree()
    const path = tree.write(SERVER_LOG, '')
    for (let i = 0; i < 30; i++) {
      rmSync(path)
      writeFileSync(path, line(0, 'head') + line(i, 'body'))
      await tree.until(`body ${i}`, () => tree.texts().some((text) => text.endsWith(`body ${i}`)))
      tree.hint()
    }
    expect(tree.rows).toHaveLength(60)
    expect(new Set(tree.rows.map((row) => `${row.generation}:${row.offset}`)).size).toBe(60)
  })
})

function rename(from: string, to: string): void {
  if (statSync(from, { throwIfNoEntry: false }) !== undefined) renameSync(from, to)
}

function end(tree: WatchedTree, text: string): number {
  const last = tree.rowsWith(text).at(-1)
  return last === undefined ? -1 : last.offset + last.length
}
