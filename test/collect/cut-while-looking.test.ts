import fs, { copyFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Feed } from '../../src/collect/feed.ts'
import { forgetfulFiles } from '../../src/collect/file-index.ts'
import { type FeedContext, openFeed, type Place, READ_NOW } from '../../src/collect/open-feed.ts'
import { inodeOf, openRegular } from '../../src/collect/open-file.ts'
import { openPacked } from '../../src/collect/packed-feed.ts'
import { replacing } from '../support/faulty-fs.ts'
import { tempDir } from '../support/temp-dir.ts'
import { someContext } from '../support/watched-tree.ts'

const PLACE: Place = {
  placement: {
    identity: { cluster: '', owner: '', session: '', sessionUuid: '', host: 'h' },
    ...{ profile: 'host', source: 'dcv-xsession', format: 'plain' },
  },
  path: '/var/log/x.log',
  base: '/var/log/x.log',
}

/** Does something before the n-th read or stat of any file during `work`. */
function atLook<Result>(n: number, happens: () => void, work: () => Result): Result {
  let looks = 0
  const heals = (['readSync', 'fstatSync'] as const).map((name) =>
    replacing(name, (look) => (...args) => {
      if (++looks === n) happens()
      return look(...args)
    }),
  )
  try {
    return work()
  } finally {
    for (const heal of heals) heal()
  }
}

/** The ways in which an open log's copy is looked at; true if it is recognised. */
type Look = (copy: string, original: Feed, context: FeedContext) => boolean

const asPlain: Look = (copy, original, context) => {
  const openNow = (file: { dev: number; ino: number }) =>
    inodeOf(file) === inodeOf(original.stat)
      ? { fd: original.fd, checkpoint: original.checkpoint(), isCut: () => original.isCut }
      : undefined
  const found = openFeed(
    copy,
    { ...PLACE, path: `${PLACE.path}.1` },
    { ...READ_NOW, settleCopy: false, openNow },
    context,
  )
  if (!('refused' in found)) found.close()
  return 'refused' in found && found.refused === 'copy'
}

const asPacked: Look = (copy, original, context) => {
  const unpacked = openRegular(copy)
  if ('refused' in unpacked) throw new Error(unpacked.detail)
  const { fd, stat } = unpacked
  original.leave(context.known)
  const packed = { path: `${original.path}.1.gz`, place: PLACE, stat, look: 'x', fd, size: stat.size }
  const found = openPacked(
    { ...packed, fault: undefined },
    context,
    ({ fileId }) => fileId === original.file.fileId,
  )
  if (!('refused' in found)) found.close()
  return 'refused' in found && found.refused === 'taken'
}

const LINES = 'one\ntwo\nthree\n'
const HALF = 'a line that is not whole'

it.each([
  ['the copy', LINES, 'appends', 'a', asPlain],
  ['the copy', LINES, 'goes on where it was', 'r+', asPlain],
  ['the copy, of which nothing is stored yet,', HALF, 'appends', 'a', asPlain],
  ['the copy, of which nothing is stored yet,', HALF, 'goes on where it was', 'r+', asPlain],
  ['the packed copy', LINES, 'appends', 'a', asPacked],
  ['the packed copy', LINES, 'goes on where it was', 'r+', asPacked],
] as const)(
  'R5, R6: %s of a log with %j is known at whatever moment that is cut; its writer %s',
  (_, text, _how, flags, look) => {
    let moment = 0
    for (let isCut = true; isCut; ) {
      const path = join(tempDir(), 'x.log')
      writeFileSync(path, text)
      const context = someContext(forgetfulFiles())
      const original = openFeed(path, PLACE, READ_NOW, context)
      if ('refused' in original) throw new Error(original.detail)
      original.read('line')
      copyFileSync(path, `${path}.1`)
      isCut = false
      const cut = () => {
        isCut = true
        truncateSync(path)
        const fd = fs.openSync(path, flags)
        fs.writeSync(fd, 'next\n'.repeat(100), flags === 'a' ? null : text.length)
        fs.closeSync(fd)
      }
      expect(
        atLook(++moment, cut, () => look(`${path}.1`, original, context)),
        `cut before look ${moment}`,
      ).toBe(true)
      original.close()
    }
    // The last one came too late to cut it.
    expect(moment).toBeGreaterThan(5)
  },
)
