import { appendFileSync, readlinkSync, renameSync, rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { watchTree } from '../../src/collect/watch-tree.ts'
import { failing } from '../support/faulty-fs.ts'
import { until } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'
import { WatchedTree } from '../support/watched-tree.ts'

const LOG = 'var/log/dcv/dcv-xsession.ann.log'
const OTHER = 'var/log/dcv/dcv-xsession.bob.log'

/** A tree that was scanned once, and is not scanned again but for hints. */
async function scannedTree(): Promise<WatchedTree> {
  const tree = new WatchedTree({ scanMs: 60_000 })
  tree.write(OTHER, 'bob\n')
  await tree.until('the first scan', () => tree.rows.length === 1)
  return tree
}

/** Looks anew, after whatever might come late. */
async function nextScan(tree: WatchedTree): Promise<void> {
  tree.skip(61_000)
  appendFileSync(tree.path(OTHER), 'more\n')
  const before = tree.rows.length
  await tree.until('the scan', () => tree.rows.length > before)
  tree.skip(61_000)
  const end = Date.now() + 300
  await tree.until('the scan after it', () => Date.now() > end)
}

describe('a log that is deleted before a scan sees it', () => {
  it('is read if it is there when its notice is heard, each time', async () => {
    const tree = await scannedTree()
    for (let life = 0; life < 3; life++) {
      const path = tree.write(LOG, `head\nlife ${life}\n`)
      tree.hint(LOG)
      rmSync(path)
      tree.hint(LOG)
    }
    await tree.until('all', () => tree.rows.length === 1 + 3 * 2)
    expect(tree.texts().filter((text) => text.startsWith('life'))).toEqual(['life 0', 'life 1', 'life 2'])
    await nextScan(tree)
    expect(tree.notRead).toEqual([])
    expect(tree.openFiles().filter((name) => name.includes('ann'))).toEqual([])
  })

  it('whose attributes the file system does not tell any more is read all the same', async () => {
    const tree = await scannedTree()
    const path = tree.write(LOG, 'head\nlife\n')
    tree.hint(LOG)
    rmSync(path)
    const heal = failing('fstatSync', 'ESTALE', (fd) => readlinkSync(`/proc/self/fd/${fd}`).startsWith(path))
    await tree.until('its lines', () => tree.rows.length === 3)
    heal()
    expect(tree.texts()).toEqual(['bob', 'head', 'life'])
  })

  it('is read though its first line is not whole, and what comes after it is deleted, too', async () => {
    const tree = await scannedTree()
    const path = tree.write(LOG, 'half')
    tree.hint(LOG)
    const kept = tree.path('kept')
    renameSync(path, kept)
    tree.hint(LOG)
    appendFileSync(kept, ' a line\nand more')
    rmSync(kept)
    await tree.until('both', () => tree.rows.length === 3)
    expect(tree.texts()).toEqual(['bob', 'half a line', 'and more'])
    await nextScan(tree)
    expect(tree.notRead).toEqual([])
  })

  it('is told of, once, if it went before its notice was heard', async () => {
    const tree = await scannedTree()
    tree.hint(LOG)
    tree.hint(LOG)
    await nextScan(tree)
    expect(tree.notRead).toMatchObject([
      { path: tree.path(LOG), reason: 'vanished', lost: { offset: 0, length: 0 } },
    ])
  })

  it('holds no descriptor of a log that stays', async () => {
    const tree = await scannedTree()
    tree.write(LOG, 'one\n')
    tree.hint(LOG)
    await tree.until('it is read', () => tree.rows.length === 2)
    tree.skip(61_000)
    await tree.until('it is let go', () => tree.openFiles().length === 0)
  })
})

describe('a notice of a name where nothing is', () => {
  it('is none of a file that was read and went, or was renamed, however late it comes', async () => {
    const tree = await scannedTree()
    tree.write(LOG, 'one\n')
    tree.hint()
    await tree.until('it is read', () => tree.rows.length === 2)
    // Of its coming and of its going.
    rmSync(tree.path(LOG))
    for (let notice = 0; notice < 3; notice++) tree.hint(LOG)
    renameSync(tree.path(OTHER), tree.path(`${OTHER}.1`))
    tree.write(OTHER, 'anew\n')
    for (const name of [OTHER, `${OTHER}.2`, OTHER, `${OTHER}.1`]) tree.hint(name)
    await tree.until('the new one', () => tree.texts().includes('anew'))
    await nextScan(tree)
    expect(tree.notRead).toEqual([])
  })
})

it('a name that comes or goes is told at once', async () => {
  const folder = tempDir()
  const names: (string | undefined)[] = []
  const hints = watchTree([folder], 3, { onChange: (path) => names.push(path) })
  await until('it watches', () => names.length > 0)
  await sleep(100)
  names.length = 0
  appendFileSync(`${folder}/short.log`, 'one\n')
  rmSync(`${folder}/short.log`)
  await until('both are told', () => names.filter((name) => name === `${folder}/short.log`).length === 2)
  await hints.close()
})
