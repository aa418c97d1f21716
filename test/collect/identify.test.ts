import { appendFileSync, closeSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Checkpoint } from '../../src/collect/checkpoint.ts'
import { forgetfulFiles } from '../../src/collect/file-index.ts'
import { newFileId, printOf } from '../../src/collect/fingerprint.ts'
import { identify } from '../../src/collect/identify.ts'
import { type FileStat, type OpenFile, openRegular } from '../../src/collect/open-file.ts'
import { tempDir } from '../support/temp-dir.ts'

const BASE = '/var/log/dcv/server.log'
const TEXT = Array.from({ length: 40 }, (_, i) => `line ${i} of a log\n`).join('')

function open(path: string): OpenFile {
  const opened = openRegular(path)
  if ('refused' in opened) throw new Error(opened.refused)
  onTestFinished(() => closeSync(opened.fd))
  return opened
}

/** A file with this text, of which so many bytes are stored. */
function someFile(text = TEXT, stored = TEXT.length) {
  const path = join(tempDir(), 'server.log')
  writeFileSync(path, text)
  const { stat } = open(path)
  const bytes = Buffer.from(text).subarray(0, stored)
  const checkpoint: Checkpoint = {
    fileId: newFileId(BASE, Buffer.from(text.split('\n')[0] ?? '')),
    generation: 0,
    ...{
      path: BASE,
      base: BASE,
      firstPath: path,
      lastPath: path,
      dev: stat.dev,
      ino: stat.ino,
      birthMs: stat.birthMs,
    },
    prefix: printOf(bytes.subarray(0, 1024)),
    guard: printOf(bytes.subarray(-64)),
    reader: { offset: stored },
    memory: { ts: 0, tsQuality: 0, windows: {} },
  }
  const known = forgetfulFiles()
  const look = (at = path, settle = false) =>
    identify(
      open(at),
      at,
      { base: BASE, isRotated: at !== path },
      { known, settle, settleCopy: false, openNow: () => undefined },
    )
  const note = (changed: Partial<Checkpoint> = {}) => known.note({ ...checkpoint, ...changed })
  return { path, checkpoint, known, note, look }
}

/** Makes the file anew until two in turn have one inode number and millisecond of birth, but not one birth; gives the first's stat. */
function bornTwice(path: string): FileStat | undefined {
  const born = () => {
    rmSync(path)
    writeFileSync(path, TEXT)
    const opened = openRegular(path)
    if ('refused' in opened) throw new Error(opened.refused)
    closeSync(opened.fd)
    return { stat: opened.stat, exactMs: statSync(path).birthtimeMs }
  }
  let before = born()
  for (let tries = 0; tries < 100; tries++) {
    const { stat, exactMs } = born()
    const isTwin = stat.ino === before.stat.ino && Math.trunc(exactMs) === Math.trunc(before.exactMs)
    if (isTwin && exactMs !== before.exactMs) return before.stat
    before = { stat, exactMs }
  }
  return undefined
}

describe('a file never seen', () => {
  it('has an id of its path without rotation and its first line', () => {
    const { look, checkpoint } = someFile()
    expect(look()).toEqual({ kind: 'new', fileId: checkpoint.fileId, generation: 0 })
    expect(checkpoint.fileId).toMatch(/^[0-9a-f]{16}$/)
  })

  it('waits while its first line is not whole, unless nothing more is to be expected', () => {
    const { path, look } = someFile('half a li')
    expect(look()).toEqual({ kind: 'waiting' })
    expect(look(path, true)).toMatchObject({ kind: 'new', generation: 0 })
    appendFileSync(path, 'ne\n')
    expect(look()).toMatchObject({ kind: 'new', fileId: newFileId(BASE, Buffer.from('half a line')) })
  })

  it('does not wait for the end of an endless first line', () => {
    expect(someFile('x'.repeat(5000)).look()).toMatchObject({ kind: 'new' })
  })

  it('is a later generation where another file has the same path and first line', () => {
    const { path, checkpoint, note, look } = someFile()
    note()
    renameSync(path, `${path}.1`)
    writeFileSync(path, TEXT)
    expect(look()).toEqual({ kind: 'new', fileId: checkpoint.fileId, generation: 1 })
    expect(look(`${path}.1`)).toMatchObject({ kind: 'known' })
  })
})

