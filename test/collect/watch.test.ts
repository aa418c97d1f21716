import fs, { appendFileSync, mkdirSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { describe, expect, it, onTestFinished } from 'vitest'
import { watchFolders } from '../../src/collect/watch.ts'
import { watchTree } from '../../src/collect/watch-tree.ts'
import { until } from '../support/program.ts'
import { tempDir } from '../support/temp-dir.ts'
import { WatchedTree } from '../support/watched-tree.ts'

const LOG = 'var/log/dcv/dcv-xsession.ann.log'

const WATCHES = [watchFolders, watchTree]

describe.each(WATCHES)('folders that the system does not let us watch ($name)', (watching) => {
  it.each(['ENOSPC', 'EMFILE'])('(%s) are told once', async (code) => {
    const whole = fs.watch
    const refusing = () => {
      throw Object.assign(new Error(`${code}: made to fail`), { code })
    }
    Object.assign(fs, { watch: refusing })
    syncBuiltinESMExports()
    onTestFinished(() => {
      Object.assign(fs, { watch: whole })
      syncBuiltinESMExports()
    })
    const folder = tempDir()
    for (const name of ['a', 'b', 'c']) mkdirSync(`${folder}/${name}`)
    const codes: string[] = []
    const hints = watching([folder], 3, { onChange: () => {}, onTrouble: (code) => codes.push(code) })
    await until('it is told', () => codes.length > 0)
    await hints.close()
    expect(codes).toEqual([code])
  })
})

describe('R15: changes of which nobody tells', () => {
  it('are found by the scan: new files, new folders, more lines', async () => {
    const tree = new WatchedTree()
    const desktops = 'apps/soca/soca-x/cluster_node_bootstrap/logs/desktop'
    const path = tree.write(LOG, 'one\n')
    await tree.until('the first', () => tree.rows.length === 1)
    tree.write(`${desktops}/ann/desk/ip-10-0-0-1/ComputeNodeInstallDCV.log`, 'two\n')
    tree.skip(61_000)
    await tree.until('the new folder', () => tree.rows.length === 2)
    appendFileSync(path, 'three\n')
    await tree.until('the next line', () => tree.rows.length === 3)
  })

  it('R24: are found eight days later', async () => {
    const tree = new WatchedTree()
    const path = tree.write(LOG, 'one\n')
    await tree.until('the first', () => tree.rows.length === 1)
    tree.skip(8 * 24 * 3_600_000)
    await tree.until('it is cold', () => tree.openFiles().length === 0)
    appendFileSync(path, 'two\n')
    await tree.until('the next line', () => tree.rows.length === 2)
    expect(tree.texts()).toEqual(['one', 'two'])
  })
})

describe('a notice of a write', () => {
  it('has that log looked at alone, whether it is followed or quiet; what is no log brings nothing', async () => {
    let scans = 0
    const tree = new WatchedTree({
      scanMs: 3_600_000,
      discover: (scan) => () => {
        scans++
        return scan()
      },
    })
    const path = tree.write(LOG, 'one\n')
    tree.write('var/log/journal/system.journal', 'binary')
    await tree.until('the first', () => tree.rows.length === 1)
    const before = scans
    for (const name of [LOG, 'var/log/journal/system.journal']) {
      appendFileSync(tree.path(name), 'two\n')
      tree.written(name)
    }
    await tree.until('the next line', () => tree.rows.length === 2)
    expect(scans).toBe(before)
    tree.skip(61_000)
    await tree.until('it is cold', () => tree.openFiles().length === 0)
    appendFileSync(path, 'three\n')
    tree.written(LOG)
    await tree.until('the line of a quiet log', () => tree.rows.length === 3)
    expect(scans).toBe(before)
  })
})

describe('a notice of a write to a quiet log', () => {
  it('brings no scan, though files had to wait for others when all was scanned', async () => {
    const tree = new WatchedTree({ scanMs: 3_600_000, maxHot: 1 })
    const log = (user: string) => `var/log/dcv/dcv-xsession.${user}.log`
    for (const user of ['ann', 'bob', 'cleo']) tree.write(log(user), `${user} one\n`)
    await tree.until('all', () => tree.rows.length === 3)
    const before = tree.scans
    tree.skip(61_000)
    await tree.until('they are cold', () => tree.openFiles().length === 0)
    appendFileSync(tree.path(log('bob')), 'bob two\n')
    tree.written(log('bob'))
    await tree.until('its line', () => tree.rows.length === 4)
    expect(tree.scans).toBe(before)
  })
})

describe.each(WATCHES)('a change before its folder is watched ($name)', (watching) => {
  it('is told when the watch begins', async () => {
    const folder = tempDir()
    let told = 0
    const hints = watching([folder], 3, { onChange: () => told++ })
    appendFileSync(`${folder}/early.log`, 'one\n')
    await until('it is told', () => told > 0)
    await hints.close()
  })
})
