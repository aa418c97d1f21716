import { appendFileSync, closeSync, openSync, statSync, truncateSync, writeSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findHole } from '../../src/collect/nul-hole.ts'
import { tilingFaults } from '../support/tiling.ts'
import { WatchedTree } from '../support/watched-tree.ts'

const LOG = 'var/log/dcv/dcv-xsession.ann.log'
const MB = 1024 * 1024

/** Writes at a place of a file, wherever its end is. */
function writeAt(path: string, text: string | Buffer, offset: number): void {
  const fd = openSync(path, 'r+')
  const bytes = Buffer.from(text)
  writeSync(fd, bytes, 0, bytes.length, offset)
  closeSync(fd)
}

function holes(tree: WatchedTree) {
  return tree.losses
    .filter(({ reason }) => reason === 'nul-hole')
    .map(({ offset, length }) => ({ offset, length }))
}

describe('NULs that are no text', () => {
  it('are a run of sixteen or more, or the last bytes', () => {
    const find = (text: string) => findHole(Buffer.from(text), 1)
    expect(find('text')).toBeUndefined()
    expect(find(`a\0\0b${'\0'.repeat(15)}c`)).toBeUndefined()
    expect(find(`a\0b${'\0'.repeat(16)}c`)).toEqual({ begin: 3, end: 19 })
    expect(find('ab\0')).toEqual({ begin: 2, end: 3 })
    expect(find('\0\0')).toEqual({ begin: 0, end: 2 })
  })

  it('are whole units in UTF-16, and never a half of a letter', () => {
    const parts = fc.array(fc.oneof(fc.constantFrom('a', 'é', '€', '\n'), fc.integer({ min: 8, max: 20 })))
    fc.assert(
      fc.property(parts, fc.boolean(), (some, isBig) => {
        const text = some.map((part) => (typeof part === 'number' ? '\0'.repeat(part) : part)).join('')
        const bytes = Buffer.from(text, 'utf16le')
        if (isBig) bytes.swap16()
        const hole = findHole(bytes, 2)
        const begin = /\0{8,}|\0+$/.exec(text)?.index
        expect(hole?.begin).toBe(begin === undefined ? undefined : begin * 2)
        if (hole !== undefined)
          expect(bytes.subarray(hole.begin, hole.end).every((byte) => byte === 0)).toBe(true)
      }),
    )
  })
})

describe('R6: a log that is cut while its writer goes on where it was', () => {
  it('gives its text and a ledger entry for the hole, and no line of NULs', async () => {
    const tree = new WatchedTree()
    const path = tree.write(LOG, 'one\n')
    await tree.until('the first', () => tree.rows.length === 1)
    truncateSync(path)
    writeAt(path, 'two\nthree\n', 10 * MB)
    await tree.until('the text', () => tree.rows.length === 3)
    expect(tree.texts()).toEqual(['one', 'two', 'three'])
    expect(holes(tree)).toEqual([{ offset: 0, length: 10 * MB }])
    const second = tree.rows.filter(({ generation }) => generation === 1)
    expect(tilingFaults([...second, ...holes(tree)], statSync(path).size)).toEqual([])
    expect(tree.losses.map(({ reason }) => reason)).toEqual(['truncated', 'nul-hole'])
  })

  it('keeps the beginning of the line before the hole, and tiles the file after a crash too', async () => {
    const tree = new WatchedTree()
    const path = tree.write(LOG, 'one\nhalf')
    writeAt(path, ' a line\nlast\n', 3 * MB)
    await tree.until('the text', () => tree.rows.length === 4)
    expect(tree.texts()).toEqual(['one', 'half', ' a line', 'last'])
    await tree.commit()
    tree.crash()
    appendFileSync(path, 'more\n')
    await tree.until('the next line', () => tree.rows.length === 5)
    expect(holes(tree)).toEqual([{ offset: 8, length: 3 * MB - 8 }])
    expect(tilingFaults([...tree.rows, ...holes(tree)], statSync(path).size)).toEqual([])
    expect(tree.rows.map(({ flags }) => flags & 1)).toEqual([0, 0, 0, 0, 0])
  })
})

describe('a log in UTF-16 that begins with a hole', () => {
  it('is read in its encoding', async () => {
    const tree = new WatchedTree()
    const path = tree.write(LOG, Buffer.from('one\n', 'utf16le'))
    await tree.until('the first', () => tree.rows.length === 1)
    truncateSync(path)
    writeAt(path, Buffer.from('two\nthree\n', 'utf16le'), 5000)
    await tree.until('the text', () => tree.rows.length === 3)
    expect(tree.texts()).toEqual(['one', 'two', 'three'])
    expect(holes(tree)).toEqual([{ offset: 0, length: 5000 }])
  })
})

describe('R38: NULs at the end of a file, as a network file system shows bytes that are on their way', () => {
  it.each(['while it is followed', 'in its backlog'])(
    'are not committed, and read when they are text: %s',
    async (when) => {
      const tree = new WatchedTree()
      const path = tree.write(LOG, 'one\n')
      if (when === 'while it is followed') await tree.until('the first', () => tree.rows.length === 1)
      truncateSync(path, 4 + 9)
      await tree.until('a look at it', () => tree.rows.length === 1)
      tree.skip(1000)
      await tree.until('nothing more', countdown(8))
      expect(tree.texts()).toEqual(['one'])
      await tree.commit()
      expect(tree.committedOffset(LOG)).toBe(4)
      writeAt(path, 'two\nthree', 4)
      appendFileSync(path, '\n')
      await tree.until('the text', () => tree.rows.length === 3)
      expect(tree.texts()).toEqual(['one', 'two', 'three'])
      tree.expectTiled('one', statSync(path).size)
      expect(tree.losses).toEqual([])
    },
  )

  it('that stay for ever keep no descriptor open', async () => {
    const tree = new WatchedTree()
    const path = tree.write(LOG, 'one\n')
    truncateSync(path, 5000)
    await tree.until('the line', () => tree.rows.length === 1)
    tree.skip(61_000)
    await tree.until('it is closed', () => tree.openFiles().length === 0)
    tree.skip(1000)
    await tree.until('some scans', countdown(8))
    expect(tree.openFiles()).toEqual([])
  })
})

function countdown(times: number): () => boolean {
  let left = times
  return () => left-- <= 0
}
