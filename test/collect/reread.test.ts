import { rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { forgetfulFiles } from '../../src/collect/file-index.ts'
import type { Place } from '../../src/collect/open-feed.ts'
import { readAll } from '../../src/collect/read-all.ts'
import { type Reread, reopen } from '../../src/collect/reread.ts'
import { tempDir } from '../support/temp-dir.ts'
import { someContext } from '../support/watched-tree.ts'

const PLACE: Place = {
  placement: {
    identity: { cluster: '', owner: '', session: '', sessionUuid: '', host: '' },
    ...{ profile: '', source: 'generic', format: 'generic' },
  },
  path: '/x.log',
  base: '/x.log',
}
const TEXT = 'one\ntwo is longer\n\nthree\n'

/** A file that was read to its end, and what is known of it. */
async function readFile(path: string, content: string | Buffer) {
  writeFileSync(path, content)
  const context = someContext(forgetfulFiles())
  for await (const { chunk } of readAll([{ path, place: PLACE }], context, () => {}))
    expect(chunk.count).toBeGreaterThan(0)
  return context
}

/** Offset and text of each record. */
function recordsOf(again: Reread, cuts: readonly number[] = []): [number, string][] {
  const records: [number, string][] = []
  for (const { bytes, begin, end, offset, count } of again.records(cuts)) {
    for (let row = 0; row < count; row++)
      records.push([offset[row] ?? -1, bytes.toString('utf8', begin[row], end[row])])
  }
  return records
}

async function opened(path: string, context: Parameters<typeof reopen>[1]): Promise<Reread> {
  const again = await reopen({ path, place: PLACE }, context)
  if ('refused' in again) throw new Error(again.refused)
  return again
}

it('a file is read once more to where it is stored, in the records it was stored in', async () => {
  const path = join(tempDir(), 'x.log')
  const context = await readFile(path, TEXT)
  writeFileSync(path, `${TEXT}not stored\n`)
  const again = await opened(path, context)
  const whole: [number, string][] = [
    [0, 'one'],
    [4, 'two is longer'],
    [19, 'three'],
  ]
  expect(again.until).toBe(TEXT.length)
  expect(recordsOf(again)).toEqual(whole)
  expect(recordsOf(again, [8])).toEqual([
    [0, 'one'],
    [4, 'two '],
    [8, 'is longer'],
    [19, 'three'],
  ])
  again.close()
})

it('bytes of another encoding are read as they were', async () => {
  const path = join(tempDir(), 'x.log')
  const context = await readFile(path, Buffer.from('\ufeffÜber\r\nzwei\r\n', 'utf16le'))
  const again = await opened(path, context)
  expect(recordsOf(again)).toEqual([
    [0, 'Über'],
    [14, 'zwei'],
  ])
  again.close()
})

it.each([16, 1024 * 1024, 2 * 1024 * 1024 + 7])('a hole of %d NULs is left out, as it was', async (size) => {
  const path = join(tempDir(), 'x.log')
  const known = forgetfulFiles()
  const content = Buffer.concat([Buffer.from('one\nhalf'), Buffer.alloc(size), Buffer.from(' line\na\0b\n')])
  writeFileSync(path, content)
  const context = someContext(known)
  const stored: [number, string][] = []
  for await (const { chunk } of readAll([{ path, place: PLACE }], context, () => {})) {
    const { bytes, begin, end, offset, count } = chunk
    for (let row = 0; row < count; row++)
      stored.push([offset[row] ?? -1, bytes.toString('utf8', begin[row], end[row])])
  }
  expect(stored).toEqual([
    [0, 'one'],
    [4, 'half'],
    [8 + size, ' line'],
    [14 + size, 'a\0b'],
  ])
  const again = await opened(path, context)
  expect(recordsOf(again)).toEqual(stored)
  again.close()
})

it('a file that becomes shorter meanwhile ends early, and one that was written anew is told', async () => {
  const path = join(tempDir(), 'x.log')
  const context = await readFile(path, TEXT)
  const again = await opened(path, context)
  truncateSync(path, 4)
  expect(recordsOf(again)).toEqual([])
  again.close()
  expect(await reopen({ path, place: PLACE }, context)).toMatchObject({ refused: 'truncated', bytes: 4 })
  writeFileSync(path, 'other words, and more of them\n')
  expect(await reopen({ path, place: PLACE }, context)).toMatchObject({ refused: 'truncated' })
})

it('a file of which nothing is stored is new, and a folder is no file', async () => {
  const path = join(tempDir(), 'x.log')
  const context = someContext(forgetfulFiles())
  writeFileSync(path, TEXT)
  expect(await reopen({ path, place: PLACE }, context)).toEqual({ refused: 'new', bytes: TEXT.length })
  expect(await reopen({ path: join(path, '..'), place: PLACE }, context)).toMatchObject({
    refused: 'not-a-file',
  })
})

it('a log that was compressed is read once more in its records, too', async () => {
  const path = join(tempDir(), 'x.log')
  const context = await readFile(path, TEXT)
  const packed = `${path}.1.gz`
  writeFileSync(packed, gzipSync(`${TEXT}not stored\n`))
  rmSync(path)
  const again = await opened(packed, context)
  expect([again.until, recordsOf(again).length]).toEqual([TEXT.length, 3])
  again.close()
})
