import { appendFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Checkpoint } from '../../src/collect/checkpoint.ts'
import type { Feed } from '../../src/collect/feed.ts'
import { forgetfulFiles } from '../../src/collect/file-index.ts'
import type { KnownFiles } from '../../src/collect/known-files.ts'
import type { Found } from '../../src/collect/log-names.ts'
import type { NotRead } from '../../src/collect/not-read.ts'
import { openFeed, type Place, READ_NOW } from '../../src/collect/open-feed.ts'
import { readAll } from '../../src/collect/read-all.ts'
import type { Loss } from '../../src/model.ts'
import { tempDir } from '../support/temp-dir.ts'
import { tilingFaults } from '../support/tiling.ts'
import { type Row, rowsOf, someContext } from '../support/watched-tree.ts'

const place: Place = {
  placement: {
    identity: { cluster: '', owner: '', session: '', sessionUuid: '', host: '' },
    ...{ profile: 'host', source: 'dcv-xsession', format: 'plain' },
  },
  path: '/var/log/x.log',
  base: '/var/log/x.log',
}

function someFile(text: string): Found {
  const path = join(tempDir(), 'x.log')
  writeFileSync(path, text)
  return { path, place }
}

function opened(file: Found, known: KnownFiles): Feed {
  const feed = openFeed(file.path, place, READ_NOW, someContext(known))
  if ('refused' in feed) throw new Error(feed.refused)
  return feed
}

/** Reads the file to its end, as `ingest` does; `between` is called after each chunk. */
async function ingested(file: Found, known: KnownFiles, between = () => {}) {
  const read = {
    rows: [] as Row[],
    losses: [] as Loss[],
    notRead: [] as NotRead[],
    checkpoint: undefined as Checkpoint | undefined,
  }
  for await (const collected of readAll([file], someContext(known), (one) => read.notRead.push(one))) {
    read.rows.push(...rowsOf(collected))
    read.losses.push(...collected.losses)
    read.checkpoint = collected.checkpoint()
    between()
  }
  return read
}

const texts = (rows: readonly Row[]) => rows.map(({ text }) => text)

describe('reading a file to its end', () => {
  it('goes on next time where it ended, in the middle of a line too', async () => {
    const file = someFile('one\ntwo\nhalf a ')
    const known = forgetfulFiles()
    const first = await ingested(file, known)
    expect(texts(first.rows)).toEqual(['one', 'two', 'half a '])
    expect((await ingested(file, known)).rows).toEqual([])
    appendFileSync(file.path, 'line\nthree\n')
    const second = await ingested(file, known)
    expect(second.rows.map(({ text, flags, before }) => [text, flags, before])).toEqual([
      ['line', 1, 'half a '],
      ['three', 0, ''],
    ])
    expect(tilingFaults([...first.rows, ...second.rows], 'one\ntwo\nhalf a line\nthree\n'.length)).toEqual([])
  })

  it('of which a checkpoint of an earlier process is known goes on there', async () => {
    const file = someFile('Traceback (most recent call last):\n  File "x.py", line 1\n')
    const first = await ingested(file, forgetfulFiles())
    const known = forgetfulFiles()
    known.note(JSON.parse(JSON.stringify(first.checkpoint)) as Checkpoint)
    appendFileSync(file.path, '    main()\nValueError: no\nnext\n')
    const second = await ingested(file, known)
    expect(second.rows.map(({ text, flags }) => [text, flags & 1])).toEqual([
      ['    main()\nValueError: no', 1],
      ['next', 0],
    ])
    expect(second.rows[0]?.before).toContain('Traceback')
  })

  it('tells that it was cut, even if there is nothing to read', async () => {
    const file = someFile('one\ntwo\n')
    const known = forgetfulFiles()
    await ingested(file, known)
    truncateSync(file.path)
    const cut = await ingested(file, known)
    expect(cut.rows).toEqual([])
    expect(cut.losses).toMatchObject([{ reason: 'truncated', file: { generation: 1 }, offset: 0, length: 0 }])
    expect(cut.checkpoint).toMatchObject({ generation: 1, reader: { offset: 0 } })
    appendFileSync(file.path, 'three\n')
    const after = await ingested(file, known)
    expect([texts(after.rows), after.rows[0]?.generation, after.losses]).toEqual([['three'], 1, []])
  })

  it('which is cut while it is read gives no row of mixed bytes', async () => {
    const line = (n: number, text: string) => `${text} ${String(n).padStart(6, '0')}\n`
    const text = (word: string, count: number) =>
      Array.from({ length: count }, (_, n) => line(n, word)).join('')
    const file = someFile(text('first', 200_000))
    const known = forgetfulFiles()
    let chunks = 0
    const first = await ingested(file, known, () => {
      if (chunks++ === 0) writeFileSync(file.path, text('other1', 300_000))
    })
    const second = await ingested(file, known)
    expect(texts(first.rows).filter((row) => row.includes('other'))).toEqual([])
    expect(tilingFaults(first.rows, 1024 * 1024)).toEqual([])
    expect(texts(second.rows)).toEqual(text('other1', 300_000).trimEnd().split('\n'))
    expect(second.losses).toMatchObject([{ reason: 'truncated' }])
  })

  it('names a file that is gone, and goes on', async () => {
    const file = someFile('one\n')
    const gone = { path: `${file.path}.gone`, place }
    const notRead: NotRead[] = []
    let rows = 0
    for await (const collected of readAll([gone, file], someContext(forgetfulFiles()), (one) =>
      notRead.push(one),
    ))
      rows += collected.chunk.count
    expect([rows, notRead]).toEqual([1, [{ path: gone.path, reason: 'vanished', detail: 'ENOENT' }]])
  })
})

describe('a file that is open', () => {
  it('is left alone when it is asked for again', () => {
    const file = someFile('one\n')
    const known = forgetfulFiles()
    const feed = opened(file, known)
    const openNow = ({ ino }: { ino: number }) =>
      ino === feed.stat.ino
        ? { fd: feed.fd, checkpoint: feed.checkpoint(), isCut: () => feed.isCut }
        : undefined
    expect(openFeed(file.path, place, { ...READ_NOW, openNow }, someContext(known))).toMatchObject({
      refused: 'taken',
    })
    feed.close()
  })

  it('that is closed is known as far as it was read, before any of it is stored', () => {
    const file = someFile('one\ntwo\nthr')
    const known = forgetfulFiles()
    const feed = opened(file, known)
    expect(feed.read('record').collected?.chunk.count).toBe(1)
    feed.leave(known)
    feed.close()
    const again = opened(file, known)
    expect([again.reader.position, again.file.generation]).toEqual([4, 0])
    again.close()
  })

  it('says in its checkpoint what was given, and not what waits', () => {
    const file = someFile('one\ntwo\nthr')
    const feed = opened(file, forgetfulFiles())
    const { collected } = feed.read('record')
    expect(collected?.checkpoint()).toMatchObject({
      reader: { offset: 4 },
      prefix: { length: 4 },
      guard: { length: 4 },
    })
    feed.close()
  })
})
