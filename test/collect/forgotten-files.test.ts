import { describe, expect, it } from 'vitest'
import type { Checkpoint } from '../../src/collect/checkpoint.ts'
import { ColdPaths } from '../../src/collect/cold-paths.ts'
import type { Sighted } from '../../src/collect/discover.ts'
import { forgetfulFiles } from '../../src/collect/file-index.ts'
import { printOf } from '../../src/collect/fingerprint.ts'

const DAY_MS = 24 * 3_600_000
const nothing = printOf(Buffer.alloc(0))

function checkpoint(ino: number): Checkpoint {
  const path = `/var/log/dcv/dcv-xsession.u${ino}.log`
  return {
    ...{ fileId: `f${ino}`, generation: 0, path, base: path, firstPath: path, lastPath: path },
    ...{ dev: 1, ino, birthMs: 5, prefix: nothing, guard: nothing, reader: { offset: 7 } },
    memory: { ts: 0, tsQuality: 0, windows: {} },
  }
}

describe('R23: a hundred thousand files that came and went', () => {
  it('leave ten thousand checkpoints after a day, and those of files that are there stay', () => {
    const known = forgetfulFiles()
    for (let ino = 0; ino < 100_000; ino++) known.note(checkpoint(ino))
    const there = new Set(Array.from({ length: 50 }, (_, i) => `1:${i * 3}`))
    const left = () =>
      Array.from({ length: 100_000 }, (_, ino) => known.byInode(ino).length).filter((n) => n > 0).length
    known.sighted(there, 0)
    known.sighted(there, DAY_MS / 2)
    expect(left()).toBe(100_000)
    known.sighted(there, DAY_MS)
    expect(left()).toBe(10_000 + 50)
    for (const inode of there) expect(known.byInode(Number(inode.slice(2)))).toHaveLength(1)
    expect(known.byInode(99_999)).toHaveLength(1)
    expect(known.generationOf('f1000')).toBeUndefined()
  })

  it('are remembered when they come back within the day', () => {
    const known = forgetfulFiles()
    for (let ino = 0; ino < 20_000; ino++) known.note(checkpoint(ino))
    const all = new Set(Array.from({ length: 20_000 }, (_, ino) => `1:${ino}`))
    known.sighted(all, 0)
    known.sighted(new Set(), 1000)
    known.sighted(all, DAY_MS)
    known.sighted(new Set(), DAY_MS + 1000)
    expect(known.byInode(0)).toHaveLength(1)
  })

  it('leave no path behind', () => {
    const cold = new ColdPaths(() => {})
    const sighted = (n: number) => ({ path: `/x${n}`, look: `${n}`, inode: `1:${n}`, size: 1 }) as Sighted
    const isKnown = (n: number) => cold.wasSeen(`/x${n}`)
    for (let n = 0; n < 300; n++) {
      if (!cold.isUnchanged(sighted(n))) cold.opened(`/x${n}`, `${n}`)
      expect(cold.endScan(new Set())).toEqual([])
    }
    expect([isKnown(0), isKnown(150), isKnown(299)]).toEqual([false, false, true])
  })
})
