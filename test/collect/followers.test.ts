import { setImmediate } from 'node:timers'
import { expect, it, onTestFinished } from 'vitest'
import { systemClock } from '../../src/clock.ts'
import { openCheckpoints } from '../../src/collect/checkpoints.ts'
import { defaultLocations } from '../../src/collect/discover.ts'
import type { Collected } from '../../src/collect/feed.ts'
import { Follower } from '../../src/collect/follow.ts'
import { type FarFollower, Followers } from '../../src/collect/followers.ts'
import { tempDir } from '../support/temp-dir.ts'
import { shippedKnowledge, someContext } from '../support/watched-tree.ts'

const HOUR_MS = 3_600_000

it('what another process reads is taken as fast as it comes, though nothing is written on this machine', async () => {
  const local = quietFollower()
  const far = reading(200, () => local.wake())
  const followers = new Followers(local, [far], systemClock)
  onTestFinished(() => followers.close())
  for (let taken = 0; taken < 200; taken++) expect(await followers.next(HOUR_MS)).toBe(CHUNK)
})

const CHUNK = {} as Collected

/** A process that reads its next chunk when it is asked for it, and wakes who waits. */
function reading(count: number, onReady: () => void): FarFollower {
  let left = count
  let isReady = false
  return {
    folder: '/far',
    open: { hot: 0, backlog: 0, lagBytes: 0, behind: [], hasReadAll: true },
    notRead: [],
    take() {
      if (isReady) {
        isReady = false
        return CHUNK
      }
      if (left-- > 0)
        setImmediate(() => {
          isReady = true
          onReady()
        })
      return undefined
    },
    close() {},
  }
}

function quietFollower(): Follower {
  const root = tempDir()
  const { layouts } = shippedKnowledge()
  return new Follower({
    context: someContext(openCheckpoints(tempDir())),
    discover: defaultLocations(layouts, root, { onNotRead() {}, isOwn: () => false, machine: undefined }),
    placeOf: () => undefined,
    ...{ clock: systemClock, signal: new AbortController().signal, onNotRead() {} },
    ...{ scanMs: HOUR_MS, flushMs: 100, lineFlushMs: 100, maxHot: 10 },
  })
}
