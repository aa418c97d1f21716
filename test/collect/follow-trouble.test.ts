import { execFileSync } from 'node:child_process'
import fs, {
  appendFileSync,
  chmodSync,
  mkdirSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
} from 'node:fs'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Sighted } from '../../src/collect/discover.ts'
import { failing, replacing } from '../support/faulty-fs.ts'
import { WatchedTree } from '../support/watched-tree.ts'

const DESKTOPS = 'apps/soca/soca-x/cluster_node_bootstrap/logs/desktop'
const log = (n: number) => `var/log/dcv/dcv-xsession.u${n}.log`

describe('R29: what is no regular file', () => {
  it('is not opened, and holds nothing up: FIFO, link to a file, link to a folder, device', async () => {
    const tree = new WatchedTree()
    const path = tree.write(log(0), 'one\n')
    const outside = tree.write('secret/s1/ip-10-0-0-1/ComputeNodeInstallDCV.log', 'secret\n')
    mkdirSync(tree.path(DESKTOPS), { recursive: true })
    execFileSync('mkfifo', [tree.path(log(1))])
    symlinkSync(outside, tree.path(log(2)))
    symlinkSync('/dev/zero', tree.path(log(3)))
    symlinkSync(tree.path('secret'), tree.path(`${DESKTOPS}/eve`))
    mkdirSync(tree.path(`${DESKTOPS}/ann`))
    symlinkSync(tree.path('secret/s1'), tree.path(`${DESKTOPS}/ann/s1`))
    const opened = new Set<unknown>()
    const undo = replacing('openSync', (whole) => (...args) => {
      opened.add(args[0])
      return whole(...args)
    })
    onTestFinished(undo)
    await tree.until('the one log', () => tree.rows.length === 1)
    appendFileSync(path, 'two\n')
    await tree.until('its next line', () => tree.rows.length === 2)
    expect(tree.texts()).toEqual(['one', 'two'])
    expect([...opened].filter((one) => String(one).startsWith(tree.root))).toEqual([path])
  })
})

describe('R29: what takes the place of a log between the scan that saw it and its opening', () => {
  it('is not opened if it is no regular file: FIFO, link', async () => {
    let swap: (() => void) | undefined
    const tree = new WatchedTree({
      discover: (scan) =>
        async function* () {
          const seen: Sighted[] = []
          for await (const sighted of scan()) seen.push(sighted)
          swap?.()
          swap = undefined
          yield* seen
        },
    })
    const outside = tree.write('secret', 'secret\n')
    const paths = [log(1), log(2)].map((name) => tree.write(name, 'one\n'))
    swap = () => {
      for (const path of paths) rmSync(path)
      execFileSync('mkfifo', [tree.path(log(1))])
      symlinkSync(outside, tree.path(log(2)))
    }
    tree.write(log(0), 'other\n')
    await tree.until('the other log, and two scans', () => tree.rows.length > 0 && tree.scans >= 2)
    expect(tree.texts()).toEqual(['other'])
    expect(tree.notRead.map(({ path, reason }) => `${path} ${reason}`).toSorted()).toEqual(
      paths.map((path) => `${path} not-a-file`),
    )
  })
})

