import { EventEmitter, once } from 'node:events'
import { mkdirSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { openCheckpoints } from '../../src/collect/checkpoints.ts'
import { defaultLocations } from '../../src/collect/discover.ts'
import { Follower } from '../../src/collect/follow.ts'
import { tempDir } from '../support/temp-dir.ts'
import { shippedKnowledge, someContext } from '../support/watched-tree.ts'

const LOGS = ['a', 'b'].map((user) => `var/log/dcv/dcv-xsession.${user}.log`)

it('a follower that is closed while it scans waits for the scan, which opens no more files', async () => {
  const root = tempDir()
  for (const log of LOGS) {
    mkdirSync(dirname(join(root, log)), { recursive: true })
    writeFileSync(join(root, log), 'one\n')
  }
  const steps = new EventEmitter()
  const between = once(steps, 'between two files')
  let isOver = false
  const scan = defaultLocations(shippedKnowledge().layouts, root)
  const follower = new Follower({
    context: someContext(openCheckpoints(tempDir())),
    async *discover() {
      try {
        for await (const sighted of scan()) {
          yield sighted
          steps.emit('between two files')
          await once(steps, 'on')
        }
      } finally {
        isOver = true
      }
    },
    placeOf: () => undefined,
    ...{ clock: systemClock, signal: new AbortController().signal, onNotRead() {} },
    ...{ scanMs: 1000, flushMs: 100, lineFlushMs: 100, maxHot: 10 },
  })
  onTestFinished(() => follower.close())
  await follower.next(0)
  await between
  const closed = follower.close()
  steps.emit('on')
  await closed
  expect(isOver).toBe(true)
  expect(await follower.next(0)).toBe('end')
  expect(openBelow(root)).toEqual([])
})

/** Files below a folder that this process has open. */
function openBelow(root: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`)
      return target.startsWith(root) ? [target] : []
    } catch {
      return []
    }
  })
}
