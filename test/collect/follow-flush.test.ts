import { appendFileSync, statSync, utimesSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { RecordFlag } from '../../src/model.ts'
import { SERVER_LOG, WatchedTree } from '../support/watched-tree.ts'

const ALB_LOG = 'apps/soca/soca-x/cluster_manager/dcv_alb_manager.py.log'
const TRACEBACK = [
  'Traceback (most recent call last):\n',
  '  File "dcv_alb_manager.py", line 12, in <module>\n',
  '    main()\n',
  'ValueError: no target\n',
]

const isContinued = (tree: WatchedTree) => tree.rows.map((row) => (row.flags & RecordFlag.continued) > 0)

describe('R10: a line without its newline', () => {
  it('is stored after its silence, and the rest when it comes as a row of its own', async () => {
    const tree = new WatchedTree({ flushMs: 100, lineFlushMs: 300 })
    const path = tree.write(ALB_LOG, 'first\nhalf a ')
    await tree.until('the flush', () => tree.rows.length === 2)
    appendFileSync(path, 'line\nnext\n')
    await tree.until('the rest', () => tree.rows.length === 4)
    expect(tree.texts()).toEqual(['first', 'half a ', 'line', 'next'])
    expect(isContinued(tree)).toEqual([false, false, true, false])
    expect(tree.rows[2]?.before).toBe('half a ')
    tree.expectTiled('first', statSync(path).size)
  })

  it('goes on as continued after a crash behind the flush', async () => {
    const tree = new WatchedTree({ flushMs: 100, lineFlushMs: 300 })
    const path = tree.write(ALB_LOG, 'first\nhalf a ')
    await tree.until('the flush', () => tree.rows.length === 2)
    await tree.commit()
    tree.crash()
    appendFileSync(path, 'line\nnext\n')
    await tree.until('the rest', () => tree.rows.length === 4)
    expect(isContinued(tree)).toEqual([false, false, true, false])
    expect(tree.rows[2]?.before).toBe('half a ')
    tree.expectTiled('first', statSync(path).size)
  })

  it('is one row when the crash comes before its flush was stored', async () => {
    const tree = new WatchedTree({ flushMs: 100, lineFlushMs: 300 })
    const path = tree.write(ALB_LOG, 'first\n')
    await tree.until('the first', () => tree.rows.length === 1)
    await tree.commit()
    appendFileSync(path, 'half a ')
    await tree.until('the flush', () => tree.rows.length === 2)
    tree.crash()
    appendFileSync(path, 'line\n')
    await tree.until('the line', () => tree.rows.length === 2)
    expect(tree.texts()).toEqual(['first', 'half a line'])
  })

  it('as first line of its file is stored after its silence, however long the next scan takes to come', async () => {
    const tree = new WatchedTree({ flushMs: 100, lineFlushMs: 300, scanMs: 3_600_000 })
    const path = tree.write(ALB_LOG, 'half a ')
    await tree.until('the flush', () => tree.rows.length === 1)
    appendFileSync(path, 'line\n')
    await tree.until('the rest', () => tree.rows.length === 2)
    expect(tree.texts()).toEqual(['half a ', 'line'])
    tree.expectTiled('half', statSync(path).size)
  })
})

describe('R20: a silence inside a character', () => {
  const FACE = Buffer.from('\u{1f600}')

  it('leaves its first bytes to its last ones', async () => {
    const tree = new WatchedTree({ flushMs: 100, lineFlushMs: 300 })
    const path = tree.write(ALB_LOG, Buffer.concat([Buffer.from('first\nhalf '), FACE.subarray(0, 3)]))
    await tree.until('the flush', () => tree.rows.length === 2)
    appendFileSync(path, Buffer.concat([FACE.subarray(3), Buffer.from(' line\n')]))
    await tree.until('the rest', () => tree.rows.length === 3)
    expect(tree.texts()).toEqual(['first', 'half ', `${FACE} line`])
    tree.expectTiled('first', statSync(path).size)
  })

  it('that lasts is no reason to lose them', async () => {
    const tree = new WatchedTree({ flushMs: 100, lineFlushMs: 300 })
    const path = tree.write(ALB_LOG, Buffer.concat([Buffer.from('first\nhalf '), FACE.subarray(0, 3)]))
    await tree.until('the flush', () => tree.rows.length === 2)
    tree.skip(60_000)
    await tree.until('all of it', () => tree.rows.length === 3)
    expect(tree.texts()[1]).toBe('half ')
    tree.expectTiled('first', statSync(path).size)
  })
})

describe('R11: a traceback that comes in pieces', () => {
  it('is one record when they come in time', async () => {
    const tree = new WatchedTree({ flushMs: 2000 })
    const path = tree.write(ALB_LOG, TRACEBACK.slice(0, 2).join(''))
    await tree.until('a poll', () => tree.openFiles().length > 0)
    appendFileSync(path, TRACEBACK.slice(2).join(''))
    appendFileSync(path, 'next\nlast\n')
    await tree.until('the record', () => tree.rows.length >= 2)
    expect(tree.texts().slice(0, 2)).toEqual([TRACEBACK.join('').trimEnd(), 'next'])
  })

  it('that was flushed in its middle goes on as continued, after a restart too', async () => {
    const tree = new WatchedTree({ flushMs: 150 })
    const path = tree.write(ALB_LOG, TRACEBACK.slice(0, 2).join(''))
    await tree.until('the flush', () => tree.rows.length === 1)
    await tree.commit()
    tree.crash()
    appendFileSync(path, TRACEBACK.slice(2).join(''))
    appendFileSync(path, 'next\n')
    await tree.until('the rest', () => tree.rows.length === 3)
    expect(tree.texts()).toEqual([
      TRACEBACK.slice(0, 2).join('').trimEnd(),
      TRACEBACK.slice(2).join('').trimEnd(),
      'next',
    ])
    expect(isContinued(tree)).toEqual([false, true, false])
    tree.expectTiled('Traceback', statSync(path).size)
  })
})

describe('a line that is a record of its own', () => {
  it('is stored without waiting for lines that cannot join it', async () => {
    const tree = new WatchedTree({ flushMs: 3_600_000, lineFlushMs: 3_600_000 })
    tree.write(SERVER_LOG, '2025-03-04 05:06:07,161016 [  3517:3517  ] WARN  frontend - may go on\n')
    const path = tree.write(ALB_LOG, 'one\ntwo\n')
    await tree.until('both lines', () => tree.rows.length === 2)
    appendFileSync(path, '\n\nthree\nhalf')
    await tree.until('the third line', () => tree.texts().includes('three'))
    expect(tree.texts().filter((text) => text !== '')).toEqual(['one', 'two', 'three'])
  })
})

describe('the time at which a line was seen', () => {
  it('is that of the watch only for what came while watching; the end of a backlog is backlog', async () => {
    const tree = new WatchedTree({ flushMs: 150 })
    const path = tree.write(ALB_LOG, 'one\ntwo\nthree\n')
    utimesSync(path, 1_600_000_000, 1_600_000_000)
    await tree.until('the backlog', () => tree.rows.length === 3)
    appendFileSync(path, 'four\n')
    await tree.until('the new line', () => tree.rows.length === 4)
    expect(tree.rows.map((row) => row.observed)).toEqual([false, false, false, true])
  })

  it('is that of the watch for a file that comes while watching', async () => {
    const tree = new WatchedTree({ flushMs: 150 })
    tree.write(SERVER_LOG, '')
    tree.write(ALB_LOG, 'old\n')
    await tree.until('the backlog', () => tree.rows.length === 1)
    tree.write('apps/soca/soca-x/cluster_manager/nodes_manager.py.log', 'one\ntwo\n')
    await tree.until('the new file', () => tree.rows.length === 3)
    expect(tree.rows.map((row) => row.observed)).toEqual([false, true, true])
  })
})