describe('a known file', () => {
  it('is known again: as it was, grown, renamed', () => {
    const { path, checkpoint, note, look } = someFile()
    note()
    expect(look()).toEqual({ kind: 'known', checkpoint })
    appendFileSync(path, 'more\n')
    expect(look()).toEqual({ kind: 'known', checkpoint })
    renameSync(path, `${path}.1`)
    expect(look(`${path}.1`)).toEqual({ kind: 'known', checkpoint })
  })

  it('is known from its first byte on, when nothing of it is stored yet', () => {
    const { note, look } = someFile(TEXT, 0)
    note()
    expect(look()).toMatchObject({ kind: 'known', checkpoint: { reader: { offset: 0 } } })
  })

  it('cut in place is truncated: empty, shorter, as long, longer', () => {
    for (const text of [
      '',
      'short\n',
      TEXT.replaceAll('log', 'row'),
      TEXT.replaceAll('log', 'trunk').repeat(2),
    ]) {
      const { path, checkpoint, note, look } = someFile()
      note()
      writeFileSync(path, text)
      expect(look()).toEqual({ kind: 'truncated', checkpoint, generation: 1 })
    }
  })

  it('cut in place with the same first lines and grown again is known by the bytes before the offset', () => {
    const { path, checkpoint, note, look } = someFile()
    note()
    writeFileSync(path, TEXT.slice(0, 300) + TEXT.slice(0, 300).repeat(3))
    expect(look()).toEqual({ kind: 'truncated', checkpoint, generation: 1 })
  })

  it('cut in its part that is not stored yet goes on where it was', () => {
    const { path, checkpoint, note, look } = someFile(TEXT, 100)
    note()
    writeFileSync(path, TEXT.slice(0, 150))
    expect(look()).toEqual({ kind: 'known', checkpoint: { ...checkpoint } })
  })

  it('cut again is a generation more than any before', () => {
    const { path, note, look } = someFile()
    note({ generation: 4 })
    writeFileSync(path, 'new\n')
    expect(look()).toMatchObject({ kind: 'truncated', generation: 5 })
  })
})

describe('an inode number that is used again', () => {
  it('for a file born later is another file, even with the same bytes', () => {
    const { checkpoint, note, look } = someFile()
    note({ birthMs: checkpoint.birthMs - 1 })
    expect(look()).toEqual({ kind: 'new', fileId: checkpoint.fileId, generation: 1 })
  })

  it('within the same millisecond is for another file, too', ({ skip }) => {
    const { path, checkpoint, note, look } = someFile()
    const first = bornTwice(path)
    if (first === undefined)
      return skip('this file system gives no inode number twice so soon, or tells no such births')
    note(first)
    expect(look()).toEqual({ kind: 'new', fileId: checkpoint.fileId, generation: 1 })
  })

  it('is the same file where its birth is known in whole milliseconds, as earlier versions noted it', () => {
    const { checkpoint, note, look } = someFile()
    note({ birthMs: Math.trunc(checkpoint.birthMs) })
    expect(look()).toMatchObject({ kind: 'known' })
  })

  it('is another file by its content, where births are not known and the path is another', () => {
    const { path, note, look } = someFile()
    note({ birthMs: 0, lastPath: `${path}.other` })
    rmSync(path)
    writeFileSync(path, 'something else\n'.repeat(100))
    expect(look()).toMatchObject({ kind: 'new', generation: 0 })
  })
})

describe('a file system that was mounted anew', () => {
  it('has other device numbers: the content proves that it is the same file', () => {
    const { checkpoint, note, look } = someFile()
    note({ dev: checkpoint.dev + 1 })
    expect(look()).toMatchObject({ kind: 'known', checkpoint: { fileId: checkpoint.fileId } })
  })

  it('or that it is not', () => {
    const { path, checkpoint, note, look } = someFile()
    note({ dev: checkpoint.dev + 1, birthMs: 0 })
    writeFileSync(path, TEXT.replaceAll('log', 'row'))
    expect(look()).toMatchObject({ kind: 'new', generation: 0 })
  })

  it('and was cut meanwhile is known by its birth', () => {
    const { path, checkpoint, note, look } = someFile()
    note({ dev: checkpoint.dev + 1 })
    writeFileSync(path, 'new\n')
    expect(look()).toMatchObject({ kind: 'truncated', checkpoint: { fileId: checkpoint.fileId } })
  })

  it('proves nothing by its content when nothing of it is stored: then its birth does, where it is known', () => {
    const { checkpoint, note, look } = someFile()
    const nothing = printOf(Buffer.alloc(0))
    const unread = { dev: checkpoint.dev + 1, reader: { offset: 0 }, prefix: nothing, guard: nothing }
    note({ ...unread, birthMs: 0 })
    expect(look()).toMatchObject({ kind: 'new' })
    note(unread)
    expect(look()).toMatchObject({ kind: 'known' })
  })
})
