import { appendFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { worstLags } from '../../src/collect/file-lag.ts'
import { WatchedTree } from '../support/watched-tree.ts'

const log = (n: number) => `var/log/dcv/dcv-xsession.u${n}.log`
/** Sixteen bytes a line; `n` tells the texts of several logs apart, since one may be a copy of another of the same text. */
const text = (bytes: number, n = 0) => `a line of log ${n}\n`.repeat(Math.ceil(bytes / 16))
const MIB = 1 << 20

describe('how far files are behind', () => {
  it('is told of one that is being read, until it is read', async () => {
    const tree = new WatchedTree()
    const path = tree.write(log(0), text(3 * MIB))
    await tree.until('the first chunk', () => tree.rows.length > 0)
    const read = tree.rows.reduce((sum, { length }) => sum + length, 0)
    tree.skip(90_000)
    const { lagBytes, behind } = tree.open
    expect(behind).toEqual([{ path, bytes: lagBytes, sinceMs: expect.any(Number) }])
    expect(lagBytes).toBeGreaterThan(0)
    expect(lagBytes).toBeLessThanOrEqual(3 * MIB - read)
    expect(tree.behindS(path)).toBeGreaterThanOrEqual(90)
    expect(tree.behindS(path)).toBeLessThan(110)
    await tree.until('all of it', () => tree.rows.length === (3 * MIB) / 16)
    expect(tree.open).toMatchObject({ lagBytes: 0, behind: [] })
  })

  it('is told of one that grows while nothing is read', async () => {
    const tree = new WatchedTree()
    const path = tree.write(log(0), 'one\n')
    await tree.until('the first line', () => tree.rows.length === 1)
    // The end of the file was seen, and its tail has begun.
    await tree.until(
      'a look',
      (
        (looks) => () =>
          looks-- === 0
      )(6),
    )
    appendFileSync(path, 'two\nthree\n')
    await sleep(1000)
    tree.skip(60_000)
    expect(tree.open.behind).toMatchObject([{ path, bytes: 10 }])
    expect(tree.behindS(path)).toBeGreaterThanOrEqual(60)
    await tree.until('its lines', () => tree.rows.length === 3)
    expect(tree.open.behind).toEqual([])
  })

  it('counts those that wait for others, by what is not known of them', async () => {
    const tree = new WatchedTree({ maxHot: 1 })
    for (let n = 0; n < 4; n++) tree.write(log(n), text(2 * MIB, n))
    await tree.until('the first chunk', () => tree.rows.length > 0)
    const { hot, lagBytes, behind } = tree.open
    expect([hot, behind.length]).toEqual([1, 4])
    expect(lagBytes).toBeGreaterThan(6 * MIB)
    await tree.until('all', () => tree.rows.length === (8 * MIB) / 16)
    expect(tree.open.lagBytes).toBe(0)
  })

  it('is no more once all that was there is read, compressed logs as well', async () => {
    const tree = new WatchedTree({ maxHot: 1 })
    expect(tree.open.hasReadAll).toBe(false)
    for (let n = 0; n < 3; n++) tree.write(log(n), text(MIB, n))
    tree.write('var/log/dcv/server.log.1.gz', gzipSync(text(MIB, 3)))
    const read = () => tree.rows.reduce((sum, { length }) => sum + length, 0)
    for (let before = 0; before < 4 * MIB; before = read()) {
      expect(tree.open.hasReadAll).toBe(false)
      await tree.until('more', () => read() > before)
    }
    await tree.until('an end', () => tree.open.hasReadAll)
    tree.write(log(4), text(2 * MIB, 4))
    await tree.until('more', () => read() > 4 * MIB)
    expect(tree.open.hasReadAll).toBe(true)
  })

  it('is no more though nobody asked at the moment when all was read', async () => {
    const tree = new WatchedTree()
    tree.write(log(0), text(MIB))
    await tree.until('all', () => tree.rows.length === MIB / 16)
    tree.write(log(1), text(2 * MIB))
    await tree.until('more', () => tree.rows.length > MIB / 16)
    expect(tree.open).toMatchObject({ backlog: 1, hasReadAll: true })
  })

  it('names a few only, those first that have been behind for longest', () => {
    const lags = Array.from({ length: 500 }, (_, i) => ({ path: `/${i}`, bytes: i % 100, sinceMs: i % 7 }))
    const worst = worstLags(lags)
    expect(worst).toHaveLength(20)
    expect(worst[0]).toEqual({ path: '/399', bytes: 99, sinceMs: 0 })
    expect(worst.every(({ bytes, sinceMs }) => bytes > 0 && sinceMs === 0)).toBe(true)
  })
})