describe('R28: a file that cannot be read', () => {
  it('is told once, and read when it can be', async () => {
    const tree = new WatchedTree()
    const path = tree.write(log(0), 'one\n')
    chmodSync(path, 0)
    asNobody(tree.root)
    await tree.until('the report', () => tree.notRead.length > 0)
    chmodSync(path, 0o600)
    await tree.until('the line', () => tree.rows.length === 1)
    expect(tree.notRead).toMatchObject([{ path, reason: 'unreadable', detail: 'EACCES' }])
  })

  it('at its opening is told once, and read when it can be', async () => {
    const tree = new WatchedTree()
    const path = tree.write(log(0), 'one\n')
    const heal = failing('openSync', 'EACCES', (first) => first === path)
    await tree.until('the report', () => tree.notRead.length > 0)
    tree.skip(1000)
    await tree.until('two more scans', countdown(6))
    heal()
    await tree.until('the line', () => tree.rows.length === 1)
    expect(tree.notRead).toMatchObject([{ path, reason: 'unreadable', detail: 'EACCES' }])
  })

  it.each([
    ['from the beginning', []],
    ['while it is followed', ['one']],
  ])('%s stops no other file, and is read when it can be', async (_, before) => {
    const tree = new WatchedTree()
    const path = tree.write(log(0), 'one\n')
    const { ino } = statSync(path)
    await tree.until('what is read before', () => tree.rows.length === before.length)
    const heal = failing('readSync', 'EIO', (fd) => fs.fstatSync(fd as number).ino === ino)
    appendFileSync(path, 'two\n')
    tree.write(log(1), 'other\n')
    await tree.until('the other file', () => tree.texts().includes('other'))
    await tree.until('the report', () => tree.notRead.length > 0)
    heal()
    await tree.until('the lines', () => tree.rows.length === 3)
    expect(tree.texts().toSorted()).toEqual(['one', 'other', 'two'])
    expect(tree.notRead).toMatchObject([{ path, reason: 'unreadable', detail: 'EIO' }])
  })

  it('because its folder was away for a moment is read when it is back', async () => {
    const tree = new WatchedTree()
    const path = tree.write(log(0), 'one\n')
    const heal = failing('openSync', 'ENOENT', (first) => first === path)
    await tree.until('some scans', countdown(6))
    heal()
    await tree.until('the line', () => tree.rows.length === 1)
    expect(tree.notRead).toEqual([])
  })
})

describe('many files', () => {
  it('are all read, the quiet ones let go, and the busy ones followed', async () => {
    const tree = new WatchedTree({ flushMs: 100 })
    for (let n = 0; n < 300; n++) tree.write(log(n), `file ${n} one\nfile ${n} two\n`)
    await tree.until('all lines', () => tree.rows.length === 600, 30_000)
    for (let round = 0; round < 5; round++) {
      for (let n = 0; n < 5; n++) appendFileSync(tree.path(log(n)), `file ${n} round ${round}\n`)
      await tree.until('the round', () => tree.rows.length === 600 + 5 * (round + 1))
    }
    expect(new Set(tree.openFiles()).size).toBeLessThanOrEqual(256)
    for (let n = 0; n < 300; n++) tree.expectTiled(`file ${n} one`, statSync(tree.path(log(n))).size)
  })

  it('are not all opened at once', async () => {
    const tree = new WatchedTree({ flushMs: 100 })
    for (let n = 0; n < 1500; n++) tree.write(log(n), `file ${n}\n`)
    let most = 0
    await tree.until(
      'all lines',
      () => {
        if (tree.rows.length % 50 === 0) most = Math.max(most, new Set(tree.openFiles()).size)
        return tree.rows.length === 1500
      },
      45_000,
    )
    expect(most).toBeLessThan(1200)
  })

  it('give back every descriptor when they go cold', async () => {
    const tree = new WatchedTree({ flushMs: 100 })
    for (let n = 0; n < 20; n++) tree.write(log(n), `file ${n}\n`)
    await tree.until('all lines', () => tree.rows.length === 20)
    tree.skip(61_000)
    await tree.until('all closed', () => tree.openFiles().length === 0)
  })

  it('give back every descriptor when they are cut, with much behind the cut too', async () => {
    const tree = new WatchedTree({ flushMs: 100 })
    const path = tree.write(log(0), 'a log line\n')
    await tree.until('the line', () => tree.rows.length === 1)
    for (let round = 1; round <= 5; round++) {
      truncateSync(path)
      await tree.until('the loss', () => tree.losses.length === round)
      appendFileSync(path, 'a longer log line than the one before it\n'.repeat(20_000))
      await tree.until('its lines', () => tree.rows.length === 1 + round * 20_000)
    }
    tree.skip(61_000)
    await tree.until('all closed', () => tree.openFiles().length === 0)
  }, 90_000)
})

/** Root reads everything: for the rest of the test this process is somebody else, who owns the tree. */
function asNobody(root: string): void {
  if (process.geteuid?.() !== 0) return
  const nobody = 65534
  execFileSync('chown', ['-R', String(nobody), root])
  process.seteuid?.(nobody)
  onTestFinished(() => process.seteuid?.(0))
}

/** True when it has been asked so many times; between two times the follower waits 50 ms or less. */
function countdown(times: number): () => boolean {
  let left = times * 4
  return () => left-- <= 0
}
