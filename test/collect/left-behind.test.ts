import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type { Checkpoint } from '../../src/collect/checkpoint.ts'
import { WatchedTree } from '../support/watched-tree.ts'

const LOG = 'var/log/dcv/dcv-xsession.ann.log'
const OTHER = 'var/log/dcv/dcv-xsession.bob.log'
const DAY_MS = 24 * 3_600_000
const LATE_MS = 10 * 60_000

/** A line that is stored, and a line without an end that is not yet. */
const KNOWN = 'one\n'
const UNREAD = 'two, which goes'

/** A tree whose follower knew bytes of a log that it had not read, when it was killed. */
async function killedBehind(text: string | Buffer = KNOWN + UNREAD): Promise<WatchedTree> {
  const tree = new WatchedTree({ lineFlushMs: 60_000 })
  tree.write(LOG, text)
  tree.write(OTHER, 'bob\n')
  await tree.until('the first line', () => tree.rows.length === 2)
  await tree.commit()
  return tree
}

/** A day and two scans go by. */
async function nextDay(tree: WatchedTree): Promise<void> {
  await scanned(tree)
  tree.skip(DAY_MS + 2 * LATE_MS)
  await scanned(tree)
}

/** The line without an end is read once nothing has followed it for long. */
async function readOn(tree: WatchedTree): Promise<void> {
  await scanned(tree)
  tree.skip(61_000)
  await tree.until('the second line', () => tree.texts().includes(UNREAD))
}

async function scanned(tree: WatchedTree): Promise<void> {
  const before = tree.scans
  await tree.until('two scans', () => tree.scans >= before + 2)
}

function told(tree: WatchedTree): unknown[] {
  return tree.notRead.map(({ path, reason, lost }) => ({
    name: path.slice(tree.root.length + 1),
    reason,
    offset: lost?.offset,
    length: lost?.length,
  }))
}

const LOST = { name: LOG, reason: 'vanished', offset: KNOWN.length, length: UNREAD.length }

describe('bytes that were known and not read when the program was killed', () => {
  it('are told a day after their file went, once, whatever restarts come', async () => {
    const tree = await killedBehind()
    rmSync(tree.path(LOG))
    tree.crash()
    await scanned(tree)
    tree.skip(DAY_MS / 2)
    await scanned(tree)
    expect(told(tree)).toEqual([])
    tree.crash()
    await nextDay(tree)
    expect(told(tree)).toEqual([LOST])
    const settled = tree.notRead.flatMap((file): Checkpoint[] => (file.settled ? [file.settled] : []))
    await tree.commit(settled)
    tree.crash()
    await nextDay(tree)
    expect(told(tree)).toEqual([LOST])
  })

  it('are told though another file got the path, and maybe the inode', async () => {
    const tree = await killedBehind()
    rmSync(tree.path(LOG))
    tree.write(LOG, 'another\n')
    tree.crash()
    await nextDay(tree)
    expect(told(tree)).toEqual([LOST])
  })

  it('are not told where the next run reads them: in the file, renamed, or packed', async () => {
    for (const make of [
      () => {},
      (path: string) => renameSync(path, `${path}.1`),
      (path: string) => {
        writeFileSync(`${path}.1.gz`, gzipSync(KNOWN + UNREAD))
        rmSync(path)
      },
    ]) {
      const tree = await killedBehind()
      make(tree.path(LOG))
      tree.crash()
      await readOn(tree)
      await nextDay(tree)
      expect(told(tree)).toEqual([])
    }
  })

  it('are not told while their folder is away, and are read when it is back', async () => {
    const tree = await killedBehind()
    const [folder, away] = [tree.path('var'), tree.path('away')]
    renameSync(folder, away)
    tree.crash()
    mkdirSync(folder)
    await scanned(tree)
    tree.skip(DAY_MS / 2)
    await scanned(tree)
    rmSync(folder, { recursive: true })
    renameSync(away, folder)
    await readOn(tree)
    await nextDay(tree)
    expect(told(tree)).toEqual([])
  })

  it('are not told if they are NULs at the end of the file, which are no content', async () => {
    const tree = await killedBehind(Buffer.concat([Buffer.from(KNOWN), Buffer.alloc(1000)]))
    rmSync(tree.path(LOG))
    tree.crash()
    await nextDay(tree)
    expect(told(tree)).toEqual([])
  })

  it('are told by the ledger row of the cut, if the file was cut in place', async () => {
    const tree = await killedBehind()
    writeFileSync(tree.path(LOG), 'new\n')
    tree.crash()
    await nextDay(tree)
    expect(told(tree)).toEqual([])
    expect(tree.losses).toMatchObject([{ reason: 'truncated' }])
  })
})
